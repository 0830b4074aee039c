"""Files are there whole or not at all."""

import os
import resource
import time
from pathlib import Path

import pytest

from shopsim import ShopsimError
from shopsim.atomic import replacing, sweep_abandoned, write_bytes


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_write_makes_its_folder_and_leaves_only_the_file(tmp_path):
    write_bytes(tmp_path / "new" / "a.txt", b"one")
    write_bytes(tmp_path / "new" / "a.txt", b"two")
    assert (tmp_path / "new" / "a.txt").read_bytes() == b"two"
    assert names_in(tmp_path / "new") == ["a.txt"]


def test_the_old_file_stays_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    with replacing(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"


def test_a_failed_block_leaves_the_old_file_alone(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    with pytest.raises(KeyError), replacing(path) as file:
        file.write(b"half")
        raise KeyError
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["a.txt"]


def test_no_room_leaves_the_old_file_alone_and_says_so(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(ShopsimError, match=r"Cannot write '.*a.txt': File too large\."):
            write_bytes(path, b"x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["a.txt"]


def test_a_file_in_the_place_of_the_folder_is_said(tmp_path):
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(ShopsimError, match="Cannot write"):
        write_bytes(tmp_path / "a" / "b.txt", b"")


def test_a_folder_in_the_place_of_the_file_is_said(tmp_path):
    (tmp_path / "a").mkdir()
    with pytest.raises(ShopsimError, match=r"Cannot write '.*a': Is a directory\."):
        write_bytes(tmp_path / "a", b"")
    assert names_in(tmp_path) == ["a"]


def test_what_killed_writers_left_is_swept_and_what_is_young_or_called_otherwise_stays(tmp_path):
    for name in (".old.tmp", ".new.tmp", "old.npy"):
        (tmp_path / name).touch()
    (tmp_path / ".folder.tmp").mkdir()
    (tmp_path / ".folder.tmp" / "a.jpg").touch()
    for name in (".old.tmp", "old.npy", ".folder.tmp"):
        os.utime(tmp_path / name, (time.time() - 100,) * 2)
    sweep_abandoned(tmp_path, ".*.tmp", 60)
    assert names_in(tmp_path) == [".new.tmp", "old.npy"]
    sweep_abandoned(tmp_path / "never made", ".*.tmp", 60)


def test_a_swept_link_leaves_alone_what_it_leads_to(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / ".link.tmp").symlink_to("photos")
    sweep_abandoned(tmp_path, ".*.tmp", -1)
    assert names_in(tmp_path) == ["photos"]


def test_what_another_process_takes_away_meanwhile_does_not_stop_the_sweep(tmp_path, monkeypatch):
    (tmp_path / ".old.tmp").touch()
    glob = Path.glob
    monkeypatch.setattr(Path, "glob", lambda folder, pattern: [folder / ".gone.tmp", *glob(folder, pattern)])
    sweep_abandoned(tmp_path, ".*.tmp", -1)
    assert names_in(tmp_path) == []
