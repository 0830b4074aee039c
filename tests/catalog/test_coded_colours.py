"""Colours that are told by numbers instead of a profile: PNG's small chunks, code points of AVIF and HEIC."""

import struct
import zlib

import numpy as np
import pytest
from icc_cases import P3, PROPHOTO, SRGB, rgb_profile
from image_cases import assert_quarters, corners, quarters, saved
from PIL import Image
from test_colour_profiles import in_space

from shopsim.catalog.photos.images import check_image, read_image

ADOBE = (31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000)
SRGB_PLACES = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)


def png_with(path, image, **chunks):
    """A PNG with these chunks before its pixels."""
    image.info.pop("icc_profile", None)
    content = saved(path, image).read_bytes()
    at = content.index(b"IDAT") - 4
    added = b"".join(
        struct.pack(">L", len(data)) + kind.encode() + data + struct.pack(">L", zlib.crc32(kind.encode() + data))
        for kind, data in chunks.items()
    )
    path.write_bytes(content[:at] + added + content[at:])
    return path


def gamma(value):
    return struct.pack(">L", round(value * 100_000))


def test_a_png_in_p3_by_its_code_points(tmp_path):
    image = in_space(quarters(), rgb_profile(P3, "sRGB"))
    path = png_with(tmp_path / "a.png", image, cICP=bytes((12, 13, 0, 1)))
    assert check_image(path) == ""
    assert_quarters(read_image(path), 3)
    assert_quarters(read_image(path, (32, 48)), 3)


@pytest.mark.parametrize("power", [1.0, 1.8])
def test_a_png_with_another_gamma(tmp_path, power):
    image = in_space(quarters(), rgb_profile(SRGB, power))
    path = png_with(tmp_path / "a.png", image, gAMA=gamma(1 / power))
    assert check_image(path) == ""
    assert_quarters(read_image(path), 25 if power == 1 else 6)


def test_grey_in_linear_light(tmp_path):
    path = png_with(tmp_path / "a.png", Image.new("L", (16, 16), 128), gAMA=gamma(1.0))
    assert read_image(path)[0, 0].tolist() == pytest.approx([188] * 3, abs=1)


def test_primaries_of_its_own(tmp_path):
    path = png_with(tmp_path / "a.png", quarters(), gAMA=gamma(1 / 2.2), cHRM=struct.pack(">8L", *ADOBE))
    before, after = corners(np.asarray(quarters())), corners(read_image(path))
    # Its green is greener than that of sRGB, so that numbers for red and green become larger and smaller.
    assert after[0][0] > before[0][0] + 15
    assert after[3].tolist() == [255, 255, 255]


@pytest.mark.parametrize(
    "chunks",
    [
        {"gAMA": gamma(1 / 2.2)},
        {"gAMA": gamma(0.45455), "cHRM": struct.pack(">8L", *SRGB_PLACES)},
        {"gAMA": gamma(1.0), "sRGB": b"\0"},
        {"gAMA": gamma(0)},
        {"gAMA": gamma(1000)},
        {"gAMA": b"\xff" * 4},
        {"cHRM": bytes(32)},
        {"gAMA": gamma(0.6), "cHRM": bytes(32)},
        {"cICP": bytes((1, 13, 0, 1))},
        {"cICP": bytes((9, 16, 0, 1))},
        {"cICP": bytes((2, 2, 0, 1))},
        {"gAMA": b"\0"},
        {"cICP": b"\1"},
    ],
    ids=str,
)
def test_what_says_nothing_else_than_srgb_changes_no_byte(tmp_path, chunks):
    path = png_with(tmp_path / "a.png", quarters(), **chunks)
    assert check_image(path) == ""
    np.testing.assert_array_equal(read_image(path), np.asarray(quarters()))


def test_a_profile_goes_before_gamma(tmp_path):
    profile = rgb_profile(PROPHOTO, 1.8)
    image = in_space(quarters(), profile)
    content = saved(tmp_path / "a.png", image, icc_profile=profile).read_bytes()
    at = content.index(b"IDAT") - 4
    data = b"gAMA" + gamma(1.0)
    chunk = struct.pack(">L", 4) + data + struct.pack(">L", zlib.crc32(data))
    (tmp_path / "a.png").write_bytes(content[:at] + chunk + content[at:])
    assert_quarters(read_image(tmp_path / "a.png"))


@pytest.mark.parametrize("suffix", [".avif", ".heic"])
def test_code_points_of_an_avif_or_heic(tmp_path, suffix):
    """The writers say sRGB; the same file with other code points has other colours."""
    image = in_space(quarters(), rgb_profile(P3, "sRGB"))
    del image.info["icc_profile"]
    path = saved(tmp_path / f"a{suffix}", image, **({"save_nclx_profile": True} if suffix == ".heic" else {}))
    content = bytearray(path.read_bytes())
    if b"colrnclx" not in content:
        pytest.skip("the writer notes no code points")
    at = content.index(b"colrnclx") + 8
    content[at : at + 4] = struct.pack(">HH", 12, 13)
    path.write_bytes(content)
    assert check_image(path) == ""
    assert_quarters(read_image(path))
    content[at : at + 4] = struct.pack(">HH", 1, 13)
    path.write_bytes(content)
    assert np.abs(corners(read_image(path)) - corners(np.asarray(quarters()))).max() > 15
