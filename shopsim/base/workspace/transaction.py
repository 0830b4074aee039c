"""Carries out one transaction on the workspace's database, and turns SQLite's refusals into sentences."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from shopsim.base.disk.disk_room import why_refused
from shopsim.base.errors import ShopsimError
from shopsim.base.workspace.rows import DamagedError
from shopsim.base.workspace.schema import has_its_tables, migrate, newest, version_of

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

APPLICATION_ID = 0x73687073
"""Stands in the header of each file of ours: the letters "shps"."""
PARAMETERS = "mode=rw"
BUSY_S = 30.0
"""How many seconds a transaction waits for others."""
# SQLite's shared memory, a file beside the database, needs this many bytes.
_LEAST_ROOM = 1 << 16
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_TOOBIG)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
# The errors of a disk that cannot keep a write-ahead log, or cannot be written.
_REFUSED = (
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOLFS, sqlite3.SQLITE_PERM, sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_READONLY,
)  # fmt: skip


def transaction(path: Path, work: Work[T], changes: bool) -> T:
    """Carries out `work` in one transaction on the file and returns its result; older tables are migrated first.

    changes: whether `work` writes; then it waits until no other transaction writes. It may be carried out twice.
    Raises DamagedError if the file differs from what shopsim wrote, ShopsimError if the disk refuses or a later version
    wrote the file.
    """
    with _told(path, "write" if changes else "read"):
        try:
            return _carried_out(path, work, changes, PARAMETERS)
        except sqlite3.OperationalError as error:
            if _code(error) not in _REFUSED:
                raise
            if not _leave_log(path):
                if changes or log_of(path).exists():
                    raise
                # Nobody can change the file, so it needs no locks.
                return _carried_out(path, work, changes, "immutable=1")
        return _carried_out(path, work, changes, PARAMETERS)


def in_memory(fill: Work[None], work: Work[T]) -> T:
    """Returns the result of `work` on tables in memory; fill: puts rows into them before."""
    with closing(_connected(":memory:")) as db:
        migrate(db)
        fill(db)
        return work(db)


def begin_file(path: Path, fill: Work[None]) -> None:
    """Makes a new database that only its owner may read; fill: puts rows into its tables.

    Raises OSError or ShopsimError if the disk refuses.
    """
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with _told(path, "write"):
        with closing(_connected(_address(path, PARAMETERS))) as db:
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        transaction(path, fill, changes=True)
        # The last step, so that everything is in this file and nothing is in a log.
        with closing(_connected(_address(path, PARAMETERS))) as db, suppress(sqlite3.OperationalError):
            db.execute("PRAGMA journal_mode = WAL")


def log_of(path: Path) -> Path:
    """Returns the path of the write-ahead log beside a database."""
    return path.with_name(f"{path.name}-wal")


def _carried_out(path: Path, work: Work[T], changes: bool, parameters: str) -> T:
    with closing(_connected(_address(path, parameters))) as db:
        db.execute("BEGIN IMMEDIATE" if changes else "BEGIN")
        if _checked_version(db, path) < newest():
            # The transaction that writes the new tables also carries out the work.
            db.execute("ROLLBACK")
            db.execute("BEGIN IMMEDIATE")
            # Another process may have written them meanwhile, even of a later version.
            _checked_version(db, path)
            migrate(db)
        result = work(db)
        db.execute("COMMIT")
        return result


def _checked_version(db: sqlite3.Connection, path: Path) -> int:
    try:
        if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise DamagedError("it is another program's")
        version = version_of(db)
        if version < 0:
            raise DamagedError("it has no version")
        if version > newest():
            raise ShopsimError(
                f"'{path}' was written by a later version of shopsim ({version}; this one knows {newest()}); "
                "use that version."
            )
        if not has_its_tables(db) or db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise DamagedError("its tables are not those of its version")
    except sqlite3.OperationalError as error:
        # Our statements are right, so the file is wrong.
        if _code(error) == sqlite3.SQLITE_ERROR:
            raise DamagedError(str(error)) from error
        raise
    except UnicodeDecodeError as error:
        # SQLite's message quotes the damaged text.
        raise DamagedError("its tables are not described in text") from error
    return version


def _leave_log(path: Path) -> bool:
    """Changes to a rollback journal, as a drive without shared memory needs it; returns whether that succeeded."""
    try:
        with closing(_connected(_address(path, PARAMETERS))) as db:
            # With exclusive access SQLite reads the log without shared memory.
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
            return db.execute("PRAGMA journal_mode = DELETE").fetchone()[0] == "delete"
    except sqlite3.OperationalError:
        return False


def _connected(address: str) -> sqlite3.Connection:
    db = sqlite3.connect(address, uri=True, timeout=BUSY_S, isolation_level=None)
    # Damaged text is replaced, and then the row's checksum is wrong.
    db.text_factory = partial(str, encoding="utf-8", errors="replace")
    return db


def _address(path: Path, parameters: str) -> str:
    return f"{path.absolute().as_uri()}?{parameters}"


@contextmanager
def _told(path: Path, what: str) -> Iterator[None]:
    """Turns SQLite's refusals into ours; a mistake in a statement stays an error of SQLite."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = _code(error)
        if code in _DAMAGED:
            raise DamagedError(str(error)) from error
        if code in _BUSY:
            raise ShopsimError(f"'{path}' was in use for {BUSY_S:.0f} seconds; try again.") from error
        if code == sqlite3.SQLITE_FULL:
            raise ShopsimError(f"Cannot {what} '{path}': {_full(path)}.") from error
        if code in _REFUSED:
            raise ShopsimError(f"Cannot {what} '{path}': {_system_says(path) or error}.") from error
        raise


def _system_says(path: Path) -> str:
    """Returns the system's reason why the file cannot be written, since SQLite's says less; '' if there is none."""
    try:
        os.close(os.open(path, os.O_RDWR))
        return _full(path) if shutil.disk_usage(path.parent).free < _LEAST_ROOM else ""
    except OSError as error:
        return why_refused(error, path)


def _full(path: Path) -> str:
    return why_refused(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), path)


def _code(error: sqlite3.Error) -> int:
    """Returns SQLite's primary result code; 0 for an error that Python found itself."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
