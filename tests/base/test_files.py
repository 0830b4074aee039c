"""Files are there whole or not at all."""

import os
from pathlib import Path

import pytest
from file_limits import no_file_above

from shopsim import ShopsimError
from shopsim.base.disk.files import replacing, sync_tree, write_bytes


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
    with no_file_above(1000), pytest.raises(ShopsimError, match=r"Cannot write '.*a.txt': File too large\."):
        write_bytes(path, b"x" * 5000)
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


@pytest.fixture
def synced(monkeypatch):
    """What was asked to be on the disk, in turn, as it was called then; and when a name was given."""
    done = []

    def named(number):
        return Path(f"/proc/self/fd/{number}").readlink()

    replace = os.replace
    monkeypatch.setattr(os, "fsync", lambda number: done.append(named(number)))
    monkeypatch.setattr(os, "replace", lambda old, new: (done.append(("replace", Path(new))), replace(old, new)))
    return done


def test_what_can_be_computed_again_waits_for_no_disk(tmp_path, synced):
    write_bytes(tmp_path / "a.txt", b"one")
    assert synced == [("replace", tmp_path / "a.txt")]


def test_what_cannot_be_computed_again_is_on_the_disk_before_it_has_its_name_and_the_name_after(tmp_path, synced):
    write_bytes(tmp_path / "new" / "deep" / "a.txt", b"one", durable=True)
    unfinished, *rest = synced
    assert unfinished.suffix == ".tmp"
    folder = tmp_path / "new" / "deep"
    assert rest == [("replace", folder / "a.txt"), folder, folder.parent, tmp_path]


def test_a_folder_that_the_file_system_cannot_sync_is_no_failure(tmp_path, monkeypatch):
    fsync = os.fsync

    def refuse_folders(number):
        if Path(f"/proc/self/fd/{number}").readlink().is_dir():
            raise OSError(22, "Invalid argument")
        fsync(number)

    monkeypatch.setattr(os, "fsync", refuse_folders)
    write_bytes(tmp_path / "a.txt", b"one", durable=True)
    assert (tmp_path / "a.txt").read_bytes() == b"one"


def test_a_disk_that_cannot_keep_it_is_said_and_the_old_file_stays(tmp_path, monkeypatch):
    write_bytes(tmp_path / "a.txt", b"old")

    def fail(number):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(ShopsimError, match=r"a\.txt'.*Input/output error"):
        write_bytes(tmp_path / "a.txt", b"new", durable=True)
    assert (tmp_path / "a.txt").read_bytes() == b"old"
    assert names_in(tmp_path) == ["a.txt"]


def test_a_folder_to_be_renamed_is_on_the_disk_with_all_in_it(tmp_path, synced):
    (tmp_path / "a" / "b").mkdir(parents=True)
    for name in ("a/one", "a/b/two"):
        (tmp_path / name).touch()
    sync_tree(tmp_path / "a")
    assert set(synced) == {tmp_path / name for name in ("a", "a/b", "a/one", "a/b/two")}
