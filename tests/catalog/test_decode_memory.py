"""No photo takes more memory than allowed: what it takes is known before, and large ones are read in bands."""

import subprocess
import sys

import numpy as np
import pytest
import tifffile
from image_cases import png, saved
from PIL import Image

from shopsim import ShopsimError
from shopsim.catalog.photos import decode_memory, images, png_bands, reduced, tiff_bands
from shopsim.catalog.photos.decode_memory import MOST_BYTES, decoded_bytes
from shopsim.catalog.photos.formats import AVIF, HEIC, JPEG, PNG, TIFF, WEBP
from shopsim.catalog.photos.images import check_image, read_image, thumbnail
from shopsim.catalog.photos.opening import opened

PEAK = """
import resource, sys
from pathlib import Path
from shopsim.catalog.photos.images import check_image, read_image
from shopsim.catalog.photos.formats import format_of
path = Path(sys.argv[1])
format_of(path.open("rb").read(64)).load_plugin()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
read_image(path, (224, 224)), check_image(path)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def wavy(width=701, height=530):
    """A picture that changes slowly, so that what is averaged first differs little from what is not."""
    waves = np.add.outer(np.sin(np.linspace(0, 9, height)), np.sin(np.linspace(0, 17, width)))
    return waves / 4 + 0.5


def wavy_rgb():
    grey = (wavy() * 255).astype(np.uint8)
    return Image.fromarray(np.dstack([grey, grey[:, ::-1], grey[::-1]]))


def wavy_rgba():
    image = wavy_rgb()
    image.putalpha(Image.fromarray((wavy() * 255).astype(np.uint8)[::-1, ::-1]))
    return image


def turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


def numbers(scale, kind):
    return Image.fromarray((wavy() * scale - (1 if kind is np.float32 else 0)).astype(kind))


IN_BANDS = {
    "raw.tif": (wavy_rgb, {}),
    "lzw.tif": (wavy_rgb, {"compression": "tiff_lzw"}),
    "jpeg.tif": (wavy_rgb, {"compression": "jpeg"}),
    "deflate.tif": (wavy_rgba, {"compression": "tiff_adobe_deflate"}),
    "cmyk.tif": (lambda: wavy_rgb().convert("CMYK"), {"compression": "packbits"}),
    "palette.tif": (lambda: wavy_rgb().quantize(50), {}),
    "integers.tif": (lambda: numbers(60_000, np.int32), {"compression": "tiff_deflate"}),
    "floats.tif": (lambda: numbers(3, np.float32), {"compression": "tiff_deflate"}),
    "sixteen.tif": (lambda: numbers(65_535, np.uint16), {"compression": "tiff_lzw"}),
    "turned.tif": (wavy_rgb, {"compression": "tiff_lzw", "exif": turned()}),
    "rgb.png": (wavy_rgb, {}),
    "rgba.png": (wavy_rgba, {}),
    "grey_alpha.png": (lambda: wavy_rgba().convert("LA"), {}),
    "palette.png": (lambda: wavy_rgb().quantize(50), {"transparency": 3}),
    "four_bits.png": (lambda: wavy_rgb().quantize(9), {"bits": 4}),
    "sixteen.png": (lambda: numbers(65_535, np.uint16), {}),
}


@pytest.fixture
def allowed(monkeypatch):
    """Sets how many bytes a photo may take, and makes bands so small that there are several."""

    def allow(n_bytes):
        for module in (decode_memory, images, reduced):
            monkeypatch.setattr(module, "MOST_BYTES", n_bytes)
        monkeypatch.setattr(decode_memory.refuse_above, "__defaults__", (n_bytes,))
        monkeypatch.setattr(tiff_bands, "_BAND_PIXELS", 40_000)
        monkeypatch.setattr(png_bands, "_BAND_BYTES", 30_000)

    return allow


@pytest.mark.parametrize("name", IN_BANDS)
def test_a_photo_read_in_bands_looks_as_one_read_whole(tmp_path, allowed, monkeypatch, name):
    make, options = IN_BANDS[name]
    path = saved(tmp_path / name, make(), **options)
    whole = read_image(path, (50, 40)).astype(int)
    allowed(350_000)
    in_bands = read_image(path, (50, 40)).astype(int)
    assert np.abs(in_bands - whole).max() <= (6 if "four" in name or "palette" in name else 2)
    assert check_image(path) == ""
    assert thumbnail(path, 8)[:2] == b"\xff\xd8"


@pytest.mark.parametrize(
    "options",
    [{"tile": (64, 128)}, {"tile": (64, 128), "compression": "zlib"}, {"bigtiff": True, "rowsperstrip": 7}],
    ids=["tiles", "packed tiles", "BigTIFF"],
)
def test_tiles_and_bigtiff_are_read_in_bands(tmp_path, allowed, options):
    tifffile.imwrite(tmp_path / "a.tif", np.asarray(wavy_rgb()), photometric="rgb", **options)
    whole = read_image(tmp_path / "a.tif", (50, 40)).astype(int)
    allowed(350_000)
    assert np.abs(read_image(tmp_path / "a.tif", (50, 40)) - whole).max() <= 2


@pytest.mark.parametrize("name", ["lzw.tif", "rgb.png"])
def test_a_truncated_photo_in_bands_is_refused(tmp_path, allowed, name):
    path = saved(tmp_path / name, wavy_rgb(), **IN_BANDS[name][1])
    content = bytearray(path.read_bytes())
    if name.endswith(".png"):
        path.write_bytes(content[: len(content) // 2])
    else:
        # The list of tags stands at the end, so that what is cut out is moved there.
        with opened(path) as photo:
            last = photo.image.tag_v2[273][-1]
        path.write_bytes(content[:last] + content[last:].replace(content[last : last + 40], b"\xff" * 40))
    allowed(350_000)
    with pytest.raises(ShopsimError, match="truncated"):
        read_image(path, (50, 40))


@pytest.mark.parametrize(
    ("name", "needed"),
    [
        ("bmp.bmp", "2 MB"),
        ("gif.gif", "2 MB"),
        ("webp.webp", "6 MB"),
        ("progressive.jpg", "2 MB"),
    ],
)
def test_what_cannot_be_read_in_parts_is_refused_before_it_is_decoded(tmp_path, allowed, monkeypatch, name, needed):
    options = {"progressive": True, "subsampling": 0} if "progressive" in name else {}
    path = saved(tmp_path / name, wavy_rgb(), **options)

    def decode(*_):
        raise AssertionError("decoded")

    allowed(100_000)
    monkeypatch.setattr("shopsim.catalog.photos.images.load_what_is_there", decode)
    monkeypatch.setattr("shopsim.catalog.photos.reduced.load_what_is_there", decode)
    with pytest.raises(ShopsimError) as caught:
        read_image(path, (50, 40))
    assert str(caught.value) == (
        f"Cannot read '{name}' as an image: it needs {needed} to decode, and at most 0 MB is allowed."
    )
    for read in (check_image, lambda path: thumbnail(path, 8), read_image):
        with pytest.raises(ShopsimError, match="to decode, and at most 0 MB is allowed"):
            read(path)


def test_the_sentence_names_both_figures(tmp_path):
    path = tmp_path / "a.bmp"
    path.write_bytes(saved(path, Image.new("RGB", (8, 8))).read_bytes())
    content = bytearray(path.read_bytes())
    content[18:26] = (13_000).to_bytes(4, "little") + (13_000).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(ShopsimError) as caught:
        read_image(path, (224, 224))
    assert str(caught.value) == (
        "Cannot read 'a.bmp' as an image: it needs 0.6 GB to decode, and at most 0.5 GB is allowed."
    )


def test_a_photo_that_is_one_pixel_wide_and_twenty_million_high_is_no_trap(tmp_path):
    path = tmp_path / "sliver.png"
    path.write_bytes(png(1, 20_000_000, b"\0\xff" * 20_000_000, colour=0))
    assert read_image(path, (32, 224)).min() == 255


def test_interlaced_and_planar_photos_above_the_limit_are_refused(tmp_path, allowed):
    tifffile.imwrite(tmp_path / "a.tif", np.asarray(wavy_rgb()).transpose(2, 0, 1), planarconfig="separate")
    allowed(100_000)
    with pytest.raises(ShopsimError, match="at most"):
        read_image(tmp_path / "a.tif", (50, 40))


@pytest.mark.parametrize(
    ("form", "options", "n_bytes"),
    [
        (JPEG, {}, 4),
        (JPEG, {"progressive": True, "subsampling": 0}, 10),
        (JPEG, {"progressive": True, "subsampling": 2}, 7),
        (PNG, {}, 4),
        (TIFF, {}, 4),
        (WEBP, {}, 17),
        (AVIF, {}, 16),
        (HEIC, {"chroma": 420}, 10),
        (HEIC, {"chroma": 444}, 16),
    ],
)
def test_what_a_decoder_takes_is_known_per_pixel(tmp_path, form, options, n_bytes):
    form.load_plugin()
    path = saved(tmp_path / "photo", Image.new("RGB", (2048, 1024)), format=form.pillow, **options)
    with opened(path) as photo:
        assert decoded_bytes(photo.image, form) / (2048 * 1024) == pytest.approx(n_bytes, rel=0.06)


def test_the_coefficients_of_a_progressive_jpeg_are_counted_at_any_scale(tmp_path):
    path = saved(tmp_path / "a.jpg", Image.new("RGB", (2048, 1024)), progressive=True, subsampling=0)
    with opened(path) as photo:
        photo.draft("RGB", (256, 128))
        assert photo.image.size == (256, 128)
        assert decoded_bytes(photo.image, JPEG) / (2048 * 1024) == pytest.approx(6, rel=0.1)


def test_a_jpeg_of_one_scan_per_colour_is_counted_as_a_progressive_one(tmp_path):
    path = saved(tmp_path / "a.jpg", Image.new("RGB", (2048, 1024)), subsampling=0)
    content = path.read_bytes()
    at = content.index(b"\xff\xda")
    # The first scan has the first colour only; the header alone tells.
    path.write_bytes(content[:at] + b"\xff\xda\0\x08\x01\x01\0\0\x3f\0" + content[at + 14 :])
    with opened(path) as photo:
        assert decoded_bytes(photo.image, JPEG) / (2048 * 1024) == pytest.approx(10, rel=0.06)


@pytest.mark.parametrize(
    ("name", "make", "options"),
    [
        ("a.tif", lambda side: np.zeros((side, side), np.int32), {"compression": "tiff_adobe_deflate"}),
        ("a.png", lambda side: np.zeros((side, side, 4), np.uint8), {"compress_level": 1}),
    ],
)
def test_a_real_photo_takes_no_more_than_is_allowed(tmp_path, name, make, options):
    # 36 million pixels: three times as much as the old way of converting took for one.
    path = saved(tmp_path / name, Image.fromarray(make(6000)), **options)
    told = subprocess.run([sys.executable, "-c", PEAK, path], capture_output=True, text=True, check=True)
    assert int(told.stdout) < MOST_BYTES >> 20


def test_a_packed_tiff_is_counted_with_its_file(tmp_path):
    path = saved(tmp_path / "a.tif", Image.effect_noise((512, 512), 90).convert("RGB"), compression="tiff_lzw")
    with opened(path) as photo:
        least = 512 * 512 * 4 + path.stat().st_size
        assert least <= decoded_bytes(photo.image, TIFF) <= least + 512 * 512 * 3


@pytest.mark.slow
def test_the_largest_integer_tiff_takes_no_more_than_is_allowed(tmp_path):
    image = Image.fromarray(np.zeros((13_377, 13_377), np.int32))
    path = saved(tmp_path / "a.tif", image, compression="tiff_adobe_deflate")
    told = subprocess.run([sys.executable, "-c", PEAK, path], capture_output=True, text=True, check=True)
    assert int(told.stdout) < MOST_BYTES >> 20
