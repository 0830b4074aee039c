"""Listing a folder safely, and remembering what its photos were found to be."""

import hashlib
import json
import os
import time
from pathlib import Path

import pytest
from catalog_fixtures import photo_bytes, photo_folder, write_photo

from shopsim import ShopsimError
from shopsim.base.disk.sealed import read_sealed, write_sealed
from shopsim.base.work.progress import Stopped, silent
from shopsim.catalog.open_folder import load_catalog
from shopsim.catalog.photos import soundness as verdicts
from shopsim.catalog.photos.soundness import Verdict, judge
from shopsim.catalog.scan import file_digest, folder_state, list_files


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "photos").mkdir()
    return tmp_path / "photos"


@pytest.fixture
def looked_at(monkeypatch):
    """Names of the photos that were read."""
    names = []
    look = verdicts._look

    def counting(file):
        names.append(file.name)
        return look(file)

    monkeypatch.setattr(verdicts, "_look", counting)
    return names


def judged(folder, cache, progress=silent):
    return judge(folder, list_files(folder), cache, progress)


def obstacles(folder):
    return {file.name: file.obstacle for file in list_files(folder)}


def test_files_are_sorted_by_path_whatever_the_disk_says(folder):
    photo_folder(folder, ["b/a.jpg", "a.jpg", "b.jpg", "B.jpg", "a/z/1.jpg"])
    names = [file.name for file in list_files(folder)]
    assert names == sorted(names) == ["B.jpg", "a.jpg", "a/z/1.jpg", "b.jpg", "b/a.jpg"]


def test_loops_of_links_end(folder):
    write_photo(folder / "a.jpg")
    (folder / "loop").symlink_to(folder)
    (folder / "self.jpg").symlink_to(folder / "self.jpg")
    assert obstacles(folder) == {
        "a.jpg": "",
        "loop": "a link to a folder, and such links are not followed",
        "self.jpg": "a link to nothing",
    }


def test_pipe_named_as_a_photo_is_not_opened(folder, tmp_path):
    os.mkfifo(folder / "pipe.jpg")
    catalog = load_catalog(folder, cache=tmp_path / "cache")
    assert [(problem.name, problem.reason) for problem in catalog.problems] == [("pipe.jpg", "not a file")]


def test_folder_called_as_a_photo_is_a_folder(folder):
    write_photo(folder / "x.jpg" / "a.jpg")
    assert obstacles(folder) == {"x.jpg/a.jpg": ""}


def test_subfolder_that_cannot_be_listed_is_told_and_the_rest_opens(folder, monkeypatch, tmp_path):
    photo_folder(folder, ["a.jpg", "locked/b.jpg"])
    scandir = os.scandir

    def refusing(where):
        if str(where).endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return scandir(where)

    monkeypatch.setattr(os, "scandir", refusing)
    catalog = load_catalog(folder, cache=tmp_path / "cache")
    assert catalog.image_ids == ("a.jpg",)
    assert [(problem.name, problem.reason) for problem in catalog.problems] == [
        ("locked/", "cannot be listed: Permission denied")
    ]


def test_folder_that_cannot_be_listed_is_an_error(folder, monkeypatch):
    def refuse(where):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(ShopsimError, match=r"Cannot list the folder .*Permission denied"):
        list_files(folder)


def test_photo_that_cannot_be_read_is_told(folder, monkeypatch, tmp_path):
    photo_folder(folder, ["a.jpg", "locked.jpg"])
    open_path = Path.open

    def refusing(path, *args, **kwargs):
        if path.name == "locked.jpg":
            raise PermissionError(13, "Permission denied")
        return open_path(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refusing)
    catalog = load_catalog(folder, cache=tmp_path / "cache")
    assert [problem.reason for problem in catalog.problems] == ["cannot be read: Permission denied"]


def test_links_lead_anywhere_unless_roots_are_named(folder, tmp_path, monkeypatch):
    outside = write_photo(tmp_path / "outside.jpg")
    (folder / "a.jpg").symlink_to(outside)
    assert obstacles(folder) == {"a.jpg": ""}
    monkeypatch.setenv("SHOPSIM_ROOTS", str(folder))
    assert obstacles(folder) == {"a.jpg": "a link that leads out of the folders that may be opened"}
    monkeypatch.setenv("SHOPSIM_ROOTS", f"{folder}{os.pathsep}{tmp_path}")
    assert obstacles(folder) == {"a.jpg": ""}


def test_links_in_an_upload_lead_nowhere(tmp_path, monkeypatch):
    monkeypatch.setenv("SHOPSIM_HOME", str(tmp_path))
    upload = photo_folder(tmp_path / "uploads" / "zip", ["a.jpg"])
    (upload / "b.jpg").symlink_to(write_photo(tmp_path / "outside.jpg"))
    assert obstacles(upload)["b.jpg"] == "a link that leads out of the folders that may be opened"


def test_state_changes_when_a_file_is_added_changed_or_deleted(folder):
    photo_folder(folder, ["a.jpg", "b.jpg"])
    states = [folder_state(list_files(folder))]
    assert folder_state(list_files(folder)) == states[0]
    for change in (
        lambda: write_photo(folder / "c.jpg"),
        lambda: write_photo(folder / "a.jpg", age_s=30),
        lambda: (folder / "b.jpg").unlink(),
        lambda: (folder / "models.csv").touch(),
    ):
        change()
        states.append(folder_state(list_files(folder)))
    assert len(set(states)) == len(states)


def test_digest_is_of_the_bytes(folder):
    path = write_photo(folder / "a.jpg", seed=3)
    assert file_digest(path) == hashlib.blake2b(photo_bytes(3), digest_size=16).hexdigest()


def test_only_new_and_changed_photos_are_read_again(folder, tmp_path, looked_at):
    photo_folder(folder, ["a.jpg", "b.jpg", "bad.jpg"])
    (folder / "bad.jpg").write_bytes(photo_bytes()[:300])
    os.utime(folder / "bad.jpg", (1e9, 1e9))
    first = judged(folder, tmp_path)
    assert judged(folder, tmp_path) == first
    assert sorted(looked_at) == ["a.jpg", "b.jpg", "bad.jpg"]
    looked_at.clear()
    write_photo(folder / "b.jpg", seed=5, age_s=30)
    write_photo(folder / "c.jpg", seed=6)
    again = judged(folder, tmp_path)
    assert sorted(looked_at) == ["b.jpg", "c.jpg"]
    assert again["a.jpg"] == first["a.jpg"]
    assert again["b.jpg"] != first["b.jpg"]
    assert again["bad.jpg"].problem


def test_photo_changed_a_moment_ago_is_not_trusted_next_time(folder, tmp_path, looked_at):
    path = write_photo(folder / "a.jpg", age_s=0)
    judged(folder, tmp_path)
    judged(folder, tmp_path)
    assert looked_at == ["a.jpg"] * 2
    later = time.time() + 3600
    os.utime(path, (later, later))
    judged(folder, tmp_path)
    judged(folder, tmp_path)
    assert looked_at == ["a.jpg"] * 3


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"version": 0, "files": {}}', b"\xff"])
def test_damaged_memory_is_made_again(folder, tmp_path, looked_at, damage):
    write_photo(folder / "a.jpg")
    first = judged(folder, tmp_path)
    (memory,) = (tmp_path / "digests").iterdir()
    # Damaged on the disk, and sound but not what is expected.
    for write in (memory.write_bytes, lambda content: write_sealed(memory, content)):
        write(damage)
        assert judged(folder, tmp_path) == first
    assert len(json.loads(read_sealed(memory).tobytes())["files"]) == 1
    assert len(looked_at) == 3


ENTRY = [1, 2, "0" * 32, "", ""]


@pytest.mark.parametrize(
    "entry",
    [
        None,
        "",
        [],
        {},
        ENTRY[:3],
        [*ENTRY, ""],
        [*ENTRY[:2], None, "", ""],
        [*ENTRY[:2], "", "", ""],
        [*ENTRY[:3], 5, ""],
        [*ENTRY[:2], "ä" * 32, "", ""],
    ],
)
def test_a_malformed_entry_is_a_photo_never_looked_at(folder, tmp_path, looked_at, entry):
    photo = write_photo(folder / "a.jpg").stat()
    first = judged(folder, tmp_path)
    (memory,) = (tmp_path / "digests").iterdir()
    content = json.loads(read_sealed(memory).tobytes())
    if isinstance(entry, list) and len(entry) > 1:
        entry = [photo.st_size, photo.st_mtime_ns, *entry[2:]]
    write_sealed(memory, json.dumps(content | {"files": {"a.jpg": entry}}).encode())
    assert judged(folder, tmp_path) == first
    assert len(looked_at) == 2


@pytest.mark.parametrize("files", [[], None, 5, [["a.jpg", ENTRY]]])
def test_entries_that_are_no_table_are_none(folder, tmp_path, files):
    write_photo(folder / "a.jpg")
    first = judged(folder, tmp_path)
    (memory,) = (tmp_path / "digests").iterdir()
    write_sealed(memory, json.dumps(json.loads(read_sealed(memory).tobytes()) | {"files": files}).encode())
    assert judged(folder, tmp_path) == first


@pytest.mark.parametrize("error", [MemoryError(), PermissionError(13, "Permission denied"), OSError(5, "I/O error")])
def test_a_failure_that_may_pass_is_not_remembered(folder, tmp_path, monkeypatch, error):
    def fail(*_, **__):
        raise error

    write_photo(folder / "a.jpg")
    with monkeypatch.context() as busy:
        busy.setattr("PIL.Image.open", fail)
        assert judged(folder, tmp_path)["a.jpg"].problem
    assert judged(folder, tmp_path)["a.jpg"].problem == ""


def test_what_was_judged_before_a_stop_is_remembered(folder, tmp_path, looked_at):
    photo_folder(folder, [f"{number:03}.jpg" for number in range(120)])

    def stop_half_way(done, total):
        assert total == 120
        if done >= 50:
            raise Stopped

    with pytest.raises(Stopped):
        judged(folder, tmp_path, stop_half_way)
    looked_at.clear()
    assert len(judged(folder, tmp_path)) == 120
    assert len(looked_at) <= 70


def test_progress_counts_to_the_end(folder, tmp_path):
    photo_folder(folder, [f"{number:03}.jpg" for number in range(53)])
    told = []
    judged(folder, tmp_path, lambda done, total: told.append((done, total)))
    assert told == [(0, 53), (50, 53), (53, 53)]


def test_cache_that_cannot_be_written_is_said(folder, tmp_path):
    write_photo(folder / "a.jpg")
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(ShopsimError, match="Cannot write"):
        judged(folder, tmp_path / "cache")


def test_unreadable_photo_has_a_verdict_without_digest(folder, tmp_path):
    (folder / "gone.jpg").symlink_to("nowhere")
    assert judged(folder, tmp_path) == {"gone.jpg": Verdict("", "a link to nothing")}


@pytest.mark.slow
def test_ten_thousand_files_are_listed_in_a_moment(folder):
    for number in range(10_522):
        (folder / f"{number}_{number}_0.jpg").touch()
    seconds = []
    for _ in range(5):
        # Of this process: other work on the machine takes none of it.
        started = time.process_time()
        folder_state(list_files(folder))
        seconds.append(time.process_time() - started)
    assert min(seconds) < 0.15
