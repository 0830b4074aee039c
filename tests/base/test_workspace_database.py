"""The workspace's database: changed by many at once and losing nothing, on disks that refuse, by other versions."""

import errno
import hashlib
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from catalog_fixtures import PROJECT

from shopsim import ShopsimError
from shopsim.base.disk import damage
from shopsim.base.paths import home_dir
from shopsim.base.workspace import schema, transaction
from shopsim.base.workspace.database import NAME, change, read
from shopsim.base.workspace.rows import put, remove, rows
from shopsim.base.workspace.schema import RECENT, TRUSTED

# Trusts one network after the other, named by the process and a number; says when the first is kept.
WRITES = """
import sys
from shopsim.base.workspace.database import change
from shopsim.base.workspace.rows import put
from shopsim.base.workspace.schema import TRUSTED
for number in range(int(sys.argv[2])):
    change(lambda db: put(db, TRUSTED, f"{sys.argv[1]} {number}", None))
    print(number, flush=True)
"""
# Adds one to a number that others change too.
COUNTS = """
import sys
from shopsim.base.workspace.database import change
from shopsim.base.workspace.rows import put, rows
from shopsim.base.workspace.schema import TRUSTED
def add(db):
    put(db, TRUSTED, "count", str(int(dict(rows(db, TRUSTED)).get("count", "0")) + 1))
for _ in range(int(sys.argv[1])):
    change(add)
"""


def trusted():
    return dict(read(partial(rows, table=TRUSTED)))


def trust(name, contents=None):
    change(lambda db: put(db, TRUSTED, name, contents))


def started(script, *arguments):
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)


def database():
    return home_dir() / NAME


def asked(question):
    """What the file itself answers to one statement."""
    with closing(sqlite3.connect(database())) as db:
        return db.execute(question).fetchone()[0]


def names_in(folder):
    return {path.name for path in folder.iterdir()}


def test_looking_writes_nothing():
    assert trusted() == {}
    assert not home_dir().exists()


def test_what_is_changed_is_read():
    trust("a", "1")
    trust("b")
    trust("a", "2")
    assert trusted() == {"a": "2", "b": None}
    change(lambda db: remove(db, TRUSTED, "a"))
    assert trusted() == {"b": None}


def test_a_change_that_fails_changes_nothing():
    def fail(db):
        put(db, TRUSTED, "a", None)
        raise ShopsimError("Something is wrong.")

    trust("b")
    with pytest.raises(ShopsimError, match="Something is wrong"):
        change(fail)
    assert trusted() == {"b": None}


@pytest.mark.parametrize("text", ["", "a'b\"", "가방", "a\0b", "stray \udcff", "half \ud83d", "x" * 100_000])
def test_any_text_comes_back_and_is_found(text):
    trust(text, text)
    trust(text, text)
    assert trusted() == {text: text}
    change(lambda db: remove(db, TRUSTED, text))
    assert trusted() == {}


def test_rows_come_in_the_order_of_their_keys():
    change(lambda db: [put(db, RECENT, place, f"/{place}", None, None, None) for place in (10, 9, 2)])
    assert [place for place, *_ in read(partial(rows, table=RECENT))] == [2, 9, 10]


def test_the_file_keeps_a_log_syncs_each_change_and_is_its_owners_only():
    umask = os.umask(0)
    try:
        trust("a")
    finally:
        os.umask(umask)
    assert stat.S_IMODE(database().stat().st_mode) == 0o600
    assert asked("PRAGMA journal_mode") == "wal"
    # 2 is FULL: a change is on the disk when it is said to be kept.
    assert change(lambda db: db.execute("PRAGMA synchronous").fetchone()[0]) == 2
    assert names_in(home_dir()) == {NAME, "shopsim.lock"}


def test_four_processes_lose_nothing_though_a_fifth_is_killed():
    writers = [started(WRITES, name, 200) for name in "abcd"]
    victim = started(WRITES, "killed", 100_000)
    told = [victim.stdout.readline() for _ in range(20)]
    victim.send_signal(signal.SIGKILL)
    told += victim.communicate()[0].splitlines()
    assert [writer.communicate()[1] or writer.returncode for writer in writers] == [0] * 4
    kept = set(trusted())
    assert {f"{name} {number}" for name in "abcd" for number in range(200)} <= kept
    # What it said was kept, is; at most one more was.
    assert len(told) <= sum(name.startswith("killed") for name in kept) <= len(told) + 1
    assert asked("PRAGMA integrity_check") == "ok"
    assert names_in(home_dir()) == {NAME, "shopsim.lock"}


def test_between_reading_and_writing_nobody_else_changes_anything():
    processes = [started(COUNTS, 50) for _ in range(3)]
    assert [process.wait() for process in processes] == [0] * 3
    assert trusted() == {"count": "150"}


def test_threads_lose_nothing():
    together = threading.Barrier(8)

    def add(name):
        together.wait()
        for number in range(10):
            trust(f"{name} {number}")

    threads = [threading.Thread(target=add, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(trusted()) == 80


def test_a_process_that_is_killed_while_it_begins_the_file_leaves_no_half_of_one(monkeypatch):
    def ended(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", ended)
    with pytest.raises(KeyboardInterrupt):
        trust("a")
    assert not database().exists()
    monkeypatch.undo()


def test_a_workspace_may_be_removed_and_filled_again(tmp_path):
    trust("a")
    database().unlink()
    assert trusted() == {}
    trust("b")
    assert trusted() == {"b": None}


def test_a_folder_with_signs_of_an_address_in_its_name(tmp_path, monkeypatch):
    for name in ("a?mode=ro#x", "50%20", "가방", os.fsdecode(b"stray \xff")):
        monkeypatch.setenv("SHOPSIM_HOME", str(tmp_path / name))
        trust(name)
        assert trusted() == {name: None}
        assert database().is_file()


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


def test_a_full_disk_is_a_sentence_and_keeps_what_was():
    trust("a")

    def fill(db):
        n_pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {n_pages}")
        put(db, TRUSTED, "b", "x" * 100_000)

    with pytest.raises(ShopsimError, match=rf"^Cannot write '.*/{NAME}': {os.strerror(errno.ENOSPC)}, .* are free in"):
        change(fill)
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
    assert asked("PRAGMA user_version") == 2
    assert asked("SELECT count(*) FROM notes") == 0
    assert damage.take() == []


def test_new_tables_are_there_wholly_or_not_at_all(monkeypatch):
    trust("a")
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("CREATE TABLE notes (note)", "no statement")))
    with pytest.raises(sqlite3.OperationalError):
        trusted()
    assert asked("PRAGMA user_version") == 1
    monkeypatch.undo()


def test_a_file_of_a_later_version_is_refused_and_left_as_it_is(monkeypatch):
    with monkeypatch.context() as then:
        later(then)
        trust("a")
    before = database().read_bytes()
    refused = r"was written by a later version of shopsim \(2; this one knows 1\); use that version\.$"
    for act in (trusted, lambda: trust("b")):
        with pytest.raises(ShopsimError, match=refused):
            act()
    assert database().read_bytes() == before
    assert names_in(home_dir()) == {NAME, "shopsim.lock"}


def test_the_first_step_is_the_one_that_was_released():
    """With other words in it every file of its version would be called damaged; what is new is another step."""
    assert hashlib.sha256("\n".join(schema.MIGRATIONS[0]).encode()).hexdigest()[:16] == "ba52e074a63d8f6c"


def test_no_module_but_these_speaks_to_sqlite():
    """Else a change might go round the transactions."""
    speaking = {path.parent for path in (PROJECT / "shopsim").rglob("*.py") if "sqlite3.connect" in path.read_text()}
    assert speaking == {Path(PROJECT / "shopsim/base/workspace")}
