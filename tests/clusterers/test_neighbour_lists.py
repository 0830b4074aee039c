"""Neighbour lists against brute force: the nearest first, and of equally near ones the first in order."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors
from vectors import clustered_rows

from shopsim.clusterers import nearest_lists as search
from shopsim.clusterers.neighbour_lists import neighbour_lists


@pytest.fixture
def small_tiles(monkeypatch):
    """Tiles of a few rows and columns, so that a small input has many of them."""
    monkeypatch.setattr(search, "BLOCK_ROWS", 16)
    monkeypatch.setattr(search, "TILE_COLUMNS", 40)


def by_brute_force(similarity, k):
    """The k highest of each row of a square matrix, without the diagonal, by a stable sort."""
    similarity = similarity.astype(np.float64)
    np.fill_diagonal(similarity, -np.inf)
    return np.argsort(-similarity, axis=1, kind="stable")[:, :k]


@pytest.mark.parametrize("n_rows, k", [(2500, 24), (300, 5), (300, 299), (20, 50), (1030, 700)])
def test_the_nearest_are_scikit_learns(n_rows, k):
    rows = clustered_rows(n_rows)
    lists = neighbour_lists(rows, k)
    found = NearestNeighbors(n_neighbors=min(k, n_rows - 1), metric="cosine").fit(rows)
    distance, reference = found.kneighbors()
    assert (lists.ids == reference).mean() > 0.999
    assert np.allclose(lists.similarity, 1 - distance, atol=1e-6)


@pytest.mark.parametrize("k", [1, 3, 8, 30, 130])
def test_equally_near_rows_are_taken_in_their_order(small_tiles, k):
    # Small whole numbers: many ties, negative ones and 0 too, and no rounding.
    rows = np.random.default_rng(k).integers(-2, 3, size=(150, 4)).astype(np.float32)
    lists = search.nearest_lists(rows, np.zeros(150, np.float32), k)
    lists.sort()
    expected = by_brute_force(rows @ rows.T, k)
    assert np.array_equal(lists.ids, expected)
    assert np.array_equal(lists.similarity, np.take_along_axis(rows @ rows.T, expected, axis=1))


def test_an_offset_makes_a_row_less_near(small_tiles):
    rng = np.random.default_rng(0)
    rows, offsets = rng.standard_normal((90, 5), dtype=np.float32), rng.random(90, dtype=np.float32)
    lists = search.nearest_lists(rows, offsets, 6)
    lists.sort()
    assert np.array_equal(lists.ids, by_brute_force(rows @ rows.T - offsets - offsets[:, None], 6))


def test_a_list_that_is_not_full_says_so():
    lists = search.nearest_lists(np.eye(3, dtype=np.float32), np.zeros(3, np.float32), 4)
    lists.sort()
    assert lists.ids.tolist() == [[1, 2, -1, -1], [0, 2, -1, -1], [0, 1, -1, -1]]
    assert np.isneginf(lists.similarity[:, 2:]).all() and np.isneginf(lists.least).all()


def test_vectors_of_any_length_are_compared_by_cosine():
    rows = clustered_rows(40)
    longer = rows * np.linspace(0.1, 9, 40, dtype=np.float32)[:, None]
    assert np.array_equal(neighbour_lists(longer, 5).ids, neighbour_lists(rows, 5).ids)


@pytest.mark.parametrize("n_rows", [0, 1])
def test_a_lonely_photo_has_no_neighbour(n_rows):
    assert neighbour_lists(clustered_rows(n_rows), 5).ids.shape == (n_rows, 0)


def test_vectors_must_be_finite():
    with pytest.raises(ValueError, match="finite"):
        neighbour_lists(np.array([[1, np.nan], [0, 1]]), 1)
