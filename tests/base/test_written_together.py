"""Several files are new together, or stay as they were together."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from shopsim import ShopsimError
from shopsim.base.disk.disk_room import why_refused
from shopsim.base.disk.files import write_bytes
from shopsim.base.disk.written_together import written_together
from shopsim.grouping.baseline_files import write_baseline_files

PROJECT = Path(__file__).parents[2]
OLD = {"a.txt": b"old a", "b.txt": b"old b", "mine.txt": b"a person's own"}
NEW = {"a.txt": b"new a", "b.txt": b"new b", "c.txt": b"new c"}


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def folder(tmp_path):
    """A folder of two older files and one that is none of ours."""
    for name, data in OLD.items():
        write_bytes(tmp_path / "out" / name, data)
    return tmp_path / "out"


def write_new(folder):
    with written_together(folder) as new:
        for name, data in NEW.items():
            write_bytes(new / name, data)


def test_new_files_take_the_place_of_old_ones_and_no_other(folder):
    write_new(folder)
    assert contents(folder) == NEW | {"mine.txt": b"a person's own"}


def test_a_folder_is_made_with_all_that_leads_to_it(tmp_path):
    write_new(tmp_path / "x" / "y" / "out")
    assert contents(tmp_path / "x" / "y" / "out") == NEW


@pytest.mark.parametrize("failure", [KeyError, KeyboardInterrupt, ShopsimError("full")])
def test_a_failed_block_leaves_everything_as_it_was(folder, tmp_path, failure):
    for place in (folder, tmp_path / "x" / "new"):
        with pytest.raises((KeyError, KeyboardInterrupt, ShopsimError)), written_together(place) as new:
            write_bytes(new / "a.txt", b"new")
            raise failure
    assert contents(folder) == OLD
    assert [path.name for path in tmp_path.iterdir() if "shopsim" not in path.name] == ["out"]


@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("has_links", [True, False])
def test_when_one_file_cannot_be_moved_all_are_put_back(folder, monkeypatch, at, has_links):
    really, moves = os.replace, iter(range(100))

    def replace(old, new):
        # Into the folder from the unfinished one, not back from what was kept.
        if Path(new).parent == folder and Path(old).parent.suffix == ".moving" and next(moves) == at:
            raise OSError(errno.EIO, "Input/output error")
        really(old, new)

    def no_link(*_, **__):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "replace", replace)
    if not has_links:
        monkeypatch.setattr(os, "link", no_link)
    with pytest.raises(ShopsimError, match=r"Cannot write into '.*out': Input/output error\."):
        write_new(folder)
    assert contents(folder) == OLD


def test_a_folder_in_the_place_of_a_file_is_said_and_kept(folder):
    write_bytes(folder / "c.txt" / "precious.txt", b"")
    with pytest.raises(ShopsimError, match=r"'c.txt' is a folder there"):
        write_new(folder)
    assert (folder / "a.txt").read_bytes() == b"old a"
    assert (folder / "c.txt" / "precious.txt").exists()


def test_what_a_killed_process_left_is_removed_and_nothing_else(folder):
    (folder / ".0123456789abcdef.tmp").mkdir()
    (folder / ".vimrc.tmp").mkdir()
    for path in folder.glob(".*.tmp"):
        os.utime(path, (time.time() - 2 * 86_400,) * 2)
    write_new(folder)
    assert sorted(path.name for path in folder.iterdir()) == [".vimrc.tmp", "a.txt", "b.txt", "c.txt", "mine.txt"]


KILLED = """
import os, signal, sys
from pathlib import Path
from shopsim.base.disk.files import write_bytes
from shopsim.base.disk.written_together import written_together
with written_together(sys.argv[1]) as new:
    write_bytes(new / "a.txt", b"new a")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_that_is_killed_while_it_writes_leaves_everything_as_it_was(folder):
    ended = subprocess.run([sys.executable, "-c", KILLED, str(folder)], cwd=PROJECT, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == OLD


def export(folder, n_photos):
    """An export of so many photos with 1,000 features each."""
    ids = [f"{number}.jpg" for number in range(n_photos)]
    features, groups = np.full((n_photos, 1000), n_photos, np.float32), np.zeros(n_photos, int)
    return write_baseline_files(folder, ids, ids, features, ids, ids, groups, more={"groups.csv": b"x" * n_photos})


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 256 KB, where the one who runs the tests may make one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a file system")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_an_export_that_a_full_disk_ends_leaves_the_old_one_whole_and_says_how_much_is_free(small_disk):
    out = small_disk / "out"
    export(out, 3)
    before = contents(out)
    assert len(before) == 11
    with pytest.raises(ShopsimError) as refused:
        export(out, 60)
    sentence = f"Cannot write '{out}/features.npy': No space left on device, "
    assert str(refused.value).startswith(sentence)
    assert str(refused.value).endswith(f" KB are free in '{out}'.")
    assert contents(out) == before


def test_a_full_disk_is_said_with_what_could_not_be_written_where_and_how_much_is_free(small_disk):
    path = small_disk / "new" / "a.bin"
    with pytest.raises(
        ShopsimError, match=r"^Cannot write '.*a\.bin': No space left on device, 2\d\d\.\d KB are free in '"
    ):
        write_bytes(path, b"x" * 300_000)
    assert not path.exists()


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError("75456 requested and 21472 written"),
        OSError("Can't write data (file write failed: errno = 28, error message = 'No space left on device')"),
    ],
)
def test_every_librarys_full_disk_is_told_in_the_same_words(error, tmp_path):
    sentence = why_refused(error, tmp_path / "not" / "there")
    assert sentence.startswith("No space left on device, ")
    assert sentence.endswith(f"B are free in '{tmp_path}'")


def test_a_quota_is_called_so(tmp_path):
    assert why_refused(OSError(errno.EDQUOT, "Disk quota exceeded"), tmp_path).startswith("Disk quota exceeded, ")


def test_another_reason_is_told_as_the_system_tells_it(tmp_path):
    assert why_refused(PermissionError(errno.EACCES, "Permission denied"), tmp_path) == "Permission denied"
