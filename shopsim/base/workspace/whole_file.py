"""Makes the database, and sets a damaged one aside; only one process does so at a time."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from shopsim.base.disk.damage import note_damage
from shopsim.base.disk.disk_room import why_refused
from shopsim.base.disk.files import sync_folders
from shopsim.base.disk.leftovers import unfinished_name
from shopsim.base.errors import ShopsimError
from shopsim.base.workspace.old_files import take_over
from shopsim.base.workspace.rows import DamagedError, check_rows
from shopsim.base.workspace.transaction import BUSY_S, begin_file, logs_of, transaction

_ASIDE = ".damaged-"


def is_begun(path: Path) -> bool:
    """Returns whether there is a database, or may be one that this person may not see; an empty file is none."""
    try:
        found = path.stat()
    except PermissionError:
        # Whoever opens it says so; without this, all decisions would seem to be gone.
        return True
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size > 0


def was_set_aside(path: Path) -> bool:
    """Returns whether an earlier database was set aside; it already took over the files of earlier versions."""
    return any(path.parent.glob(f"{path.name}{_ASIDE}*"))


def create(path: Path) -> None:
    """Makes the database, unless there is one, and takes over files of earlier versions.

    It appears whole or not at all. Raises ShopsimError if the disk refuses.
    """
    with _alone(path):
        if is_begun(path):
            return
        folder = path.parent / unfinished_name("tmp")
        folder.mkdir(mode=0o700)
        try:
            new = folder / path.name
            begin_file(new, partial(fill, path=path))
            # Left by a killed process, beside a file that somebody removed since; SQLite would apply them to this one.
            for log in (*logs_of(path), _shared_memory_of(path)):
                log.unlink(missing_ok=True)
            os.replace(new, path)
            sync_folders(path.parent, path.parent.parent)
        except ShopsimError as error:
            # The reader knows nothing of the temporary folder.
            raise ShopsimError(str(error).replace(str(folder), str(path.parent))) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def fill(db: sqlite3.Connection, path: Path) -> None:
    """Fills new tables from files of earlier versions, unless that was done before."""
    if not was_set_aside(path):
        take_over(db, path.parent)


def set_aside(path: Path) -> None:
    """Renames a damaged database and remembers to say so. Raises ShopsimError if the disk refuses."""
    try:
        _set_aside(path)
    except ShopsimError as error:
        raise ShopsimError(f"'{path}' is damaged, and it cannot be set aside: {error}") from error


def _set_aside(path: Path) -> None:
    with _alone(path):
        if not _is_damaged(path):
            return  # Another process was faster.
        number = 1
        while (aside := path.with_name(f"{path.name}{_ASIDE}{number}")).exists():
            number += 1
        # SQLite would apply a log to any file of this name.
        for each in logs_of(path):
            if each.exists():
                os.replace(each, aside.with_name(aside.name + each.name.removeprefix(path.name)))
        _shared_memory_of(path).unlink(missing_ok=True)
        os.replace(path, aside)
        sync_folders(path.parent)
    note_damage(
        f"'{path}' was damaged, or no database of shopsim, and is kept as '{aside.name}'. Corrections of groups, "
        "decisions on label errors, the folders opened lately and trust in networks begin anew."
    )


def _shared_memory_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-shm")


def _is_damaged(path: Path) -> bool:
    try:
        if is_begun(path):
            transaction(path, check_rows, changes=False)
    except DamagedError:
        return True
    return False


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Holds the file's lock within the block, and makes the folder if there is none."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock"), timeout=BUSY_S):
            yield
    except Timeout as error:
        raise ShopsimError(f"'{path}' was in use for {BUSY_S:.0f} seconds; try again.") from error
    except OSError as error:
        raise ShopsimError(f"Cannot write '{path}': {why_refused(error, path)}.") from error
