"""The workspace's database: any text, changed by many processes and threads at once, and nothing is lost."""

import os
import stat
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest
from catalog_fixtures import PROJECT
from workspace_cases import asked, database, names_in, trust, trusted

from shopsim import ShopsimError
from shopsim.base.paths import home_dir
from shopsim.base.workspace.database import NAME, change, read
from shopsim.base.workspace.rows import put, remove, rows
from shopsim.base.workspace.schema import RECENT, TRUSTED

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


def started(script, *arguments):
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)


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


def test_no_module_but_these_speaks_to_sqlite():
    """Else a change might go round the transactions."""
    speaking = {path.parent for path in (PROJECT / "shopsim").rglob("*.py") if "sqlite3.connect" in path.read_text()}
    assert speaking == {Path(PROJECT / "shopsim/base/workspace")}
