"""What a zip may write: bombs of every kind are refused, and leave nothing; honest zips are not."""

import io
import os
import struct
import zipfile
import zlib
from collections import namedtuple

import pytest
from file_limits import no_file_above

from shopsim import ShopsimError
from shopsim.catalog.zips.zip_entries import Limits
from shopsim.catalog.zips.zips import unpack_zip

MB = 1 << 20
Disk = namedtuple("Disk", "total used free")


def packed(files):
    """The bytes of a zip of (name, content), all by Deflate."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return data.getvalue()


def refusal(data, folder, **limits):
    """The sentence with which the zip is refused; nothing may be left of it."""
    with pytest.raises(ShopsimError) as error:
        unpack_zip(io.BytesIO(data), folder / "photos", Limits(**limits))
    assert list(folder.iterdir()) == []
    return str(error.value)


def quoted_bomb(n_files, n_bytes):
    """A zip whose entries all lie in the same compressed bytes: each local header is quoted by the one before.

    Source: Fifield, A better zip bomb, WOOT 2019.
    """
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    kernel = deflate.compress(bytes(n_bytes)) + deflate.flush()
    check = zlib.crc32(bytes(n_bytes))
    body, entries = b"", b""
    name = b"%03d.bmp"
    body += struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 33, check, len(kernel), n_bytes, 7, 0) + name % 0 + kernel
    for number in range(n_files):
        fields = (20, 20, 0, 8, 0, 33, check, len(kernel), n_bytes, 7, 0, 0, 0, 0, 0, 0)
        entries += struct.pack("<4s6H3L5H2L", b"PK\1\2", *fields) + name % number
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, n_files, n_files, len(entries), len(body), 0)
    return body + entries + end


def test_many_small_files_that_pack_too_well_are_refused_together(tmp_path):
    bomb = packed((f"{number}.bmp", bytes(MB)) for number in range(70))
    assert refusal(bomb, tmp_path) == (
        f"'the zip file' would take 73,400,320 bytes of disk, {73_400_320 / len(bomb):,.0f} times its own size, as no "
        "photos do; above 67,108,864 bytes at most 20 times its size is unpacked."
    )


def test_what_lies_in_the_same_bytes_many_times_is_counted_every_time(tmp_path):
    assert "times its own size" in refusal(quoted_bomb(40, 4 * MB), tmp_path)


def test_the_size_of_the_archive_counts_and_not_what_its_entries_claim_to_take(tmp_path):
    """Entries that claim to be stored large would else make room for others."""
    bomb = bytearray(packed((f"{number}.bmp", bytes(MB)) for number in range(70)))
    entry = bomb.index(b"PK\1\2")
    bomb[entry + 20 : entry + 24] = struct.pack("<L", 500 * MB)
    assert "times its own size" in refusal(bytes(bomb), tmp_path)


@pytest.mark.parametrize("claimed", [10, 2 * MB - 1])
def test_a_size_that_lies_never_writes_more_than_it_claims(tmp_path, claimed):
    data = packed([("good.jpg", b"photo"), ("liar.bmp", bytes(2 * MB))])
    lying = data.replace(struct.pack("<L", 2 * MB), struct.pack("<L", claimed))
    report = unpack_zip(io.BytesIO(lying), tmp_path / "photos")
    assert [path.name for path in tmp_path.rglob("*.*")] == ["good.jpg"]
    assert [problem.reason for problem in report.problems] == ["it is damaged"]


def test_what_was_really_unpacked_is_counted_too(tmp_path, monkeypatch):
    """As if a library some day gave more than an entry claims."""
    monkeypatch.setattr("shopsim.catalog.zips.zips._chunks", lambda *_: iter([bytes(MB)] * 70))
    assert "would take 68,157,440 bytes of disk" in refusal(packed([("a.bmp", bytes(MB))]), tmp_path)


def test_files_and_folders_take_at_least_a_block_each(tmp_path):
    tiny = packed((f"{number}.jpg", b"x") for number in range(100))
    assert "would take 409,600 bytes of disk" in refusal(tiny, tmp_path, total_from=400_000)
    deep = packed((f"{number}/" + "d/" * 30 + "a.jpg", b"x") for number in range(30))
    assert "would take 3,932,160 bytes of disk" in refusal(deep, tmp_path, total_from=400_000)
    assert refusal(deep, tmp_path, n_files=100) == "'the zip file' holds 930 folders; at most 100 are unpacked."


def test_photos_and_flat_drawings_are_not_refused(tmp_path):
    photos = [(f"{number}.jpg", os.urandom(20_000)) for number in range(20)]
    drawings = [(f"{number}.bmp", os.urandom(10_000) + bytes(90_000)) for number in range(20)]
    report = unpack_zip(io.BytesIO(packed(photos + drawings)), tmp_path / "photos", Limits(total_from=0))
    assert report.n_written == 40


@pytest.mark.parametrize(
    ("disk", "spare"), [(Disk(100 << 30, 0, (1 << 30) + 4095), 1 << 30), (Disk(10 << 30, 0, 1000), 536_870_912)]
)
def test_the_last_of_the_disk_stays_free(tmp_path, monkeypatch, disk, spare):
    monkeypatch.setattr("shutil.disk_usage", lambda _: disk)
    assert refusal(packed([("a.jpg", b"photo")]), tmp_path) == (
        f"'the zip file' needs 4,096 bytes of disk; {disk.free:,} are free at '{tmp_path}', of which {spare:,} stay "
        "free. Delete something there first."
    )


def test_a_disk_that_others_fill_meanwhile_ends_the_unpacking(tmp_path, monkeypatch):
    asked = []

    def usage(_):
        asked.append(0)
        return Disk(100 << 30, 0, (50 << 30) if len(asked) == 1 else 5)

    monkeypatch.setattr("shutil.disk_usage", usage)
    data = packed((f"{number}.jpg", os.urandom(MB)) for number in range(20))
    assert "needs 17,825,792 bytes of disk; 5 are free" in refusal(data, tmp_path)


def test_a_disk_that_is_full_while_writing_is_a_sentence(tmp_path):
    with no_file_above(1000):
        sentence = refusal(packed([("a.jpg", os.urandom(5000))]), tmp_path)
    assert sentence == f"Cannot unpack 'the zip file' into '{tmp_path}/photos': File too large."
