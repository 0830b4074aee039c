"""The served folder: sharded, bounded, the pictures used least recently go first."""

import os
import pickle
import threading
import time

import pytest

from shopsim.base.errors import ShopsimError
from shopsim.catalog.photos import picture_folder
from shopsim.catalog.photos.picture_folder import PictureFolder, name_in_folder

DAY_S = 86_400


@pytest.fixture
def folder(tmp_path):
    return PictureFolder(tmp_path / "static")


@pytest.fixture
def bound(monkeypatch):
    """Sets how many files and bytes are kept at most."""

    def set_bound(files=1_000, n_bytes=1_000_000):
        monkeypatch.setattr(picture_folder, "MOST_FILES", files)
        monkeypatch.setattr(picture_folder, "MOST_BYTES", n_bytes)

    return set_bound


def name(number):
    return name_in_folder(f"{number:02x}" + "0" * 30)


def written(folder, tmp_path, count, n_bytes=100):
    """Pictures used one day after the other, the first one longest ago."""
    for number in range(count):
        folder.write(name(number), b"x" * n_bytes)
        used_at = time.time() - (count - number) * DAY_S
        os.utime(tmp_path / "static" / name(number), (used_at, used_at))


def kept(folder, count):
    return [number for number in range(count) if folder.has(name(number))]


def settled(step, expected):
    """Whether the step gives that after a while: pictures are removed beside the pages."""
    deadline = time.monotonic() + 30
    while step() != expected and time.monotonic() < deadline:
        time.sleep(0.01)
    return step() == expected


def test_each_picture_lies_in_a_folder_of_its_first_two_digits(folder, tmp_path):
    folder.write(name_in_folder("ab" + "1" * 30), b"x")
    assert [path.relative_to(tmp_path / "static").as_posix() for path in (tmp_path / "static").rglob("*.jpg")] == [
        "ab/ab" + "1" * 30 + ".jpg"
    ]


def test_too_many_pictures_lose_those_used_least_recently(folder, tmp_path, bound):
    written(folder, tmp_path, 40)
    bound(files=20)
    folder.trim()
    assert kept(folder, 40) == list(range(22, 40))


def test_too_many_bytes_lose_those_used_least_recently(folder, tmp_path, bound):
    written(folder, tmp_path, 40)
    bound(n_bytes=2_000)
    folder.trim()
    assert kept(folder, 40) == list(range(22, 40))


def test_within_the_bound_nothing_goes(folder, tmp_path, bound):
    written(folder, tmp_path, 20)
    bound(files=20, n_bytes=2_000)
    folder.trim()
    assert kept(folder, 20) == list(range(20))


def test_what_was_asked_for_lately_stays(folder, tmp_path, bound):
    written(folder, tmp_path, 40)
    changed = (tmp_path / "static" / name(0)).stat().st_mtime_ns
    assert folder.has(name(0))
    bound(files=20)
    folder.trim()
    assert kept(folder, 40) == [0, *range(23, 40)]
    # Browsers that have the picture see that it is still the same.
    assert (tmp_path / "static" / name(0)).stat().st_mtime_ns == changed


def test_writing_keeps_the_folder_within_the_bound(folder, bound):
    bound(files=100)
    for number in range(256):
        folder.write(name(number), b"x")
    # One more than a twentieth may come between two looks, and more while a look takes its time.
    folder.write(name(0), b"x")
    assert settled(lambda: folder.size()[0] <= 105, True)


def test_what_is_written_during_a_slow_look_is_looked_at_afterwards(folder, bound, monkeypatch):
    bound(files=100)
    looks, go_on = [], threading.Event()

    def slow_trim():
        looks.append(folder.size()[0])
        assert go_on.wait(20)
        PictureFolder.trim(folder)

    monkeypatch.setattr(folder, "trim", slow_trim)
    folder.write(name(0), b"x")
    for number in range(1, 256):
        folder.write(name(number), b"x")
    go_on.set()
    assert settled(lambda: folder.size()[0] <= 105, True)
    assert settled(lambda: len(looks) >= 2, True)


def test_flat_files_of_earlier_versions_go_with_the_first_picture(folder, tmp_path):
    flat = tmp_path / "static" / ("1" * 32 + ".jpg")
    flat.parent.mkdir()
    flat.write_bytes(b"x")
    (tmp_path / "static" / ".gitkeep").touch()
    (tmp_path / "static" / "logo.jpg").touch()
    folder.write(name(0), b"x")
    assert settled(flat.exists, False)
    assert folder.has(name(0))
    assert {path.name for path in (tmp_path / "static").iterdir()} == {".gitkeep", "logo.jpg", "00"}


def test_clearing_removes_pictures_and_their_folders_only(folder, tmp_path):
    written(folder, tmp_path, 3)
    (tmp_path / "static" / "ab").mkdir()
    (tmp_path / "static" / "ab" / "notes.txt").touch()
    (tmp_path / "static" / "logo.jpg").touch()
    assert folder.size() == (3, 300)
    folder.clear()
    assert folder.size() == (0, 0)
    assert sorted(path.name for path in (tmp_path / "static").rglob("*")) == ["ab", "logo.jpg", "notes.txt"]


def test_a_folder_that_is_not_there_is_empty(folder):
    folder.clear()
    folder.trim()
    assert folder.size() == (0, 0)
    assert not folder.has(name(0))


def test_what_the_disk_refuses_is_told(folder, tmp_path):
    (tmp_path / "static").write_bytes(b"a file where the folder should be")
    with pytest.raises(ShopsimError, match="Cannot write"):
        folder.write(name(0), b"x")


def test_a_copy_for_another_process_has_the_same_pictures(folder):
    folder.write(name(0), b"x")
    assert pickle.loads(pickle.dumps(folder)).has(name(0))
