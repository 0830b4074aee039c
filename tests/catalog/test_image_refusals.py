"""Files that are no photo, damaged, too large or out of reach: each refused with a sentence that says why."""

import os
import warnings
from pathlib import Path

import numpy as np
import pytest
from image_cases import assert_quarters, png, quarters, saved
from PIL import Image
from refusals import photo_refusal

from shopsim import ShopsimError
from shopsim.catalog.photos.formats import FORMATS
from shopsim.catalog.photos.images import check_image, read_image, thumbnail
from shopsim.catalog.photos.opened_photo import MAX_PIXELS
from shopsim.catalog.photos.opening import opened

SUFFIXES = [form.suffixes[0] for form in FORMATS]


def test_korean_name_is_read_and_named_in_the_refusal(tmp_path):
    path = saved(tmp_path / "가방 사진 👜.jpg", quarters())
    assert_quarters(read_image(path))
    path.write_bytes(b"")
    assert photo_refusal(path) == "Cannot read '가방 사진 👜.jpg' as an image: the file is empty."


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<!DOCTYPE html><html><body>404</body></html>", "a web page"),
        (b"\xef\xbb\xbf\n <HTML lang=ko>", "a web page"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG or XML"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "a video"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "something else"),
        (b"x", "something else"),
        (b"\r\n\r\n\xff\xd8\xff\xe0\0\x10JFIF", "4 bytes of something else before a JPEG"),
    ],
)
def test_mislabelled_file_is_refused_with_what_it_is(tmp_path, content, kind):
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    known = "JPEG, PNG, WebP, BMP, GIF, TIFF, AVIF and HEIC"
    assert photo_refusal(path) == f"Cannot read 'photo.jpg' as an image: its content is {kind}, not one of {known}."


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.9])
def test_truncated_file_is_refused(tmp_path, suffix, part):
    noise = np.random.default_rng(0).integers(0, 256, (120, 160, 3), np.uint8)
    path = saved(tmp_path / f"photo{suffix}", Image.fromarray(noise))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    assert "truncated" in photo_refusal(path)


@pytest.mark.parametrize("suffix", [".avif", ".heic"])
def test_an_avif_or_heic_cut_anywhere_is_refused_for_that(tmp_path, suffix):
    noise = np.random.default_rng(0).integers(0, 256, (120, 160, 3), np.uint8)
    path = saved(tmp_path / f"photo{suffix}", Image.fromarray(noise))
    content = path.read_bytes()
    for tenth in range(1, 10):
        path.write_bytes(content[: len(content) * tenth // 10])
        assert photo_refusal(path) == f"Cannot read 'photo{suffix}' as an image: the file is truncated."
    path.write_bytes(content[:-1])
    assert photo_refusal(path) == f"Cannot read 'photo{suffix}' as an image: the file is truncated."


def test_progressive_jpeg_cut_in_half_is_refused(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (120, 160, 3), np.uint8)
    path = saved(tmp_path / "photo.jpg", Image.fromarray(noise), progressive=True)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert photo_refusal(path) == "Cannot read 'photo.jpg' as an image: the file is truncated."


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_flipped_bytes_never_raise_anything_but_a_sentence(tmp_path, suffix):
    """And what `check_image` lets pass, `read_image` and `thumbnail` read."""
    rng = np.random.default_rng(1)
    content = bytearray(saved(tmp_path / f"photo{suffix}", quarters(48, 32)).read_bytes())
    path = tmp_path / f"damaged{suffix}"
    for _ in range(60):
        damaged = bytearray(content)
        for position in rng.integers(0, len(content), 6):
            damaged[position] = rng.integers(256)
        path.write_bytes(damaged)
        try:
            with warnings.catch_warnings(action="ignore"):
                check_image(path)
        except ShopsimError:
            continue
        with warnings.catch_warnings(action="ignore"):
            assert read_image(path, (16, 16)).shape == (16, 16, 3)
            assert thumbnail(path, 16)[:2] == b"\xff\xd8"


def test_decompression_bomb_is_refused_by_its_header(tmp_path):
    path = tmp_path / "bomb.png"
    path.write_bytes(png(30_000, 20_000, b"\0" * 1000))
    with warnings.catch_warnings(action="error"):
        assert photo_refusal(path) == (
            "Cannot read 'bomb.png' as an image: it has 600,000,000 pixels, and the limit is 178,956,970."
        )


def test_large_photo_below_the_limit_gives_no_warning(tmp_path):
    path = saved(tmp_path / "large.jpg", Image.new("L", (10_000, 9_000)))
    assert MAX_PIXELS / 2 < 90e6 < MAX_PIXELS
    with warnings.catch_warnings(action="error"):
        assert read_image(path, (10, 10)).max() == 0


def test_vanished_file_is_said(tmp_path):
    assert photo_refusal(tmp_path / "a.jpg") == "Cannot read 'a.jpg' as an image: the file is gone."


def test_folder_named_as_a_photo_is_said(tmp_path):
    (tmp_path / "a.jpg").mkdir()
    assert photo_refusal(tmp_path / "a.jpg") == "Cannot read 'a.jpg' as an image: it is not a file."


def test_named_pipe_does_not_wait_for_ever(tmp_path):
    os.mkfifo(tmp_path / "a.jpg")
    assert "not a file" in photo_refusal(tmp_path / "a.jpg")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_missing_permission_is_said(tmp_path):
    path = saved(tmp_path / "a.jpg", quarters())
    path.chmod(0)
    assert "permission" in photo_refusal(path)


def test_permission_error_becomes_a_sentence(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    path = saved(tmp_path / "a.jpg", quarters())
    monkeypatch.setattr(Path, "open", refuse)
    assert photo_refusal(path) == "Cannot read 'a.jpg' as an image: this program has no permission to read it."


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
@pytest.mark.parametrize("compression", ["raw", "tiff_lzw"])
def test_no_decoder_maps_a_file_into_memory(tmp_path, compression):
    """The system ends a process that reads a mapped file which somebody makes shorter meanwhile."""
    path = saved(tmp_path / "a.tif", quarters(), compression=compression)
    with opened(path) as photo:
        with pytest.raises(OSError, match="fileno"):
            photo.image.fp.fileno()
        path.write_bytes(path.read_bytes()[:100])
        with pytest.raises(OSError, match=r"decoder error|truncated"):
            photo.image.load()
