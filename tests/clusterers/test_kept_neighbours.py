"""Neighbour lists are searched once for the same rows, and those of copies follow from them."""

import numpy as np
import pytest
from vectors import clustered_rows

from shopsim.base.disk.store import Store
from shopsim.clusterers import clusterers, kept_neighbours, mean_linkage
from shopsim.clusterers.kept_neighbours import KIND, Neighbours
from shopsim.clusterers.memory import fit_in_memory
from shopsim.clusterers.neighbour_lists import neighbour_lists

ROWS = clustered_rows(200)


@pytest.fixture
def searches(monkeypatch):
    """The number of rows and the length of each search."""
    calls = []

    def counted(rows, k, progress, **named):
        calls.append((len(rows), k))
        return neighbour_lists(rows, k, progress, **named)

    monkeypatch.setattr(kept_neighbours, "neighbour_lists", counted)
    return calls


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


def with_copies(rows, seed=0):
    """Each row, and as many copies of some; in any order."""
    return rows[np.random.default_rng(seed).permutation(np.r_[np.arange(len(rows)), np.arange(len(rows)) // 4])]


def assert_as_near(found, rows, k):
    """Copies are equally near, so that not the photos but their similarities are compared."""
    expected = neighbour_lists(rows, k)
    assert found.ids.shape == expected.ids.shape
    assert np.allclose(found.similarity, expected.similarity, atol=1e-6)
    units = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    assert np.allclose(np.einsum("nd,nkd->nk", units, units[found.ids]), found.similarity, atol=1e-6)
    assert all(len(set(near)) == len(near) and row not in near for row, near in enumerate(found.ids.tolist()))


@pytest.mark.parametrize("k", [1, 3, 40, 300])
@pytest.mark.parametrize("rows", [ROWS, with_copies(ROWS), ROWS[[0] * 9 + [1]], ROWS[:1], ROWS[:0]])
def test_the_nearest_photos_are_those_of_a_search_of_all(rows, k, store):
    assert_as_near(Neighbours(rows).of_photos(k), rows, k)
    assert_as_near(Neighbours(rows, store).of_photos(k), rows, k)


@pytest.mark.parametrize("n_photos", [2, 20, 150])
def test_among_some_photos_the_nearest_are_those_of_a_search_of_them(n_photos, store):
    rows = with_copies(ROWS)
    photos = np.random.default_rng(1).permutation(len(rows))[:n_photos]
    assert_as_near(Neighbours(rows, store).among(photos, 12), rows[photos], 12)


def test_copies_of_a_row_of_zeros_are_alike_whoever_searches():
    rows = np.vstack([np.zeros((2, 16), np.float32), ROWS])
    photos = np.r_[0, 1, np.arange(2, 202, 20)]
    for found in (Neighbours(rows).of_photos(5), Neighbours(rows).among(photos, 5)):
        assert found.ids[:2, 0].tolist() == [1, 0]
        assert found.similarity[:2, 0].tolist() == [1.0, 1.0]


def test_without_copies_the_lists_are_the_same_to_the_byte():
    found, expected = Neighbours(ROWS).of_photos(10), neighbour_lists(ROWS, 10)
    assert np.array_equal(found.ids, expected.ids)
    assert np.array_equal(found.similarity, expected.similarity)


def test_all_who_need_up_to_32_share_one_search(store, searches):
    rows = with_copies(ROWS)
    for k in (24, 3, 32):
        assert Neighbours(rows, store).of_distinct(k).ids.shape == (200, k)
    Neighbours(rows, store).of_photos(11)
    for name in ("mutual_knn", "leiden", "average_local"):
        fit_in_memory(clusterers.create(name), rows, neighbours=Neighbours(rows, store))
    assert searches == [(200, 32)]
    Neighbours(rows, store).of_distinct(33)
    assert searches == [(200, 32), (200, 64)]


def test_other_rows_have_other_lists(store, searches):
    Neighbours(ROWS, store).of_photos(3)
    Neighbours(ROWS[::-1], store).of_photos(3)
    assert len(searches) == 2


def test_an_entry_that_has_no_lists_of_these_rows_is_written_again(store, searches):
    expected = Neighbours(ROWS, store).of_photos(3)
    for stored in [np.zeros((200, 3), np.int32), np.full((200, 32), 200, np.int32), np.zeros((200, 32))]:
        (name,) = [path.name for path in (store.root / KIND).iterdir() if "-ids" in path.name]
        store.save(KIND, name.split(".")[0], stored)
        assert np.array_equal(Neighbours(ROWS, store).of_photos(3).ids, expected.ids)
    assert len(searches) == 4


def test_the_tree_is_the_same_whoever_searched(store, searches, monkeypatch):
    monkeypatch.setattr(mean_linkage, "_FEW_GROUPS", 30)
    alone = mean_linkage.linkage_by_means(ROWS)
    assert searches == []
    shared = mean_linkage.linkage_by_means(ROWS, lists=Neighbours(ROWS, store).of_distinct(32))
    assert searches == [(200, 32)]
    assert np.array_equal(alone, shared)
