"""Edited views of photos."""

import numpy as np
import pytest

from shopsim.learning.augment import augmented


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
