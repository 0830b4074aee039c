"""Reading photos: every kind a seller uploads becomes upright RGB."""

import io
import re
import struct
from pathlib import Path

import numpy as np
import pytest
from image_cases import BLUE, GREEN, RED, WHITE, assert_quarters, corners, png, quarters, saved
from PIL import Image

from shopsim.catalog.photos.formats import FORMATS, IMAGE_SUFFIXES
from shopsim.catalog.photos.images import check_image, is_blank, read_image, thumbnail

SHOE_PAIRS = Path(__file__).parents[2] / "../shared/data/shoe_pairs"


@pytest.mark.parametrize(
    ("form", "suffix"),
    [(form, suffix) for form in FORMATS for suffix in (*form.suffixes, form.suffixes[0].upper(), "")],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_every_supported_suffix_is_read(tmp_path, form, suffix):
    form.load_plugin()
    path = saved(tmp_path / f"photo{suffix}", quarters(), format=form.pillow)
    assert check_image(path) == ""
    assert_quarters(read_image(path))


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


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif", ".avif", ".heic"])
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


def test_the_main_picture_of_an_mpo_is_read(tmp_path):
    later = [Image.new("RGB", (96, 64), RED)]
    path = saved(tmp_path / "stereo.jpg", quarters(), format="MPO", save_all=True, append_images=later)
    assert check_image(path) == ""
    assert_quarters(read_image(path, (32, 48)))


def test_content_decides_not_the_suffix(tmp_path):
    path = saved(tmp_path / "really_a_png.jpg", quarters(), format="PNG")
    check_image(path)
    assert_quarters(read_image(path))


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
