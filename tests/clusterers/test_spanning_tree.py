"""Single linkage and DBSCAN's core form by a minimum spanning tree: the same trees as from all pairs."""

import re
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from photo_kinds import CLOSE, PHOTOS, all_alike, assert_same_groups, assert_same_tree, made, with_copies
from sklearn.cluster import DBSCAN
from sklearn.metrics import adjusted_rand_score
from vectors import at_angles

from shopsim.base.disk.store import Store
from shopsim.base.rows import unit_rows
from shopsim.clusterers import clusterers, spanning_components
from shopsim.clusterers import spanning_tree as by_tree
from shopsim.clusterers.bindings import bindings_of
from shopsim.clusterers.distance_trees import memory_of_distances
from shopsim.clusterers.distances import square_distances
from shopsim.clusterers.hierarchical import FEWEST, Linkage
from shopsim.clusterers.kept_neighbours import Neighbours
from shopsim.clusterers.memory import fit_in_memory
from shopsim.clusterers.neighbour_lists import neighbour_lists
from shopsim.clusterers.spanning_components import Components
from shopsim.clusterers.spanning_tree import MOST_MIN_SAMPLES, spanning_tree, spanning_tree_memory


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """Short lists and small tiles, so that a few hundred rows do what 100,000 do."""
    monkeypatch.setattr(by_tree, "LIST_LENGTH", 3)
    monkeypatch.setattr(spanning_components, "_MOST_IN_TILE", 4000)


@pytest.mark.parametrize("photos", PHOTOS)
@pytest.mark.parametrize("min_samples", [1, 2, 4, 9])
@pytest.mark.parametrize("seed", range(2))
def test_the_tree_is_that_of_all_pairs(photos, min_samples, seed):
    rows = made(photos, seed)
    expected = Linkage("single", min_samples).fit(rows)
    found = spanning_tree(rows, min_samples)
    assert_same_groups(found, expected)


@pytest.mark.parametrize("photos", PHOTOS[:4])
@pytest.mark.parametrize("n_apart", [1, 20, 300])
def test_photos_stay_apart_as_in_the_tree_of_all_pairs(photos, n_apart):
    rows, rng = made(photos, 2), np.random.default_rng(n_apart)
    together = rng.choice(len(rows), (10, 2), replace=False)
    closure = bindings_of(len(rows), together).closure
    pairs = rng.integers(len(rows), size=(n_apart, 2))
    # Each photo is also apart from its nearest one, where a pair changes most.
    pairs[: n_apart // 2, 1] = neighbour_lists(rows, 1).ids[pairs[: n_apart // 2, 0], 0]
    apart = pairs[closure[pairs[:, 0]] != closure[pairs[:, 1]]]
    expected = Linkage("single").fit(rows, together=together, apart=apart)
    found = spanning_tree(rows, 1, bindings=bindings_of(len(rows), together, apart))
    assert_same_groups(found, expected)


@pytest.mark.parametrize("min_samples", [2, 4, 7])
def test_cuts_are_the_core_photos_of_scikit_learns_dbscan(min_samples):
    rows = made(PHOTOS[0], 3)
    tree, distances = spanning_tree(rows, min_samples), square_distances(rows)
    for threshold in np.linspace(0.3, 0.97, 30):
        model = DBSCAN(eps=1 - threshold, min_samples=min_samples, metric="precomputed").fit(distances)
        labels = 1000 + np.arange(len(rows))
        labels[model.core_sample_indices_] = model.labels_[model.core_sample_indices_]
        assert adjusted_rand_score(labels, tree.cut(threshold)) == 1.0


@pytest.mark.parametrize("min_samples", [1, 3, 5])
@pytest.mark.parametrize("seed", range(3))
def test_ties_are_joined_together(min_samples, seed):
    """Photos at multiples of 5 degrees: nearly all distances are tied, and many photos are copies."""
    rows = at_angles(*np.random.default_rng(seed).integers(72, size=90) * 5)
    expected, found = Linkage("single", min_samples).fit(rows), spanning_tree(rows, min_samples)
    np.testing.assert_allclose(found.linkage[:, 2], expected.linkage[:, 2], atol=CLOSE)
    for degrees in range(3, 90, 5):
        threshold = np.cos(np.deg2rad(degrees))
        np.testing.assert_array_equal(found.cut(threshold), expected.cut(threshold))


@pytest.mark.parametrize("rows", [np.ones((40, 3)), np.zeros((40, 3)), np.eye(30), np.ones((1, 2)), np.eye(2)])
@pytest.mark.parametrize("min_samples", [1, 4, 50])
def test_photos_that_are_all_equal_or_all_different_give_a_whole_tree(rows, min_samples):
    rows = unit_rows(rows)
    expected = Linkage("single", min_samples).fit(rows)
    np.testing.assert_allclose(spanning_tree(rows, min_samples).linkage[:, 2], expected.linkage[:, 2], atol=CLOSE)


def test_only_equal_photos_have_height_0():
    rows = made(with_copies, 1)
    rows[50] = np.nextafter(rows[49], np.float32(2))
    heights = spanning_tree(rows).linkage[:, 2]
    assert (heights == 0).sum() == len(rows) - len(np.unique(rows, axis=0))


def test_lists_that_hold_no_other_component_are_searched_again(monkeypatch):
    searched, search = [], Components._search
    monkeypatch.setattr(Components, "_search", lambda self, block: searched.append(len(block)) or search(self, block))
    rows = made(all_alike, 0)
    spanning_tree(rows)
    assert searched
    assert max(searched) <= 4000 // len(rows)


def near_copies(n_bursts=10, size=12):
    """Photos of which each has more near-copies than its list is long."""
    rng = np.random.default_rng(0)
    of_burst = np.repeat(rng.standard_normal((n_bursts, 8)), size, axis=0)
    return unit_rows(of_burst + 0.01 * rng.standard_normal(of_burst.shape))


def test_a_repeated_search_says_how_far_it_is():
    told = []
    progress = SimpleNamespace(say=told.append, look=lambda: None)
    spanning_tree(near_copies(), progress=progress)
    again = [re.fullmatch(r"joining (\d+) groups of photos, (\d+) of (\d+) photos compared.*", said) for said in told]
    rounds = [[int(part) for part in said.groups()] for said in again if said]
    ends = [number for number, (one, other) in enumerate(pairwise(rounds)) if one[0] != other[0]]
    assert ends
    assert all(rounds[number][1] == rounds[number][2] for number in [*ends, -1])
    for before, after in pairwise(rounds):
        if before[0] == after[0]:
            assert before[1] < after[1] <= after[2] == before[2]


@pytest.mark.parametrize("name", ["single", "dbscan"])
def test_the_tree_is_the_same_from_lists_that_others_searched(name, tmp_path, monkeypatch):
    monkeypatch.setattr("shopsim.clusterers.hierarchical.FEWEST", 2)
    rows, store = np.concatenate([near_copies(), near_copies()[:20]]), Store(tmp_path)
    clusterer = clusterers.create(name)
    alone = fit_in_memory(clusterer, rows)
    Neighbours(rows, store).of_distinct(24)
    with monkeypatch.context() as nobody_searches:
        nobody_searches.delattr("shopsim.clusterers.nearest_lists._offer_rows")
        shared = fit_in_memory(clusterer, rows, neighbours=Neighbours(rows, store))
    np.testing.assert_array_equal(shared.linkage, alone.linkage)
    # Where photos stay apart, copies have rows of their own, so the lists of distinct rows do not fit.
    apart = fit_in_memory(clusterer, rows, neighbours=Neighbours(rows, store), apart=[(0, 120)])
    np.testing.assert_array_equal(apart.linkage, fit_in_memory(clusterer, rows, apart=[(0, 120)]).linkage)


def test_a_number_that_is_not_finite_is_refused():
    rows = made(all_alike, 0)
    rows[3, 2] = np.inf
    with pytest.raises(ValueError, match="finite"):
        spanning_tree(rows)


def test_from_so_many_photos_on_no_square_is_needed(monkeypatch):
    monkeypatch.undo()
    rows = unit_rows(np.random.default_rng(0).standard_normal((FEWEST, 8)))
    expected = Linkage("single", 4).fit(rows)
    monkeypatch.setattr("shopsim.clusterers.hierarchical.FEWEST", FEWEST + 1)
    assert_same_tree(expected.linkage, Linkage("single", 4).fit(rows))
    monkeypatch.setattr("shopsim.clusterers.hierarchical.FEWEST", FEWEST)
    monkeypatch.delattr("shopsim.clusterers.hierarchical.condensed_distances")
    np.testing.assert_array_equal(Linkage("single", 4).fit(rows).linkage, expected.linkage)


@pytest.mark.parametrize(
    ("n_images", "min_samples", "apart", "is_square"),
    [
        (FEWEST - 1, 4, [], True),
        (FEWEST, 4, [], False),
        (FEWEST, MOST_MIN_SAMPLES, [], False),
        (FEWEST, MOST_MIN_SAMPLES + 1, [], True),
        (FEWEST, 1, [(0, 1)], False),
    ],
)
def test_the_memory_is_that_of_the_way_that_is_taken(n_images, min_samples, apart, is_square):
    needed = Linkage("single", min_samples).memory(n_images, 64, apart=apart)
    square = memory_of_distances(n_images, 64, bool(apart))
    assert needed == (square if is_square else spanning_tree_memory(n_images, 64, min_samples, len(apart)))
