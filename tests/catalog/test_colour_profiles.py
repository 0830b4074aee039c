"""Colour profiles: the same photo in another colour space gives the same pixels."""

import io
import threading

import numpy as np
import pytest
from icc_cases import P3, PROPHOTO, SRGB, cmyk_profile, grey_profile, rgb_profile
from image_cases import GREEN, RED, WHITE, assert_quarters, corners, quarters, saved
from PIL import Image, ImageCms

from shopsim.catalog.photos import colour_profiles
from shopsim.catalog.photos.colour_profiles import DAMAGED_PROFILE, profile_mode
from shopsim.catalog.photos.images import check_image, read_image, thumbnail
from shopsim.features.extractors import extractors

PROFILES = {
    "Display P3": rgb_profile(P3, "sRGB"),
    "ProPhoto": rgb_profile(PROPHOTO, 1.8),
    "gamma 1.0": rgb_profile(SRGB, 1.0),
}


def in_space(image, profile):
    """The same colours as numbers of another space."""
    return ImageCms.profileToProfile(
        image, ImageCms.createProfile("sRGB"), ImageCms.ImageCmsProfile(io.BytesIO(profile)), outputMode=image.mode
    )


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp", ".avif", ".heic"])
@pytest.mark.parametrize("name", PROFILES)
def test_a_photo_in_another_colour_space_has_the_same_colours(tmp_path, name, suffix):
    other = in_space(quarters(), PROFILES[name])
    assert np.abs(corners(np.asarray(other)) - corners(np.asarray(quarters()))).max() > 15
    path = saved(tmp_path / f"photo{suffix}", other, icc_profile=PROFILES[name])
    assert check_image(path) == ""
    # A linear space keeps few levels for what is dark.
    tolerance = 25 if name == "gamma 1.0" else 12
    assert_quarters(read_image(path, (32, 48)), tolerance)
    assert_quarters(read_image(path), tolerance)
    assert thumbnail(path, 32)[:2] == b"\xff\xd8"


def test_an_srgb_profile_under_any_name_changes_no_byte(tmp_path):
    photo = Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8))
    plain = read_image(saved(tmp_path / "plain.png", photo), (20, 20))
    for number, profile in enumerate(
        (rgb_profile(SRGB, "sRGB"), ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    ):
        path = saved(tmp_path / f"{number}.png", photo, icc_profile=profile)
        np.testing.assert_array_equal(read_image(path, (20, 20)), plain)


def test_a_grey_profile_makes_the_photo_as_light_as_it_is_meant(tmp_path):
    path = saved(tmp_path / "grey.png", Image.new("L", (16, 16), 128), icc_profile=grey_profile(1.0))
    assert read_image(path, (4, 4))[0, 0].tolist() == pytest.approx([188] * 3, abs=1)


def test_a_cmyk_photo_is_turned_by_its_profile(tmp_path):
    for ink, light in (((0, 0, 0, 0), 255), ((0, 0, 0, 255), 0)):
        path = saved(tmp_path / "ink.tif", Image.new("CMYK", (16, 16), ink), icc_profile=cmyk_profile())
        assert read_image(path, (4, 4))[0, 0].tolist() == pytest.approx([light] * 3, abs=2)


@pytest.mark.parametrize("mode", ["P", "RGBA", "1", "LA"])
def test_any_mode_with_a_profile_is_read(tmp_path, mode):
    path = saved(tmp_path / "photo.png", quarters().convert(mode), icc_profile=PROFILES["Display P3"])
    assert check_image(path) == ""
    assert corners(read_image(path, (32, 48)))[3].tolist() == list(WHITE)


def test_transparent_stays_white_in_another_space(tmp_path):
    image = in_space(quarters(), PROFILES["ProPhoto"])
    image.putalpha(Image.fromarray(np.repeat(np.repeat(np.array([[0, 255]], np.uint8), 64, 0), 48, 1)))
    found = corners(read_image(saved(tmp_path / "cutout.png", image, icc_profile=PROFILES["ProPhoto"])))
    np.testing.assert_allclose(found, [WHITE, GREEN, WHITE, WHITE], atol=12)


@pytest.mark.parametrize(
    "profile", [b"nonsense", PROFILES["ProPhoto"][:200], PROFILES["Display P3"][:-900], bytes(400)]
)
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
def test_a_damaged_profile_is_ignored_and_said(tmp_path, suffix, profile):
    path = saved(tmp_path / f"photo{suffix}", quarters(), icc_profile=profile)
    assert check_image(path) == DAMAGED_PROFILE
    assert_quarters(read_image(path))


def test_a_profile_of_other_pixels_than_the_photo_has_is_ignored(tmp_path):
    path = saved(tmp_path / "photo.png", quarters(), icc_profile=cmyk_profile())
    assert_quarters(read_image(path))
    path = saved(tmp_path / "grey.jpg", Image.new("L", (16, 16), 200), icc_profile=rgb_profile(SRGB, "sRGB"))
    assert read_image(path)[0, 0].tolist() == pytest.approx([200] * 3, abs=1)


def test_a_profile_of_gigabytes_is_not_read():
    assert profile_mode(PROFILES["ProPhoto"] + bytes(colour_profiles.MOST_PROFILE_BYTES)) is None


def test_each_thread_has_transforms_of_its_own_and_only_the_last_few():
    seen = []

    def use(profiles):
        for profile in profiles:
            colour_profiles.to_srgb(quarters(), profile)
        seen.append(dict(colour_profiles._of_thread.kept))

    many = [rgb_profile(P3, 1 + number / 10) for number in range(12)]
    for profiles in (many, many[:1]):
        thread = threading.Thread(target=use, args=(profiles,))
        thread.start()
        thread.join()
    assert [len(kept) for kept in seen] == [8, 1]
    assert not {id(each) for each in seen[0].values()} & {id(each) for each in seen[1].values()}


@pytest.mark.parametrize("name", ["Display P3", "ProPhoto"])
def test_an_extractor_sees_the_same_in_another_colour_space(tmp_path, name):
    waves = np.add.outer(np.sin(np.linspace(0, 9, 96)), np.sin(np.linspace(0, 17, 96))) / 4 + 0.5
    grey = (waves * 255).astype(np.uint8)
    photo = Image.fromarray(np.dstack([grey, grey[:, ::-1], grey[::-1]]))
    paths = [
        saved(tmp_path / "srgb.png", photo),
        saved(tmp_path / "other.png", in_space(photo, PROFILES[name]), icc_profile=PROFILES[name]),
    ]
    extractor = extractors.create("color_shape")
    one, other = extractor.extract(np.stack([read_image(path, extractor.image_size) for path in paths]))
    assert one @ other / np.linalg.norm(one) / np.linalg.norm(other) > 0.995


def test_red_of_a_wide_space_is_no_red_of_srgb_without_its_profile(tmp_path):
    other = in_space(quarters(), PROFILES["ProPhoto"])
    del other.info["icc_profile"]
    bare = corners(read_image(saved(tmp_path / "bare.png", other)))
    assert np.abs(bare[0] - RED).max() > 15
