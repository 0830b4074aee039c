"""Names in zips that do not say their encoding: read by what fits all of them, and told."""

import io
import struct
import zipfile
import zlib

import pytest
from zip_cases import tree, unpack, zip_of

from shopsim.catalog.zips.zips import unpack_zip


def zip_of_raw(*names, tables=()):
    """A zip of photos under these bytes as names, none of them marked as UTF-8, and of (name, bytes) tables."""
    data = zip_of(*(f"{number:03}" + "#" * (len(name) - 3) for number, name in enumerate(names)), *tables)
    for number, name in enumerate(names):
        data = data.replace(f"{number:03}".encode() + b"#" * (len(name) - 3), name)
    return data


GERMAN = ("Größe.jpg", "weiß.jpg", "grün.jpg", "Öse.jpg", "Straße.jpg", "schwarz.jpg")


@pytest.mark.parametrize("encoding", ["cp850", "cp437", "cp1252"])
def test_western_names_are_not_read_as_korean(tmp_path, encoding):
    report = unpack(zip_of_raw(*(name.encode(encoding) for name in GERMAN)), tmp_path)
    assert tree(tmp_path / "photos") == sorted(GERMAN)
    assert report.told.startswith("File names of the zip were read as Western European")


def test_korean_names_are_told_as_what_they_were_read(tmp_path):
    report = unpack(zip_of_raw(*(name.encode("cp949") for name in ("가죽가방.jpg", "검정구두.jpg"))), tmp_path)
    assert report.told == "File names of the zip were read as Korean, CP949 ('가죽가방.jpg')"


def test_a_table_in_utf8_decides_how_the_names_are_read(tmp_path):
    # Alone the names would be Latin letters: what the table lists counts.
    names = ("Gr붳e.jpg", "b.jpg", "c.jpg")
    table = ("catalog.csv", ("path,model\n" + "".join(f"{name},m\n" for name in names)).encode())
    raw = [name.encode("cp949") for name in names]
    unpack(zip_of_raw(*raw, tables=[table]), tmp_path)
    assert tree(tmp_path / "photos") == sorted([*names, "catalog.csv"])
    unpack(zip_of_raw(*raw), tmp_path / "alone")
    assert "Größe.jpg" in tree(tmp_path / "alone" / "photos")


def test_a_chosen_encoding_is_taken(tmp_path):
    data = io.BytesIO(zip_of_raw("Größe.jpg".encode("cp850")))
    report = unpack_zip(data, tmp_path / "photos", encoding="cp949")
    assert tree(tmp_path / "photos") == ["Gr붳e.jpg"]
    assert report.told == ""


def test_a_name_of_another_encoding_among_many_is_read_by_itself(tmp_path):
    names = ["가죽가방.jpg", "검정구두.jpg", "운동화.jpg", "슬리퍼.jpg"]
    unpack(zip_of_raw(*(name.encode("cp949") for name in names), "né.jpg".encode("cp850")), tmp_path)
    assert tree(tmp_path / "photos") == sorted([*names, "né.jpg"])


@pytest.mark.parametrize("sound", [True, False])
def test_the_unicode_path_of_an_entry_counts_if_it_is_of_its_name(tmp_path, sound):
    raw = "Größe.jpg".encode("cp850")
    unicode_path = "가방.jpg".encode()
    info = zipfile.ZipInfo("#" * len(raw))
    field = struct.pack("<BL", 1, zlib.crc32(raw) ^ (not sound)) + unicode_path
    info.extra = struct.pack("<HH", 0x7075, len(field)) + field
    unpack(zip_of(info).replace(b"#" * len(raw), raw), tmp_path)
    assert tree(tmp_path / "photos") == ["가방.jpg" if sound else "Größe.jpg"]
