"""Zeros where pixels should be: noted or refused wherever that can be told, and never seen in sound photos."""

import io
import struct

import numpy as np
import pytest
from image_cases import assert_quarters, quarters, saved
from PIL import Image
from refusals import reason

from shopsim.catalog.photos.formats import FORMATS
from shopsim.catalog.photos.images import check_image, read_image

END = "the end of the file is missing"
for form in FORMATS:
    form.load_plugin()

# Formats in which zeros are no pixels.
TOLD = {
    "plain.jpg": {},
    "optimal.jpg": {"optimize": True},
    "grey.jpg": {},
    "a.png": {},
    "a.avif": {},
    "a.heic": {},
    "a.gif": {},
}


def photo(width=320, height=240):
    """Soft shapes with a little noise, as photos have them."""
    rng = np.random.default_rng(0)
    soft = Image.fromarray(rng.integers(0, 256, (height // 12, width // 12, 3), np.uint8))
    soft = np.asarray(soft.resize((width, height), Image.Resampling.BICUBIC), int)
    return Image.fromarray(np.clip(soft + rng.integers(-8, 8, soft.shape), 0, 255).astype(np.uint8))


def holed(tmp_path, name, options, start, end):
    """A photo with zeros in a part of its file; (path, its content before)."""
    path = saved(tmp_path / name, photo().convert("L") if name.startswith("grey") else photo(), **options)
    content = path.read_bytes()
    start, end = int(len(content) * start), int(len(content) * end)
    path.write_bytes(content[:start] + bytes(end - start) + content[end:])
    return path


@pytest.mark.parametrize("part", [(0.5, 1), (0.5, 0.75), (0.5, 0.52)], ids=["half", "quarter", "little"])
@pytest.mark.parametrize("name", TOLD)
def test_a_photo_with_a_hole_in_the_middle_is_refused(tmp_path, name, part):
    """What stands behind the hole cannot be unpacked."""
    said = reason(holed(tmp_path, name, TOLD[name], *part))
    percent = int(
        said.removeprefix("the file is truncated or damaged, and only ").removesuffix(" % of the picture is there.")
    )
    assert 44 <= percent <= 52


@pytest.mark.parametrize("name", ["plain.jpg", "optimal.jpg", "grey.jpg", "a.png", "a.heic"])
def test_a_few_zeros_at_the_end_are_noted(tmp_path, name):
    path = holed(tmp_path, name, TOLD[name], 0.98, 1)
    note = check_image(path)
    assert note.endswith(" % of the picture is missing")
    assert 0.5 < float(note.partition(" ")[0]) < 5
    assert read_image(path, (30, 40)).shape == (30, 40, 3)


def test_a_webp_whose_half_is_zeros_is_refused(tmp_path):
    assert "only 49 % of the picture is there" in reason(holed(tmp_path, "a.webp", {"quality": 95}, 0.5, 1))


@pytest.mark.parametrize("method", [0, 1, 2, 4])
@pytest.mark.parametrize("quality", [100, 95, 30])
def test_a_sound_webp_may_be_full_of_zeros(tmp_path, quality, method):
    """Noise above white: the packed white is one run of zeros."""
    picture = Image.new("RGB", (400, 400), "white")
    picture.paste(photo(400, 100))
    path = saved(tmp_path / "a.webp", picture, quality=quality, method=method)
    assert method or quality < 95 or bytes(300) in path.read_bytes()
    assert check_image(path) == ""


@pytest.mark.parametrize(
    "options", [{}, {"optimize": True}, {"progressive": True}, {"restart_marker_rows": 1}], ids=str
)
def test_a_jpeg_that_ends_in_zeros_lacks_its_end(tmp_path, options):
    path = saved(tmp_path / "a.jpg", quarters(400, 300), **options)
    path.write_bytes(path.read_bytes()[:-2] + bytes(2))
    assert check_image(path) == END
    assert_quarters(read_image(path))


def test_a_jpeg_goes_on_at_its_next_restart(tmp_path):
    path = saved(tmp_path / "a.jpg", photo(), restart_marker_rows=1)
    content = path.read_bytes()
    path.write_bytes(content[:9000] + bytes(300) + content[9300:])
    note = check_image(path)
    assert note.endswith(" % of the picture is missing")
    sound = np.asarray(Image.open(io.BytesIO(content)).convert("RGB")).astype(int)
    assert (np.abs(read_image(path) - sound).max(axis=(1, 2)) > 0).mean() < 0.15
    path.write_bytes(content[:9000] + bytes(3000) + content[12_000:])
    assert "only 77 %" in reason(path)


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits"])
def test_a_tiff_with_a_hole_is_refused(tmp_path, compression):
    path = saved(tmp_path / "a.tif", photo(), compression=compression, tiffinfo={278: 16})
    content = path.read_bytes()
    path.write_bytes(content[:8000] + bytes(len(content) // 2) + content[8000 + len(content) // 2 :])
    assert "% of the picture is there" in reason(path)


@pytest.mark.parametrize("compression", ["tiff_lzw", "jpeg"])
def test_a_tiff_that_does_not_say_where_its_strips_are_is_refused(tmp_path, compression, capfd):
    path = saved(tmp_path / "a.tif", photo(), compression=compression, tiffinfo={278: 16})
    content = path.read_bytes()
    with Image.open(path) as image:
        offsets = struct.pack(f"<{len(image.tag_v2[273])}L", *image.tag_v2[273])
    assert content.count(offsets) == 1
    path.write_bytes(content.replace(offsets, offsets[:20] + bytes(len(offsets) - 20)))
    assert reason(path) == "the file is truncated or damaged, and only 33 % of the picture is there."
    path.write_bytes(content[:-40] + bytes(40))
    reason(path)
    assert capfd.readouterr().err == ""


def test_a_tiff_without_its_list_of_tags_is_refused_for_that(tmp_path):
    path = saved(tmp_path / "a.tif", photo(), compression="tiff_lzw")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert reason(path) == "the file is truncated: the list of its tags is missing."
    path.write_bytes(content[: len(content) // 2] + bytes(len(content) // 2))
    assert reason(path) == "the file is damaged: the list of its tags is empty."


def flat(colour, spot):
    """One colour, with a spot of noise at a place or without one."""
    pixels = np.full((1200, 1600, 3), colour, np.uint8)
    if spot is not None:
        pixels[spot : spot + 200, 700:900] = np.random.default_rng(0).integers(0, 256, (200, 200, 3), np.uint8)
    return Image.fromarray(pixels)


@pytest.mark.parametrize("spot", [None, 0, 500, 1000], ids=["flat", "above", "middle", "below"])
@pytest.mark.parametrize("colour", [255, 0, (200, 30, 30)], ids=["white", "black", "red"])
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.jpg", {}),
        ("a.jpg", {"optimize": True}),
        ("a.jpg", {"progressive": True}),
        ("a.jpg", {"restart_marker_rows": 1, "optimize": True, "quality": 20}),
        ("a.png", {}),
        ("a.png", {"compress_level": 0}),
        ("a.webp", {"method": 4, "quality": 5}),
        ("a.webp", {"lossless": True, "method": 0}),
        ("a.avif", {"speed": 10}),
        ("a.heic", {}),
        ("a.gif", {}),
        ("a.tif", {}),
        ("a.tif", {"compression": "tiff_lzw"}),
        ("a.tif", {"compression": "packbits"}),
        ("a.tif", {"compression": "tiff_adobe_deflate"}),
        ("a.tif", {"compression": "jpeg"}),
        ("a.bmp", {}),
    ],
    ids=str,
)
def test_a_sound_photo_that_is_flat_has_no_holes(tmp_path, name, options, colour, spot):
    assert check_image(saved(tmp_path / name, flat(colour, spot), **options)) == ""


def test_what_phones_store_beside_a_photo_may_be_zeros(tmp_path):
    """EXIF data with room for more, in the part of the file where the pixels are too."""
    for name in ("a.heic", "a.avif", "a.jpg"):
        exif = Image.Exif()
        exif[0x010E] = "x" * 10 + "\0" * 3000 + "x"
        path = saved(tmp_path / name, quarters(), exif=exif)
        assert bytes(1000) in path.read_bytes()
        assert check_image(path) == ""
