"""Clearing while others write, read and list: nobody fails, and what is written later is there."""

import errno
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from shopsim import ShopsimError
from shopsim.base.disk.clearing import clear_folder
from shopsim.base.disk.files import replacing, write_bytes
from shopsim.base.disk.store import Store
from shopsim.base.workspace.database import change, read
from shopsim.base.workspace.rows import put, rows
from shopsim.base.workspace.schema import TRUSTED
from shopsim.features.row_store import RowStore

ROUNDS = 210


def busy(work, ended):
    """Do the work over and over until the clearing has ended; how often it was done."""
    times = 0
    while not ended.is_set():
        work(times)
        times += 1
    return times


def test_clearing_while_others_write_read_and_list_never_fails(tmp_path):
    store, rows, ended = Store(tmp_path), RowStore(tmp_path, "key", 3), threading.Event()
    numbers = np.ones((2, 3), np.float32)

    def write_rows(number):
        rows.write([f"{number:031}a", f"{number:031}b"], numbers)
        rows.merge()

    works = [
        lambda number: store.save("features", f"tree-{number}", numbers),
        lambda number: store.save("features", "always the same", numbers),
        write_rows,
        lambda number: rows.read([f"{number:031}a"]),
        lambda number: store.sizes(),
    ]
    with ThreadPoolExecutor(len(works)) as pool:
        running = [pool.submit(busy, work, ended) for work in works]
        try:
            for _ in range(ROUNDS):
                time.sleep(0.002)  # Else all 210 would be over before the others have begun.
                store.clear("features")
        finally:
            ended.set()
        assert all(work.result() for work in running)
    store.clear("features")
    assert list(tmp_path.iterdir()) == []


def test_what_is_being_written_while_its_folder_is_cleared_is_there_afterwards(tmp_path):
    with replacing(tmp_path / "kind" / "entry" / "a.bin") as file:
        file.write(b"first ")
        clear_folder(tmp_path / "kind")
        file.write(b"second")
    assert (tmp_path / "kind" / "entry" / "a.bin").read_bytes() == b"first second"


def test_a_folder_that_is_cleared_between_its_making_and_the_write_is_made_again(tmp_path, monkeypatch):
    make, cleared = Path.mkdir, []

    def make_and_lose(folder, *arguments, **named):
        make(folder, *arguments, **named)
        if len(cleared) < 3:
            cleared.append(folder)
            clear_folder(folder)

    monkeypatch.setattr(Path, "mkdir", make_and_lose)
    write_bytes(tmp_path / "kind" / "a.bin", b"kept")
    assert (tmp_path / "kind" / "a.bin").read_bytes() == b"kept"


def test_a_late_file_in_the_renamed_folder_goes_too(tmp_path, monkeypatch):
    (tmp_path / "kind").mkdir()
    remove, late = shutil.rmtree, []

    def remove_too_early(folder):
        if len(late) < 3:
            late.append(folder)
            raise OSError(errno.ENOTEMPTY, "Directory not empty")
        remove(folder)

    monkeypatch.setattr(shutil, "rmtree", remove_too_early)
    clear_folder(tmp_path / "kind")
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_cleared_is_a_sentence(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "rename", refuse)
    (tmp_path / "kind").mkdir()
    with pytest.raises(ShopsimError, match=r"Cannot clear '.*kind': Read-only file system\."):
        clear_folder(tmp_path / "kind")


def test_clearing_follows_no_link(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "mine.jpg").touch()
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "trees").symlink_to(tmp_path / "photos")
    with pytest.raises(ShopsimError, match=r"is a link to .*photos'; clear that folder yourself"):
        Store(tmp_path / "cache").clear("trees")
    (tmp_path / "cache" / "points").mkdir()
    (tmp_path / "cache" / "points" / "link").symlink_to(tmp_path / "photos")
    Store(tmp_path / "cache").clear("points")
    assert (tmp_path / "photos" / "mine.jpg").exists()
    assert not (tmp_path / "cache" / "points").exists()


def test_clearing_the_cache_leaves_the_workspace_alone_even_in_the_same_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SHOPSIM_HOME", str(tmp_path))
    change(lambda db: put(db, TRUSTED, "n", None))
    store = Store(tmp_path)
    store.save("trees", "a", np.ones(3))
    kept = sorted(path.name for path in tmp_path.iterdir() if path.is_file())
    assert "shopsim.db" in kept
    for kind in store.sizes():
        store.clear(kind)
    assert sorted(path.name for path in tmp_path.iterdir()) == kept
    assert read(partial(rows, table=TRUSTED)) == [("n", None)]
