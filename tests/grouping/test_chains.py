"""Chained groups: weakest link and diameter against brute force, the flag by hand, and strict against its promise."""

import itertools

import numpy as np
import pytest
from scipy.sparse.csgraph import minimum_spanning_tree
from sklearn.metrics import adjusted_rand_score
from vectors import at_angles, clustered_rows

from shopsim import ShopsimError
from shopsim.clusterers import clusterers
from shopsim.clusterers.distances import square_distances
from shopsim.grouping import chains
from shopsim.grouping.chains import extents, split_strictly


def cos(degrees):
    return np.cos(np.deg2rad(degrees))


def groups(labels):
    return [np.flatnonzero(labels == group) for group in range(labels.max() + 1)]


@pytest.mark.parametrize("at_once", [4096, 3])
@pytest.mark.parametrize("threshold", [-1.0, 0.3, 0.6])
def test_weakest_link_and_diameter_are_those_of_brute_force(at_once, threshold, monkeypatch):
    monkeypatch.setattr(chains, "AT_ONCE", at_once)
    rows = clustered_rows(90)
    labels = clusterers.create("single").fit(rows).cut(threshold)
    found, distances = extents(labels, rows), square_distances(rows)
    for group, members in enumerate(groups(labels)):
        inside = distances[np.ix_(members, members)]
        links = minimum_spanning_tree(inside).data
        assert found.weakest_link[group] == pytest.approx(1 - links.max(initial=0), abs=1e-6)
        assert found.diameter[group] == pytest.approx(1 - inside.max(), abs=1e-6)
    pairs = distances[np.triu_indices(90, 1)]
    assert found.typical == pytest.approx(1 - pairs.mean(), abs=1e-6)


def test_the_weakest_link_is_where_single_linkage_tears_the_group():
    rows = clustered_rows(60)
    tree = clusterers.create("single").fit(rows)
    whole = extents(np.zeros(60, dtype=np.int64), rows)
    assert tree.similarities.min() == pytest.approx(whole.weakest_link[0], abs=1e-6)


@pytest.mark.parametrize("rows", [np.zeros((4, 3)), np.tile([0.6, 0.8, 0], (4, 1))], ids=["zero", "equal"])
def test_copies_are_as_alike_as_can_be(rows):
    found = extents(np.array([0, 0, 0, 1]), rows.astype(np.float32))
    assert found.weakest_link.tolist() == found.diameter.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("n_rows", [0, 1])
def test_hardly_a_photo_has_nothing_to_measure(n_rows):
    rows, labels = clustered_rows(n_rows), np.zeros(n_rows, dtype=np.int64)
    assert len(extents(labels, rows).diameter) == n_rows
    assert split_strictly(labels, rows, 0.9).tolist() == labels.tolist()


def test_a_chain_is_flagged_and_a_compact_group_is_not():
    rows = at_angles(*range(0, 100, 10), 180, 185, 270, 275)
    labels = clusterers.create("single").fit(rows).cut(cos(11))
    assert labels.tolist() == [0] * 10 + [1, 1, 2, 2]
    found = extents(labels, rows)
    assert found.weakest_link.tolist() == pytest.approx([cos(10), cos(5), cos(5)], abs=1e-6)
    assert found.diameter.tolist() == pytest.approx([0.0, cos(5), cos(5)], abs=1e-6)
    assert found.chained(cos(11)).tolist() == [True, False, False]


def test_the_flag_does_not_depend_on_how_alike_all_photos_are():
    rows = clustered_rows(80)
    # A common direction lifts every similarity: s becomes (s + 9) / 10.
    lifted = np.concatenate([rows, np.full((80, 1), 3, np.float32)], axis=1)
    labels = clusterers.create("single").fit(rows).cut(0.5)
    first, second = extents(labels, rows).chained(0.5), extents(labels, lifted).chained(0.95)
    assert first.any()
    assert (first == second).all()


@pytest.mark.parametrize("threshold", [0.2, 0.45, 0.6, 0.8])
def test_strict_leaves_no_pair_below_the_threshold_and_only_splits(threshold):
    rows = clustered_rows(120)
    before = clusterers.create("single").fit(rows).cut(threshold)
    after, distances = split_strictly(before, rows, threshold), square_distances(rows)
    assert after.max() > before.max()
    assert len(set(zip(before.tolist(), after.tolist(), strict=True))) == after.max() + 1
    assert list(dict.fromkeys(after.tolist())) == list(range(after.max() + 1))
    for members in groups(after):
        assert all(1 - distances[pair] >= threshold - 1e-9 for pair in itertools.combinations(members, 2))


def test_strict_is_complete_linkage_of_the_group():
    rows = clustered_rows(70)
    split = split_strictly(np.zeros(70, dtype=np.int64), rows, 0.4)
    assert adjusted_rand_score(split, clusterers.create("complete").fit(rows).cut(0.4)) == 1.0


def test_strict_changes_nothing_where_all_pairs_are_that_similar():
    rows = clustered_rows(90)
    labels = clusterers.create("complete").fit(rows).cut(0.5)
    assert (split_strictly(labels, rows, 0.5) == labels).all()


def test_a_group_too_large_for_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr(chains, "AT_ONCE", 10)
    monkeypatch.setattr("shopsim.clusterers.memory.free_memory", lambda: 1000)
    with pytest.raises(ShopsimError, match="Grouping 20 photos"):
        split_strictly(np.zeros(20, dtype=np.int64), clustered_rows(20), 0.9)
