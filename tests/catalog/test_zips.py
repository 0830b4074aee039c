"""Unpacking zips of photos: honest ones as people make them, and hostile ones."""

import io
import os
import stat
import struct
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from zip_cases import tree, unpack, with_mode, zip_of

from shopsim import ShopsimError
from shopsim.catalog.zips.zip_entries import LeftOut, Limits
from shopsim.catalog.zips.zips import unpack_zip


def test_photos_and_tables_are_unpacked_and_counted(tmp_path):
    report = unpack(zip_of("m1/a.jpg", "m2/b.PNG", "m2/deep/c.tiff", "catalog.csv", "models.csv"), tmp_path)
    assert tree(tmp_path / "photos") == ["catalog.csv", "m1/a.jpg", "m2/b.PNG", "m2/deep/c.tiff", "models.csv"]
    assert (tmp_path / "photos" / "m1" / "a.jpg").read_bytes() == b"photo"
    assert report.n_written == 5
    assert report.problems == ()


def test_a_path_is_taken_as_well_as_an_open_file(tmp_path):
    (tmp_path / "a.zip").write_bytes(zip_of("a.jpg", "b.jpg"))
    assert unpack_zip(tmp_path / "a.zip", tmp_path / "photos").n_written == 2


def test_a_folder_that_holds_everything_is_not_made_again(tmp_path):
    unpack(zip_of("shoes/", "shoes/catalog.csv", "shoes/m1/a.jpg", "__MACOSX/shoes/._a.jpg"), tmp_path)
    assert tree(tmp_path / "photos") == ["catalog.csv", "m1/a.jpg"]


def test_files_nobody_sees_are_passed_over_in_silence(tmp_path):
    report = unpack(zip_of("a.jpg", "__MACOSX/._a.jpg", ".DS_Store", "m/.hidden/b.jpg", "m/Thumbs.db"), tmp_path)
    assert tree(tmp_path) == ["photos/a.jpg"]
    assert report.problems == ()


def test_everything_else_is_left_out_with_its_reason(tmp_path):
    report = unpack(zip_of("a.jpg", "notes.pdf", "more.zip", "run.py", "other.csv"), tmp_path)
    assert tree(tmp_path) == ["photos/a.jpg"]
    unsupported = "it is not a photo of a supported format"
    assert report.problems == (
        LeftOut("more.zip", "archives within the archive are not opened"),
        *(LeftOut(name, unsupported) for name in ("notes.pdf", "other.csv", "run.py")),
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("/etc/a.jpg", "its path is absolute"),
        ("\\\\server\\a.jpg", "its path is absolute"),
        ("C:/a.jpg", "its path is absolute"),
        ("c:a.jpg", "its path is absolute"),
        ("../a.jpg", "its path leads out of the folder"),
        ("m/../../a.jpg", "its path leads out of the folder"),
        ("m\\..\\..\\a.jpg", "its path leads out of the folder"),
        ("..\\a.jpg", "its path leads out of the folder"),
        ("a\n.jpg", "its name has control characters"),
        ("가" * 100 + ".jpg", "its name is too long"),
        ("/".join(["m" * 200] * 6) + "/a.jpg", "its name is too long"),
        ("m/" * 40 + "a.jpg", "it lies more than 32 folders deep"),
    ],
)
def test_a_path_trick_is_left_out_and_writes_nothing_elsewhere(tmp_path, name, reason):
    report = unpack(zip_of("good.jpg", name), tmp_path / "inner")
    assert tree(tmp_path) == ["inner/photos/good.jpg"]
    assert [problem.reason for problem in report.problems] == [reason]
    assert all(problem.name.isprintable() for problem in report.problems)


def test_a_name_with_nul_is_not_cut_there(tmp_path):
    report = unpack(zip_of("good.jpg", "evil.jpg#.exe").replace(b"evil.jpg#", b"evil.jpg\0"), tmp_path)
    assert tree(tmp_path) == ["photos/good.jpg"]
    assert report.problems[0].reason == "its name has control characters"


def test_backslashes_of_windows_programs_are_folders(tmp_path):
    unpack(zip_of("m1\\a.jpg", "m2\\b.jpg", "./m3//c.jpg"), tmp_path)
    assert tree(tmp_path / "photos") == ["m1/a.jpg", "m2/b.jpg", "m3/c.jpg"]


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o644, stat.S_IFCHR | 0o644])
def test_links_and_devices_are_left_out(tmp_path, mode):
    report = unpack(zip_of("good.jpg", (with_mode("link.jpg", mode), b"/etc/passwd")), tmp_path)
    assert tree(tmp_path) == ["photos/good.jpg"]
    assert report.problems == (LeftOut("link.jpg", "it is a link or a device, not a file"),)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_that_differ_in_case_only_do_not_overwrite_each_other(tmp_path):
    report = unpack(zip_of(("m/a.jpg", b"1"), ("m/A.JPG", b"2"), ("m/a.jpg", b"3"), ("n/b.jpg", b"4")), tmp_path)
    assert tree(tmp_path / "photos") == ["m/a.jpg", "n/b.jpg"]
    assert (tmp_path / "photos" / "m" / "a.jpg").read_bytes() == b"1"
    assert [problem.reason for problem in report.problems] == [
        "its name is that of 'm/a.jpg', or differs in case only"
    ] * 2


@pytest.mark.parametrize("names", [("a.jpg", "a.jpg/b.jpg", "c.jpg"), ("A.jpg/b.jpg", "a.jpg", "c.jpg")])
def test_a_name_that_is_a_file_and_a_folder_is_left_out(tmp_path, names):
    report = unpack(zip_of(*names), tmp_path)
    assert report.n_written == 2
    assert [problem.name for problem in report.problems] == [names[1]]


@pytest.mark.parametrize(
    ("sent", "encoding"), [("가방", "cp949"), ("가방", "utf-8"), ("Ça", "cp437"), ("가방", "flagged")]
)
def test_names_are_read_in_the_senders_encoding(tmp_path, sent, encoding):
    if encoding == "flagged":
        data = zip_of(f"{sent}.jpg", "b.jpg")
    else:
        name = f"{sent}.jpg".encode(encoding)
        data = zip_of("#" * len(name), "b.jpg").replace(b"#" * len(name), name)
    unpack(data, tmp_path)
    assert tree(tmp_path / "photos") == sorted([f"{sent}.jpg", "b.jpg"])


def test_decomposed_korean_of_macos_is_composed(tmp_path):
    unpack(zip_of("\u1100\u1161.jpg", "b.jpg"), tmp_path)
    assert tree(tmp_path / "photos") == ["b.jpg", "\uac00.jpg"]


def test_an_encrypted_photo_is_left_out(tmp_path):
    data = bytearray(zip_of("good.jpg", "locked.jpg"))
    for signature, flags_at, name_at in ((b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)):
        start = data.index(b"locked.jpg", data.index(signature)) - name_at
        assert data[start : start + 4] == signature
        data[start + flags_at] |= 1
    report = unpack(bytes(data), tmp_path)
    assert tree(tmp_path) == ["photos/good.jpg"]
    assert report.problems == (LeftOut("locked.jpg", "it is encrypted; pack it without a password"),)


@pytest.mark.parametrize("compression", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_unusual_compression_is_left_out(tmp_path, compression):
    with pytest.raises(ShopsimError, match="its compression is not supported"):
        unpack(zip_of("a.jpg", compression=compression), tmp_path)


def test_a_photo_with_wrong_bytes_is_left_out(tmp_path):
    data = zip_of("good.jpg", ("bad.jpg", b"the very bytes"), compression=zipfile.ZIP_STORED)
    report = unpack(data.replace(b"the very bytes", b"the vary bytes"), tmp_path)
    assert tree(tmp_path) == ["photos/good.jpg"]
    assert report.problems == (LeftOut("bad.jpg", "it is damaged"),)


def test_a_file_too_large_is_left_out(tmp_path):
    report = unpack(zip_of("good.jpg", ("big.jpg", os.urandom(2000))), tmp_path, file_bytes=1000)
    assert tree(tmp_path) == ["photos/good.jpg"]
    assert report.problems == (LeftOut("big.jpg", "it is larger than 1,000 bytes"),)


def test_a_file_that_unpacks_too_well_is_left_out(tmp_path):
    report = unpack(zip_of("good.jpg", ("bomb.bmp", bytes(100_000))), tmp_path, ratio_from=50_000)
    assert tree(tmp_path) == ["photos/good.jpg"]
    assert report.problems == (LeftOut("bomb.bmp", "it unpacks to more than 200 times its size, as no photo does"),)


def test_a_file_larger_than_it_claims_is_never_written_whole(tmp_path):
    data = zip_of("good.jpg", ("liar.jpg", bytes(100_000)))
    report = unpack(data.replace(struct.pack("<L", 100_000), struct.pack("<L", 10)), tmp_path)
    assert tree(tmp_path) == ["photos/good.jpg"]
    assert report.problems == (LeftOut("liar.jpg", "it is damaged"),)


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        ({"n_files": 2}, "'the zip file' holds 3 files; at most 2 are unpacked."),
        ({"n_bytes": 14}, "'the zip file' unpacks to 15 bytes; at most 14 are unpacked."),
    ],
)
def test_a_zip_beyond_a_limit_is_refused_as_a_whole(tmp_path, limits, sentence):
    with pytest.raises(ShopsimError) as error:
        unpack(zip_of("a.jpg", "b.jpg", "c.jpg"), tmp_path, **limits)
    assert str(error.value) == sentence
    assert list(tmp_path.iterdir()) == []


def test_a_list_of_entries_too_long_for_photos_is_not_even_read(tmp_path):
    entries = bytes(4 << 20)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFE, 0xFFFE, len(entries), 0, 0)
    file = WatchedFile(entries + end, tmp_path / "photos")
    with pytest.raises(ShopsimError, match="lists too many files"):
        unpack_zip(file, tmp_path / "photos", Limits(n_files=100))
    assert file.most_asked < 3 << 20


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "'the zip file' is not a readable zip file; it may be damaged or cut off."),
        (b"no zip at all", "is not a readable zip file"),
        (zip_of("a.jpg")[:-30], "is not a readable zip file"),
        (zip_of(), "'the zip file' holds no photo; pack the folder that your photos are in."),
        (zip_of("catalog.csv"), "holds no photo"),
        (zip_of("a.pdf"), "holds no usable photo; 1 file was left out, 'a.pdf' because it is not a photo"),
    ],
)
def test_a_zip_without_photos_gets_a_sentence_and_leaves_nothing(tmp_path, data, sentence):
    with pytest.raises(ShopsimError) as error:
        unpack(data, tmp_path)
    assert sentence in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_exists_is_not_touched(tmp_path):
    unpack(zip_of("a.jpg"), tmp_path)
    with pytest.raises(ShopsimError, match="exists already; choose another name"):
        unpack(zip_of("b.jpg"), tmp_path)
    assert tree(tmp_path) == ["photos/a.jpg"]


class WatchedFile(io.BytesIO):
    """Remembers what was asked for and whether the folder was there by then; is interrupted where wanted."""

    def __init__(self, data, folder, interrupted=False):
        super().__init__(data)
        self.folder, self.interrupted, self.was_there, self.most_asked = folder, interrupted, False, 0

    def read(self, size=-1):
        self.most_asked = max(self.most_asked, size)
        self.was_there |= self.folder.exists()
        if self.interrupted and any(path.name == "a.jpg" for path in self.folder.parent.rglob("*")):
            raise KeyboardInterrupt
        return super().read(size)


def test_the_folder_appears_only_when_complete(tmp_path):
    file = WatchedFile(zip_of("a.jpg", "b.jpg"), tmp_path / "photos")
    unpack_zip(file, tmp_path / "photos")
    assert not file.was_there
    assert tree(tmp_path) == ["photos/a.jpg", "photos/b.jpg"]


def test_a_failure_at_the_last_step_leaves_nothing(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(ShopsimError, match=r"Cannot unpack 'the zip file' into '.*photos': Permission denied\."):
        unpack(zip_of("a.jpg"), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_unpacking_leaves_nothing(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        unpack_zip(WatchedFile(zip_of("a.jpg", "b.jpg"), tmp_path / "photos", interrupted=True), tmp_path / "photos")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_swept_a_day_later(tmp_path):
    for name, age in ((".0123456789abcdef.unpacking", 90_000), (".fedcba9876543210.unpacking", 0)):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    unpack(zip_of("a.jpg"), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".fedcba9876543210.unpacking", "photos"]


SOUND = zip_of("m1/a.jpg", ("m2/b.png", bytes(300)), "catalog.csv", "../c.jpg")


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=200)
@given(changes=st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_any_damage_gives_photos_or_a_sentence_and_nothing_elsewhere(tmp_path_factory, changes):
    outer = tmp_path_factory.mktemp("outer")
    data = bytearray(SOUND)
    for place, value in changes:
        data[place] = value
    try:
        report = unpack(bytes(data), outer / "inner")
    except ShopsimError:
        assert tree(outer) == []
    else:
        assert len(tree(outer / "inner" / "photos")) == len(tree(outer)) == report.n_written


def test_an_upload_is_on_the_disk_before_it_has_its_name(tmp_path, monkeypatch):
    synced, replace = [], os.replace
    monkeypatch.setattr(os, "fsync", lambda number: synced.append(Path(f"/proc/self/fd/{number}").readlink().name))
    monkeypatch.setattr(os, "replace", lambda old, new: (synced.append("named"), replace(old, new)))
    unpack(zip_of("m1/a.jpg", "m2/b.jpg"), tmp_path)
    assert {"a.jpg", "b.jpg", "m1", "m2"} <= set(synced[: synced.index("named")])
    assert synced[synced.index("named") + 1 :] == [tmp_path.name]
