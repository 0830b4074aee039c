"""Reading photos: every kind a seller uploads becomes upright RGB, and every bad file a sentence."""

import io
import os
import re
import struct
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from shopsim import ShopsimError
from shopsim.images import IMAGE_SUFFIXES, MAX_PIXELS, check_image, is_blank, read_image, thumbnail

RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 160, 40), (30, 40, 190), (255, 255, 255)
SHOE_PAIRS = Path(__file__).parents[1] / "../shared/data/shoe_pairs"


def quarters(width=96, height=64):
    """Red, green / blue, white: each corner tells how the photo was turned."""
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2], pixels[: height // 2, width // 2 :] = RED, GREEN
    pixels[height // 2 :, : width // 2], pixels[height // 2 :, width // 2 :] = BLUE, WHITE
    return Image.fromarray(pixels)


def corners(pixels):
    height, width = pixels.shape[:2]
    return np.array([pixels[y, x] for y in (height // 4, -height // 4) for x in (width // 4, -width // 4)], int)


def assert_quarters(pixels, tolerance=12):
    assert pixels.dtype == np.uint8
    assert pixels.shape[2] == 3
    np.testing.assert_allclose(corners(pixels), [RED, GREEN, BLUE, WHITE], atol=tolerance)


def saved(path, image, **options):
    image.save(path, **options)
    return path


def refusal(path):
    """The sentence with which the photo is refused, the same from all three functions."""
    sentences = set()
    for read in (read_image, check_image, lambda path: thumbnail(path, 32)):
        with pytest.raises(ShopsimError) as caught:
            read(path)
        sentences.add(str(caught.value))
    assert len(sentences) == 1
    return sentences.pop()


@pytest.mark.parametrize("suffix", [*sorted(IMAGE_SUFFIXES), ".JPG", ".Png", ".TIFF"])
def test_every_supported_suffix_is_read(tmp_path, suffix):
    path = saved(tmp_path / f"photo{suffix}", quarters())
    check_image(path)
    assert_quarters(read_image(path))


def test_korean_name_is_read_and_named_in_the_refusal(tmp_path):
    path = saved(tmp_path / "가방 사진 👜.jpg", quarters())
    assert_quarters(read_image(path))
    path.write_bytes(b"")
    assert refusal(path) == "Cannot read '가방 사진 👜.jpg' as an image: the file is empty."


@pytest.mark.parametrize("size", [(32, 48), (48, 32), (7, 200), (224, 224)])
@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_photo_is_squashed_to_exactly_the_size(tmp_path, size, suffix):
    pixels = read_image(saved(tmp_path / f"photo{suffix}", quarters(600, 450)), size)
    assert pixels.shape == (*size, 3)
    assert_quarters(pixels)


def test_shrinking_averages_instead_of_picking_pixels(tmp_path):
    stripes = np.zeros((64, 512, 3), np.uint8)
    stripes[:, ::2] = 255
    pixels = read_image(saved(tmp_path / "stripes.png", Image.fromarray(stripes)), (16, 37))
    assert np.abs(pixels.astype(int) - 128).max() < 20


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("size", [None, (40, 80)])
def test_exif_orientation_is_turned_upright(tmp_path, orientation, suffix, size):
    stored_by = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the Transpose that takes upright to stored
    upright = quarters()
    stored = upright.transpose(Image.Transpose(stored_by[orientation])) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(tmp_path / f"photo{suffix}", stored, exif=exif)
    pixels = read_image(path, size)
    assert pixels.shape == (*(size or (64, 96)), 3)
    assert_quarters(pixels)
    with Image.open(io.BytesIO(thumbnail(path, 48))) as small:
        assert small.size == (48, 32)
        assert_quarters(np.asarray(small))


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
@pytest.mark.parametrize("exif", [b"Exif\0\0garbage", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0", b"\0"])
def test_damaged_exif_leaves_the_photo_as_it_is(tmp_path, exif):
    path = saved(tmp_path / "photo.jpg", quarters(), exif=exif)
    check_image(path)
    assert_quarters(read_image(path))


def test_orientation_of_nine_is_ignored(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 9
    assert_quarters(read_image(saved(tmp_path / "photo.jpg", quarters(), exif=exif)))


@pytest.mark.parametrize(("suffix", "tolerance"), [(".jpg", 12), (".tif", 12)])
def test_cmyk_becomes_rgb(tmp_path, suffix, tolerance):
    assert_quarters(read_image(saved(tmp_path / f"photo{suffix}", quarters().convert("CMYK"))), tolerance)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA"])
def test_white_stays_white_in_every_png_mode(tmp_path, mode):
    path = saved(tmp_path / "photo.png", quarters().convert(mode))
    check_image(path)
    pixels = read_image(path)
    assert (pixels[-8:, -8:] == 255).all()
    assert pixels[8:24, 8:40].mean() < 160


def test_sixteen_bit_grey_png_is_scaled(tmp_path):
    ramp = np.linspace(0, 65535, 256).round().astype(np.uint16)
    path = saved(tmp_path / "ramp.png", Image.fromarray(np.tile(ramp, (4, 1))))
    check_image(path)
    np.testing.assert_array_equal(read_image(path)[0, :, 0], np.arange(256))


def test_dark_sixteen_bit_photo_stays_dark(tmp_path):
    path = saved(tmp_path / "dark.png", Image.fromarray(np.full((8, 8), 200, np.uint16)))
    assert read_image(path).max() == 1


def test_sixteen_bit_colour_png_is_scaled(tmp_path):
    rows = b"".join(b"\0" + struct.pack(">6H", 65535, 0, 0, 0, 32896, 65535) for _ in range(2))
    path = tmp_path / "deep.png"
    path.write_bytes(png(2, 2, rows, depth=16, colour=2))
    assert read_image(path)[0].tolist() == [[255, 0, 0], [0, 128, 255]]


@pytest.mark.parametrize("white", [1.0, 255.0, 65535.0, 1e9])
def test_float_tiff_is_scaled_to_its_own_white(tmp_path, white):
    values = np.tile(np.linspace(0, white, 256, dtype=np.float32), (4, 1))
    values[1, 0] = np.nan
    path = saved(tmp_path / "float.tif", Image.fromarray(values))
    check_image(path)
    np.testing.assert_allclose(read_image(path)[0, :, 0], np.arange(256), atol=1)


def test_black_float_tiff_is_black(tmp_path):
    assert read_image(saved(tmp_path / "black.tif", Image.fromarray(np.zeros((8, 8), np.float32)))).max() == 0


def test_transparency_lies_over_white(tmp_path):
    image = quarters().convert("RGBA")
    image.putalpha(Image.fromarray(np.repeat(np.repeat(np.array([[0, 255]], np.uint8), 64, 0), 48, 1)))
    pixels = read_image(saved(tmp_path / "cutout.png", image))
    np.testing.assert_array_equal(corners(pixels), [WHITE, GREEN, WHITE, WHITE])


def test_transparent_palette_colour_lies_over_white(tmp_path):
    image = quarters().quantize(4)
    red = image.getpixel((2, 2))
    for suffix in (".png", ".gif"):
        pixels = read_image(saved(tmp_path / f"cutout{suffix}", image, transparency=red))
        np.testing.assert_array_equal(corners(pixels), [WHITE, GREEN, BLUE, WHITE])


def test_half_transparent_grey_lies_over_white(tmp_path):
    image = Image.new("LA", (8, 8), (0, 128))
    assert read_image(saved(tmp_path / "shadow.png", image))[0, 0].tolist() == [127, 127, 127]


@pytest.mark.parametrize("suffix", [".gif", ".tiff", ".webp", ".png"])
def test_first_frame_is_read(tmp_path, suffix):
    later = [Image.new("RGB", (96, 64), RED)]
    options = {"lossless": True} if suffix == ".webp" else {}
    path = saved(tmp_path / f"moving{suffix}", quarters(), save_all=True, append_images=later, **options)
    check_image(path)
    assert_quarters(read_image(path))


def test_content_decides_not_the_suffix(tmp_path):
    path = saved(tmp_path / "really_a_png.jpg", quarters(), format="PNG")
    check_image(path)
    assert_quarters(read_image(path))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<!DOCTYPE html><html><body>404</body></html>", "a web page"),
        (b"\xef\xbb\xbf\n <HTML lang=ko>", "a web page"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG or XML"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC, AVIF or a video"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "something else"),
        (b"x", "something else"),
    ],
)
def test_mislabelled_file_is_refused_with_what_it_is(tmp_path, content, kind):
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    expected = f"Cannot read 'photo.jpg' as an image: its content is {kind}, not JPEG, PNG, WebP, BMP, GIF, TIFF."
    assert refusal(path) == expected


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".bmp", ".tif", ".gif"])
@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.9])
def test_truncated_file_is_refused(tmp_path, suffix, part):
    noise = np.random.default_rng(0).integers(0, 256, (120, 160, 3), np.uint8)
    path = saved(tmp_path / f"photo{suffix}", Image.fromarray(noise))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    assert "truncated" in refusal(path)


def test_progressive_jpeg_cut_in_half_is_refused(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (120, 160, 3), np.uint8)
    path = saved(tmp_path / "photo.jpg", Image.fromarray(noise), progressive=True)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert refusal(path) == "Cannot read 'photo.jpg' as an image: the file is truncated."


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".bmp", ".tif", ".gif"])
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


def png(width, height, rows, depth=8, colour=2):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_decompression_bomb_is_refused_by_its_header(tmp_path):
    path = tmp_path / "bomb.png"
    path.write_bytes(png(30_000, 20_000, b"\0" * 1000))
    with warnings.catch_warnings(action="error"):
        assert refusal(path) == (
            "Cannot read 'bomb.png' as an image: it has 600,000,000 pixels, and the limit is 178,956,970."
        )


def test_large_photo_below_the_limit_gives_no_warning(tmp_path):
    path = saved(tmp_path / "large.jpg", Image.new("L", (10_000, 9_000)))
    assert MAX_PIXELS / 2 < 90e6 < MAX_PIXELS
    with warnings.catch_warnings(action="error"):
        assert read_image(path, (10, 10)).max() == 0


def test_vanished_file_is_said(tmp_path):
    assert refusal(tmp_path / "a.jpg") == "Cannot read 'a.jpg' as an image: the file is gone."


def test_folder_named_as_a_photo_is_said(tmp_path):
    (tmp_path / "a.jpg").mkdir()
    assert refusal(tmp_path / "a.jpg") == "Cannot read 'a.jpg' as an image: it is not a file."


def test_named_pipe_does_not_wait_for_ever(tmp_path):
    os.mkfifo(tmp_path / "a.jpg")
    assert "not a file" in refusal(tmp_path / "a.jpg")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_missing_permission_is_said(tmp_path):
    path = saved(tmp_path / "a.jpg", quarters())
    path.chmod(0)
    assert "permission" in refusal(path)


def test_permission_error_becomes_a_sentence(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    path = saved(tmp_path / "a.jpg", quarters())
    monkeypatch.setattr(Path, "open", refuse)
    assert refusal(path) == "Cannot read 'a.jpg' as an image: this program has no permission to read it."


def test_thumbnail_keeps_the_aspect_ratio_and_never_enlarges(tmp_path):
    path = saved(tmp_path / "photo.png", quarters(600, 300).convert("RGBA"))
    for side, expected in ((160, (160, 80)), (900, (600, 300))):
        with Image.open(io.BytesIO(thumbnail(path, side))) as small:
            assert (small.format, small.mode, small.size) == ("JPEG", "RGB", expected)


def test_thumbnail_of_a_sliver_has_a_pixel(tmp_path):
    path = saved(tmp_path / "sliver.png", Image.new("RGB", (2000, 1)))
    with Image.open(io.BytesIO(thumbnail(path, 160))) as small:
        assert small.size == (160, 1)


def test_only_a_photo_of_one_colour_is_blank():
    pixels = np.full((32, 32, 3), (250, 240, 230), np.uint8)
    assert is_blank(pixels)
    pixels[::2] += 2
    assert is_blank(pixels)
    pixels[1, 0, 2] -= 1
    assert not is_blank(pixels)


@pytest.mark.photos
@pytest.mark.skipif(not SHOE_PAIRS.is_dir(), reason="needs ../shared/data/shoe_pairs")
def test_real_photos_are_read():
    paths = sorted(path for path in SHOE_PAIRS.rglob("*") if path.suffix.lower() in IMAGE_SUFFIXES)[::20]
    assert len(paths) > 20
    for path in paths:
        check_image(path)
        assert re.match(r"\(\d+, \d+, 3\)", str(read_image(path).shape))
