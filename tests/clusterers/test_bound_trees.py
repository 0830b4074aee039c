"""Trees with bindings: each is the tree of the plainest agglomerative clustering, on both ways to compute it."""

import numpy as np
import pytest
from bound_cases import assert_each_merge_is_the_best, naive_cuts, random_bindings
from photo_kinds import CLOSE, assert_same_groups
from vectors import at_angles, clustered_rows

from shopsim import ShopsimError
from shopsim.clusterers import clusterers, mean_groups, mean_linkage, spanning_components, spanning_tree
from shopsim.clusterers.bindings import check_takes_bindings, takes_bindings
from shopsim.clusterers.distances import condensed_distances, raise_to_core_distances
from shopsim.clusterers.memory import fit_in_memory
from shopsim.clusterers.merge_tree import APART_HEIGHT, BOUND_HEIGHT, MergeTree
from shopsim.clusterers.neighbour_lists import neighbour_lists

METHODS = {
    "average": "average",
    "average_local": "average",
    "average_count": "average",
    "complete": "complete",
    "single": "single",
    "dbscan": "single",
}


@pytest.fixture(params=["by the square", "by means"])
def way(request, monkeypatch):
    """By means, or by a spanning tree: with short lists, so that a few dozen photos do what 100,000 do."""
    if request.param == "by means":
        monkeypatch.setattr(mean_linkage, "_FEW_GROUPS", 6)
        monkeypatch.setattr(mean_groups, "LIST_LENGTH", 3)
        monkeypatch.setattr(spanning_tree, "LIST_LENGTH", 3)
        monkeypatch.setattr(spanning_components, "_MOST_IN_TILE", 200)
        monkeypatch.setattr("shopsim.clusterers.hierarchical.FEWEST", 2)
        monkeypatch.setattr("shopsim.clusterers.local_scale.FEWEST", 2)
    return request.param


def fitted(name, rows, together=(), apart=()):
    """The merge tree of a clusterer."""
    tree = clusterers.create(name).fit(rows, together=together, apart=apart)
    return tree if isinstance(tree, MergeTree) else tree.tree


def similarities(name, rows):
    """(n, n) as the clusterer sees the photos."""
    n = len(rows)
    square, distances = np.ones((n, n)), condensed_distances(rows)
    if name == "dbscan":
        raise_to_core_distances(distances, n, 4)
    square[np.triu_indices(n, 1)] = 1 - distances
    square = np.minimum(square, square.T)
    if name == "average_local":
        likeness = neighbour_lists(rows, 10).similarity.astype(np.float64).mean(axis=1) / 4
        square -= np.add.outer(likeness, likeness)
    return square


def assert_like_the_plainest(tree, heights, cuts):
    """The same heights, and the same groups wherever two heights leave room for a threshold."""
    real = tree.merge_similarities[tree.n_bound : tree.n_takeable]
    np.testing.assert_allclose(real, heights, atol=CLOSE)
    assert tree.cut(2.0).tolist() == cuts[0]
    assert tree.cut(-2.0).tolist() == tree.cut(-np.inf).tolist() == cuts[-1]
    edges = np.append(heights, -2.0)
    for place in np.flatnonzero(-np.diff(edges) > 2 * CLOSE):
        assert tree.cut((edges[place] + edges[place + 1]) / 2).tolist() == cuts[place + 1]


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("seed", range(8))
def test_the_tree_is_that_of_one_merge_at_a_time(name, seed, way):
    rng = np.random.default_rng(seed)
    rows = clustered_rows(n := int(rng.integers(12, 45)), n_features=6, seed=seed)
    together, apart = random_bindings(rng, n)
    tree, similarity = fitted(name, rows, together, apart), similarities(name, rows)
    assert_each_merge_is_the_best(tree, similarity, METHODS[name], together, apart)
    # Photos reach each other at core distances, so dbscan's tree has ties, and with pairs apart they can go either way.
    if name != "dbscan":
        assert_like_the_plainest(tree, *naive_cuts(similarity, METHODS[name], together, apart))


@pytest.mark.parametrize("name", METHODS)
def test_many_pairs_apart_leave_a_forest(name, way):
    """More pairs than a list has places: every third photo is apart from all others of its kind."""
    rows = clustered_rows(36, n_features=6)
    apart = [(a, b) for a in range(0, 36, 3) for b in range(0, a, 3)]
    tree = fitted(name, rows, apart=apart)
    assert tree.n_groups(-1.0) == 12
    assert_each_merge_is_the_best(tree, similarities(name, rows), METHODS[name], [], apart)


@pytest.mark.parametrize("name", METHODS)
def test_all_photos_apart_or_together_are_a_tree_of_one_cut(name, way):
    rows = clustered_rows(15)
    alone = fitted(name, rows, apart=[(a, b) for a in range(15) for b in range(a)])
    whole = fitted(name, rows, together=[range(15)])
    for threshold in (2.0, 1.0, 0.5, -1.0, -np.inf):
        assert alone.cut(threshold).tolist() == list(range(15))
        assert whole.cut(threshold).tolist() == [0] * 15
    for tree in (alone, whole):
        assert len(tree.similarities) == 0
        assert tree.control.low <= tree.control.default <= tree.control.high


@pytest.mark.parametrize("name", [name for name in METHODS if name != "average_local"])
@pytest.mark.parametrize("seed", range(4))
def test_of_equal_photos_each_merge_is_the_best_that_may_be(name, seed, way):
    rng = np.random.default_rng(seed)
    rows = clustered_rows(12, seed=seed)[rng.integers(12, size=40)]
    together, apart = random_bindings(rng, 40)
    tree = fitted(name, rows, together, apart)
    assert_each_merge_is_the_best(tree, similarities(name, rows), METHODS[name], together, apart)


def test_two_equal_photos_that_are_apart_are_in_two_groups(way):
    tree = fitted("average", at_angles(0, 0, 0, 40, 90), apart=[(0, 1)])
    assert tree.cut(1.0).tolist() == [0, 1, 0, 2, 3]
    assert tree.cut(-1.0)[0] != tree.cut(-1.0)[1]


def test_bindings_that_say_nothing_change_nothing(way):
    rows = clustered_rows(40)
    for name in METHODS:
        expected, found = fitted(name, rows), fitted(name, rows, [[3], []], [])
        assert assert_same_groups(found, expected) > 20


def test_bindings_may_be_arrays(way):
    rows, together, apart = clustered_rows(20), np.array([[2, 7]]), np.array([[0, 1], [3, 4]])
    for name in METHODS:
        tree = fit_in_memory(clusterers.create(name), rows, together=together, apart=apart)
        labels = tree.cut(1.0)
        assert (labels[2] == labels[7], labels[0] == labels[1]) == (True, False)


def test_the_marks_of_a_bound_tree_stand_in_its_linkage(way):
    tree = fitted("average", clustered_rows(20), [(2, 7, 9)], [(0, 1)])
    heights = tree.linkage[:, 2]
    assert ((heights == BOUND_HEIGHT).sum(), (heights == APART_HEIGHT).sum()) == (2, 1)
    again = MergeTree(tree.linkage, 20)
    assert (again.n_bound, again.n_takeable) == (2, 18)


@pytest.mark.parametrize("name", clusterers.names())
def test_each_clusterer_takes_bindings_or_says_that_it_cannot(name):
    assert takes_bindings(name) == (name in METHODS)
    if name in METHODS:
        check_takes_bindings(name)
        labels = fit_in_memory(clusterers.create(name), clustered_rows(9), together=[(0, 8)]).cut(1.0)
        assert labels[0] == labels[8]
    else:
        with pytest.raises(ShopsimError, match=f"'{name}' .* cannot keep photos together or apart.*average_local"):
            check_takes_bindings(name)


@pytest.mark.parametrize("name", METHODS)
def test_the_memory_of_a_bound_tree_is_at_least_that_of_a_free_one(name):
    clusterer = clusterers.create(name)
    for n_images in (100, 5000):
        assert clusterer.memory(n_images, 64, apart=[(0, 1)]) >= clusterer.memory(n_images, 64)
