"""The workspace's database on disks that refuse something, and in files of other versions: used, or told of."""

import errno
import hashlib
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from file_limits import no_file_above
from workspace_cases import asked, database, names_in, trust, trusted

from shopsim import ShopsimError
from shopsim.base.disk import damage
from shopsim.base.paths import home_dir
from shopsim.base.workspace import schema, transaction
from shopsim.base.workspace.database import NAME, change
from shopsim.base.workspace.rows import put
from shopsim.base.workspace.schema import TRUSTED


def without_log(monkeypatch):
    monkeypatch.setattr(transaction, "PARAMETERS", "mode=rw&vfs=unix-dotfile")


def test_a_disk_that_keeps_no_log_is_used_without(monkeypatch):
    with monkeypatch.context() as disk:
        without_log(disk)
        trust("a")
        assert trusted() == {"a": None}
    assert asked("PRAGMA journal_mode") == "delete"
    trust("b")
    assert trusted() == {"a": None, "b": None}


def test_a_file_that_came_to_a_disk_that_keeps_no_log_goes_on_without():
    trust("a")
    # Memory that processes share is a file of this name.
    (home_dir() / f"{NAME}-shm").mkdir()
    assert trusted() == {"a": None}
    trust("b")
    assert trusted() == {"a": None, "b": None}
    assert asked("PRAGMA journal_mode") == "delete"


def test_what_the_folder_refuses_is_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("SHOPSIM_HOME", str(tmp_path / "file" / "below"))
    assert trusted() == {}
    with pytest.raises(ShopsimError, match=r"^Cannot write '.*/file/below/shopsim.db': Not a directory\.$"):
        trust("a")


def test_a_folder_of_that_name_is_a_sentence():
    database().mkdir(parents=True)
    assert trusted() == {}
    with pytest.raises(ShopsimError, match=r"^Cannot write '.*/shopsim.db': Is a directory\.$"):
        trust("a")
    assert names_in(home_dir()) == {NAME, "shopsim.lock"}


def test_a_file_that_cannot_be_changed_can_still_be_read(monkeypatch):
    trust("a")
    # As on a disk that is mounted to be read: neither file can be made beside it, nor the way to keep changes left.
    for name in ("-shm", "-journal"):
        (home_dir() / f"{NAME}{name}").mkdir()
    assert trusted() == {"a": None}
    with pytest.raises(ShopsimError, match=r"^Cannot write '.*/shopsim.db': "):
        trust("b")


def test_a_change_that_was_cut_off_on_a_disk_that_is_only_read_is_a_sentence(monkeypatch):
    """The pages that it had written are not to be believed, and only who may write can undo them."""
    with monkeypatch.context() as disk:
        without_log(disk)
        trust("a")
    with closing(sqlite3.connect(database(), isolation_level=None)) as db:
        db.execute("PRAGMA cache_size = 1")
        db.execute("BEGIN")
        for number in range(500):
            put(db, TRUSTED, f"{number}", "x" * 500)
        left = {name: (home_dir() / name).read_bytes() for name in (NAME, f"{NAME}-journal")}
        db.execute("ROLLBACK")
    for name, content in left.items():
        (home_dir() / name).write_bytes(content)
    with monkeypatch.context() as disk:
        disk.setattr(transaction, "PARAMETERS", "mode=ro")
        with pytest.raises(ShopsimError, match=r"^Cannot read '.*/shopsim.db': "):
            trusted()
    assert trusted() == {"a": None}


def test_a_folder_that_may_not_be_seen_is_a_sentence_and_not_an_empty_list(monkeypatch):
    trust("a")
    shown = Path.stat

    def hidden(path, **given):
        if path.name == NAME:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return shown(path, **given)

    database().rename(home_dir() / "elsewhere")
    monkeypatch.setattr(Path, "stat", hidden)
    for act, what in ((trusted, "read"), (lambda: trust("b"), "write")):
        with pytest.raises(ShopsimError, match=rf"^Cannot {what} '.*/shopsim.db': "):
            act()


def test_a_full_disk_is_a_sentence_and_keeps_what_was():
    trust("a")

    def fill(db):
        n_pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {n_pages}")
        put(db, TRUSTED, "b", "x" * 100_000)

    with pytest.raises(ShopsimError, match=rf"^Cannot write '.*/{NAME}': {os.strerror(errno.ENOSPC)}, .* are free in"):
        change(fill)
    assert trusted() == {"a": None}


def test_a_file_that_cannot_be_begun_leaves_nothing_and_is_told_by_its_name():
    with no_file_above(8192), pytest.raises(ShopsimError, match=rf"^Cannot write '{home_dir()}/{NAME}': "):
        trust("a")
    assert names_in(home_dir()) == {"shopsim.lock"}


def test_a_disk_that_has_become_full_is_told_of_whatever_sqlite_says(monkeypatch):
    trust("a")
    # No room for the memory that processes share, nor for a journal.
    for name in ("-shm", "-journal"):
        (home_dir() / f"{NAME}{name}").mkdir()
    usage = shutil.disk_usage(home_dir())
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=4096))
    with pytest.raises(ShopsimError, match=rf"^Cannot write '.*{NAME}': {os.strerror(errno.ENOSPC)}, 4.1 KB are free"):
        trust("b")
    assert trusted() == {"a": None}


def test_whoever_holds_the_file_too_long_is_told_of(monkeypatch):
    trust("a")
    monkeypatch.setattr(transaction, "BUSY_S", 0.05)
    with closing(sqlite3.connect(database(), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert trusted() == {"a": None}
        with pytest.raises(ShopsimError, match=r"shopsim.db' was in use for 0 seconds; try again\.$"):
            trust("b")


def later(monkeypatch):
    step = ("ALTER TABLE trusted ADD COLUMN since", "CREATE TABLE notes (note NOT NULL)")
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, step))


@pytest.mark.parametrize("first", [trusted, lambda: trust("a")], ids=["read", "change"])
def test_a_file_of_an_earlier_version_gets_the_new_tables_and_keeps_its_rows(monkeypatch, first):
    trust("a")
    later(monkeypatch)
    first()
    assert trusted() == {"a": None}
    assert asked("PRAGMA user_version") == schema.newest()
    assert asked("SELECT count(*) FROM notes") == 0
    assert damage.take() == []


def test_new_tables_are_there_wholly_or_not_at_all(monkeypatch):
    trust("a")
    before = schema.newest()
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("CREATE TABLE notes (note)", "no statement")))
    with pytest.raises(sqlite3.OperationalError):
        trusted()
    assert asked("PRAGMA user_version") == before
    monkeypatch.undo()


def test_a_file_of_a_later_version_is_refused_and_left_as_it_is(monkeypatch):
    with monkeypatch.context() as then:
        later(then)
        trust("a")
    before = database().read_bytes()
    known = schema.newest()
    refused = rf"was written by a later version of shopsim \({known + 1}; this one knows {known}\); use that version\.$"
    for act in (trusted, lambda: trust("b")):
        with pytest.raises(ShopsimError, match=refused):
            act()
    assert database().read_bytes() == before
    assert names_in(home_dir()) == {NAME, "shopsim.lock"}


def test_the_first_step_is_the_one_that_was_released():
    """With other words in it every file of its version would be called damaged; what is new is another step."""
    assert hashlib.sha256("\n".join(schema.MIGRATIONS[0]).encode()).hexdigest()[:16] == "ba52e074a63d8f6c"
