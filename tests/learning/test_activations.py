"""What the frozen part of a network makes of photos, on disk."""

import numpy as np
import pytest

from shopsim import ShopsimError
from shopsim.catalog.open_folder import load_catalog
from shopsim.learning.network.activations import KIND, Stem, StemView, activations_of


class FakeStem(Stem):
    """Means of 2 x 2 fields, without a network."""

    def __init__(self):
        self.shape, self.key, self.side, self.n_seen = (2, 2, 3), "fake", 16, 0

    def __call__(self, photos):
        self.n_seen += len(photos)
        return photos.reshape(len(photos), 2, 8, 2, 8, 3).mean(axis=(2, 4), dtype=np.float32)


@pytest.fixture
def catalog(tiny_catalog, tmp_path):
    return load_catalog(tiny_catalog, cache=tmp_path)


def test_each_view_of_each_photo_is_computed_once(catalog, tmp_path):
    stem = FakeStem()
    first = activations_of(catalog, stem, 3, tmp_path)
    again = activations_of(catalog, stem, 3, tmp_path)
    assert stem.n_seen == 3 * len(catalog.images)
    photos = np.arange(len(first))
    for view in range(3):
        np.testing.assert_array_equal(first.read(photos, view), again.read(photos, view))


def test_rows_are_those_of_the_photos_and_views_asked_for(catalog, tmp_path):
    found = activations_of(catalog, FakeStem(), 3, tmp_path)
    photos, views = np.array([5, 2, 2, 9, 5]), np.array([0, 1, 2, 0, 1])
    rows = found.read(photos, views)
    assert (rows.shape, rows.dtype) == ((5, 2, 2, 3), np.float16)
    for row, photo, view in zip(rows, photos, views, strict=True):
        np.testing.assert_array_equal(row, found.read(np.array([photo]), int(view))[0])
    assert (rows[1] != rows[2]).any()


def test_the_first_view_is_the_photo_as_extractors_see_it():
    assert StemView(FakeStem(), 0).image_size == (16, 16)
    assert StemView(FakeStem(), 1).image_size == (18, 18)
    assert len({StemView(FakeStem(), view).key for view in range(4)}) == 4


def test_a_photo_that_has_gone_is_told(catalog, tmp_path):
    catalog.images[3].path.unlink()
    with pytest.raises(ShopsimError, match=rf"'{catalog.images[3].image_id}' cannot be learnt from"):
        activations_of(catalog, FakeStem(), 2, tmp_path)


def test_rows_stay_readable_when_the_cache_is_cleared_meanwhile(catalog, tmp_path):
    import shutil

    found = activations_of(catalog, FakeStem(), 1, tmp_path)
    before = found.read(np.arange(4))
    shutil.rmtree(tmp_path / KIND)
    np.testing.assert_array_equal(found.read(np.arange(4)), before)
