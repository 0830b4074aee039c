"""Trees in parts: each is the tree of the plainest agglomerative clustering that refuses pairs of different parts."""

import numpy as np
import pytest
from bound_cases import assert_each_merge_is_the_best, naive_cuts, random_bindings
from test_bound_trees import METHODS, assert_like_the_plainest, similarities, way  # noqa: F401
from vectors import at_angles, clustered_rows

from shopsim.clusterers import clusterers
from shopsim.clusterers.approximate_tree import ApproximateTree
from shopsim.clusterers.bindings import bindings_of
from shopsim.clusterers.memory import fit_in_memory
from shopsim.clusterers.merge_tree import APART_HEIGHT, MergeTree


@pytest.fixture(autouse=True)
def short_lists_of_cores(way, monkeypatch):  # noqa: F811
    if way == "by means":
        monkeypatch.setattr("shopsim.clusterers.core_similarity.FEWEST", 2)


def fitted(name, rows, parts, together=(), apart=()):
    tree = fit_in_memory(
        clusterers.create(name), rows, together=together, apart=apart, parts=np.asarray(parts, dtype=np.int64)
    )
    return tree if isinstance(tree, MergeTree) else tree.tree


def pairs_of_different(parts, together):
    """Every pair of photos of different parts, but for those that people put together."""
    closure = bindings_of(len(parts), together).closure
    return [(a, b) for a in range(len(parts)) for b in range(a) if parts[a] != parts[b] and closure[a] != closure[b]]


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("seed", range(6))
def test_the_tree_is_that_of_one_merge_at_a_time(name, seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(12, 40))
    rows, parts = clustered_rows(n, n_features=6, seed=seed), rng.integers(0, 3, n).tolist()
    tree, similarity, apart = fitted(name, rows, parts), similarities(name, rows), pairs_of_different(parts, [])
    assert_each_merge_is_the_best(tree, similarity, METHODS[name], [], apart)
    # Photos reach each other at core distances, so dbscan's tree has ties, which can go either way.
    if name != "dbscan":
        assert_like_the_plainest(tree, *naive_cuts(similarity, METHODS[name], [], apart))


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("seed", range(6))
def test_parts_and_bindings_hold_together(name, seed):
    """Some closures have photos of several parts; such a closure joins nobody else."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(12, 32))
    rows, parts = clustered_rows(n, n_features=6, seed=seed), rng.integers(0, 2, n).tolist()
    together, apart = random_bindings(rng, n)
    tree, similarity = fitted(name, rows, parts, together, apart), similarities(name, rows)
    refused = [*apart, *pairs_of_different(parts, together)]
    assert_each_merge_is_the_best(tree, similarity, METHODS[name], together, refused)


@pytest.mark.parametrize("name", [name for name in METHODS if name != "average_local"])
def test_of_equal_photos_those_of_one_part_are_one_group(name):
    rng = np.random.default_rng(1)
    rows, parts = clustered_rows(9)[rng.integers(9, size=36)], rng.integers(0, 3, 36).tolist()
    tree, similarity = fitted(name, rows, parts), similarities(name, rows)
    assert_each_merge_is_the_best(tree, similarity, METHODS[name], [], pairs_of_different(parts, []))


@pytest.mark.parametrize("name", METHODS)
def test_no_cut_joins_two_parts_and_each_part_becomes_one_group(name):
    rows, parts = clustered_rows(40), np.arange(40) % 4
    tree = fitted(name, rows, parts)
    assert (tree.linkage[:, 2] == APART_HEIGHT).sum() == 3
    for threshold in [*tree.similarities.tolist(), -np.inf]:
        labels = tree.cut(threshold)
        assert all(len(set(parts[labels == label])) == 1 for label in set(labels.tolist()))
    assert tree.cut(-np.inf).tolist() == parts.tolist()
    assert np.isfinite(tree.control.low)


@pytest.mark.parametrize("name", METHODS)
def test_one_part_changes_nothing_and_parts_of_one_photo_never_merge(name):
    rows = clustered_rows(30)
    free = clusterers.create(name).fit(rows)
    free = free if isinstance(free, MergeTree) else free.tree
    np.testing.assert_allclose(fitted(name, rows, [7] * 30).merge_similarities, free.merge_similarities, atol=1e-6)
    alone = fitted(name, rows, range(30))
    assert alone.cut(-np.inf).tolist() == list(range(30))


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("n", [0, 1, 2])
def test_very_few_photos_have_a_tree(name, n):
    tree = fitted(name, clustered_rows(3)[:n], range(n))
    assert tree.cut(-1.0).tolist() == list(range(n))


def test_a_core_distance_is_measured_among_all_photos():
    """Four photos are dense together, though each part has two of them."""
    rows, parts = at_angles(0, 1, 2, 3, 90), [0, 1, 0, 1, 0]
    assert fitted("dbscan", rows, parts).cut(np.cos(np.deg2rad(3.1))).tolist() == [0, 1, 0, 1, 2]


def test_an_approximate_search_stays_marked_as_such(monkeypatch, way):  # noqa: F811
    if way != "by means":
        pytest.skip("few photos are compared exactly")
    pytest.importorskip("faiss")
    rows, parts = clustered_rows(60), np.arange(60) % 2
    tree = clusterers.create("average", search="hnsw").fit(rows, parts=parts)
    assert isinstance(tree, ApproximateTree)
    assert 0 < tree.found <= 1
