"""Which files are photos: by suffix, by content where the name has none, and one list of formats everywhere."""

import zipfile
from pathlib import Path

import pytest
from image_cases import assert_quarters, quarters, saved

from shopsim.catalog.open_folder import load_catalog
from shopsim.catalog.photos.formats import AVIF, BMP, FORMAT_NAMES, FORMATS, HEIC, WEBP, format_of, has_no_suffix
from shopsim.catalog.photos.images import check_image, read_image
from shopsim.catalog.zips.zips import unpack_zip

YOUR_PHOTOS = Path(__file__).parents[2] / "docs/your-photos.md"
WITHOUT = ["IMG_0001", "boot v1.2", "photo.20230415", "Dr. Martens left", "DSC1.jpg_large", "a.jpg!thumb", "12_34_0"]


def test_formats_are_named_once():
    assert FORMAT_NAMES == "JPEG, PNG, WebP, BMP, GIF, TIFF, AVIF and HEIC"
    assert f"{FORMAT_NAMES}, in any colour" in " ".join(YOUR_PHOTOS.read_text(encoding="utf-8").split())


def test_no_suffix_is_of_two_formats():
    suffixes = [suffix for form in FORMATS for suffix in form.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert {".jfif", ".jpe", ".avif", ".heic", ".heif"} <= set(suffixes)


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_content_tells_the_format(tmp_path, form):
    form.load_plugin()
    path = saved(tmp_path / "photo.jpg", quarters(), format=form.pillow)
    assert format_of(path.read_bytes()[:64]) is form
    assert_quarters(read_image(path))


@pytest.mark.parametrize(
    ("start", "form"),
    [
        (b"\0\0\0\x1cftypheic\0\0\0\0mif1heic", HEIC),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1heic", HEIC),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif", AVIF),
        (b"\0\0\0\x14ftypmif1\0\0\0\0mif1avif", HEIC),
        (b"\0\0\0\x1cftypavis\0\0\0\0avifmif1", AVIF),
        (b"\0\0\0\x1cftypisom\0\0\0\0isomavc1", None),
        (b"\0\0\0\x1cftypqt  \0\0\0\0", None),
        (b"RIFF\0\0\0\0WEBPVP8 ", WEBP),
        (b"RIFF\0\0\0\0AVI LIST", None),
        (b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", BMP),
        (b"BM: the best models of all", None),
        (b"BM", None),
        (b"", None),
        (b"8BPS", None),
    ],
)
def test_the_first_bytes_tell_what_is_a_photo(start, form):
    assert format_of(start) is form


@pytest.mark.parametrize("name", WITHOUT)
def test_names_without_a_suffix(name):
    assert has_no_suffix(name)


@pytest.mark.parametrize("name", ["a.jpg", "a.JFIF", "a.csv", "README.md", "a.tar.gz", "x.mp4", "a.b.c"])
def test_names_with_a_suffix(name):
    assert not has_no_suffix(name)


def test_a_file_without_suffix_is_a_photo_if_its_content_is_one(tmp_path, cache):
    folder = tmp_path / "photos"
    folder.mkdir()
    for number, name in enumerate(WITHOUT):
        saved(folder / name, quarters(40 + number), format="PNG")
    (folder / "LICENSE").write_text("BM is short for bag model")
    (folder / "Makefile").write_text("all:")
    saved(folder / ".hidden", quarters(), format="PNG")
    saved(folder / "photo.txt", quarters(), format="PNG")
    catalog = load_catalog(folder, form="plain", cache=cache)
    assert catalog.image_ids == tuple(sorted(WITHOUT))
    assert {problem.name: problem.reason for problem in catalog.problems} == {
        "LICENSE": "not a photo of a supported format (no suffix)",
        "Makefile": "not a photo of a supported format (no suffix)",
        ".hidden": "a hidden file",
        "photo.txt": "not a photo of a supported format (.txt)",
    }


def test_contest_names_without_suffix_tell_models(tmp_path, cache):
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(4):
        saved(folder / f"10{number // 2}_{number}_0", quarters(40 + number), format="JPEG")
    catalog = load_catalog(folder, cache=cache)
    assert (catalog.form, catalog.models) == ("contest", ("100", "101"))


def test_photos_without_suffix_come_out_of_a_zip(tmp_path):
    photo = saved(tmp_path / "photo.png", quarters())
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(photo, "bags/IMG_1")
        archive.write(photo, "bags/two.jfif")
        archive.writestr("bags/NOTES", "nothing")
    report = unpack_zip(tmp_path / "a.zip", tmp_path / "out")
    assert report.n_written == 2
    assert [(each.name, each.reason) for each in report.problems] == [
        ("bags/NOTES", "it is not a photo of a supported format")
    ]
    assert check_image(tmp_path / "out" / "IMG_1") == ""


def test_a_zip_of_nothing_but_photos_without_suffix_is_one_of_photos(tmp_path):
    photo = saved(tmp_path / "photo.png", quarters())
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(photo, "IMG_1")
    assert unpack_zip(tmp_path / "a.zip", tmp_path / "out").n_written == 1


def test_an_encrypted_entry_without_suffix_is_told_as_no_photo(tmp_path):
    photo = saved(tmp_path / "photo.png", quarters())
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(photo, "a.png")
        archive.writestr("IMG_1", photo.read_bytes())
    content = bytearray((tmp_path / "a.zip").read_bytes())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(content)
    report = unpack_zip(tmp_path / "a.zip", tmp_path / "out")
    assert [each.name for each in report.problems] == ["IMG_1"]
