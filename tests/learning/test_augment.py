"""Edited views of photos."""

import numpy as np
import pytest
from PIL import Image

from shopsim.learning.network.augment import _on_another_background, augmented


@pytest.fixture
def photo():
    return np.random.default_rng(0).integers(0, 256, (80, 80, 3), np.uint8)


def test_a_view_is_the_same_every_time(photo):
    np.testing.assert_array_equal(augmented(photo, 2, 64), augmented(photo.copy(), 2, 64))


def test_views_differ_from_each_other_and_between_photos(photo):
    views = [augmented(photo, view, 64) for view in (1, 2, 3)] + [augmented(photo[::-1], 1, 64)]
    assert len({view.tobytes() for view in views}) == len(views)


@pytest.mark.parametrize("view", range(1, 30))
def test_a_view_has_the_size_asked_for(photo, view):
    made = augmented(photo, view, 48)
    assert (made.shape, made.dtype) == ((48, 48, 3), np.uint8)


def test_a_photo_stays_recognisable():
    """A red photo stays rather red in most views: the edits are those of sellers, not noise."""
    red = np.zeros((64, 64, 3), np.uint8)
    red[..., 0] = 200
    means = np.array([augmented(red, view, 64).mean(axis=(0, 1)) for view in range(1, 40)])
    assert (means[:, 0] > 3 * means[:, 1]).mean() > 0.9


def before_another(pixels, seed=0):
    return np.asarray(_on_another_background(Image.fromarray(pixels), np.random.default_rng(seed)))


def test_a_plain_background_is_changed_and_the_product_is_not():
    white = np.full((64, 64, 3), 250, np.uint8)
    white[16:48, 16:48] = (180, 20, 20)
    # A label as white as the background.
    white[28:36, 28:36] = 250
    made = before_another(white)
    np.testing.assert_array_equal(made[18:46, 18:46], white[18:46, 18:46])
    corners = made[[2, 2, 61, 61], [2, 61, 2, 61]].astype(int)
    assert (np.abs(corners - 250).max(axis=1) > 20).all()
    assert before_another(white, 1)[2, 2].tolist() != made[2, 2].tolist()


def test_without_a_plain_background_nothing_is_changed(photo):
    np.testing.assert_array_equal(before_another(photo), photo)
    blank = np.full((64, 64, 3), 250, np.uint8)
    np.testing.assert_array_equal(before_another(blank), blank)
