"""Curves, guesses and numbers of groups of trees with bindings: every cut keeps them, and no point says otherwise."""

import numpy as np
import pytest
from bound_cases import random_bindings
from vectors import clustered_rows

from shopsim.clusterers import clusterers
from shopsim.clusterers.merge_tree import APART_HEIGHT, BOUND_HEIGHT, MergeTree, longest_plateau, threshold_for_size
from shopsim.clusterers.thresholds import of_each_cut
from shopsim.scoring.curve import count_curve, threshold_curve
from shopsim.scoring.evaluation import evaluate

SEEDS = range(12)


def bound_tree(seed, name="average"):
    """A tree of 40 photos, eight of them copies, with bindings; and true models."""
    rng = np.random.default_rng(seed)
    rows = clustered_rows(32, seed=seed)[np.r_[np.arange(32), rng.integers(32, size=8)]]
    return clusterers.create(name).fit(rows, **dict(zip(("together", "apart"), random_bindings(rng, 40), strict=True)))


@pytest.mark.parametrize("name", ["average", "complete", "single"])
@pytest.mark.parametrize("seed", SEEDS)
def test_every_point_of_the_curve_is_the_score_of_its_cut(seed, name):
    tree = bound_tree(seed, name)
    labels_true = np.random.default_rng(seed).integers(-1, 6, size=40)
    curve = threshold_curve(tree, labels_true)
    for point, threshold in enumerate(curve.threshold):
        labels = tree.cut(threshold)
        pairs = evaluate(labels_true, labels, "").pairs
        assert curve.n_groups[point] == labels.max() + 1 == tree.n_groups(threshold)
        assert (curve.ari[point], curve.precision[point], curve.recall[point]) == pytest.approx(
            (pairs.ari, pairs.precision, pairs.recall)
        )
        np.testing.assert_array_equal(labels, tree.cut(curve.similarity[point]))
    assert len(curve.thin(10)) <= 12


@pytest.mark.parametrize("seed", SEEDS)
def test_each_distinct_cut_gives_fewer_groups_and_none_gives_less_than_the_forest(seed):
    tree = bound_tree(seed)
    n_groups = count_curve(tree).n_groups
    assert (np.diff(n_groups) < 0).all()
    assert n_groups.tolist() == [tree.n_groups(threshold) for threshold in of_each_cut(tree.similarities)]
    assert n_groups[-1] == tree.n_groups(-np.inf) == 1 + (tree.linkage[:, 2] == APART_HEIGHT).sum()
    assert n_groups[0] == tree.n_groups(np.inf) == 40 - (tree.linkage[:, 2] == BOUND_HEIGHT).sum()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_number_of_groups_is_the_nearest_that_the_bindings_allow(seed):
    tree, counted = bound_tree(seed), bound_tree(seed, "average_count")
    possible = count_curve(tree).n_groups
    assert counted.possible.tolist() == possible.tolist()
    for wanted in (1, 5, 20, 40):
        found = counted.cut(wanted).max() + 1
        assert abs(found - wanted) == np.abs(possible - wanted).min()


@pytest.mark.parametrize("seed", SEEDS)
def test_guesses_stand_in_the_range_and_join_as_many_pairs_as_wanted(seed):
    tree = bound_tree(seed)
    assert tree.control.low <= tree.control.default <= tree.control.high
    assert np.isfinite(longest_plateau(tree))
    pairs = {
        threshold: (np.bincount(tree.cut(threshold)) * (np.bincount(tree.cut(threshold)) - 1) // 2).sum()
        for threshold in of_each_cut(tree.similarities)
    }
    wanted = np.log1p(40 * 3 / 2)
    best = min(abs(np.log1p(joined) - wanted) for joined in pairs.values())
    assert abs(np.log1p(pairs[threshold_for_size(tree, 4)]) - wanted) == pytest.approx(best)


def test_a_forest_opens_with_the_groups_that_last_longest():
    """Two pairs that may not merge last down to the lowest similarity."""
    rows = np.array([[1, 0, 0, 0], [1, 0.1, 0, 0], [0, 0, 1, 0], [0, 0, 1, 0.1]], np.float32)
    tree = clusterers.create("average").fit(rows, apart=[(0, 2)])
    assert tree.cut(tree.control.default).tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("height", [-0.5, -2.0])
def test_another_height_below_0_is_refused(height):
    with pytest.raises(ValueError, match="below 0"):
        MergeTree(np.array([[0, 1, height, 2.0]]), 2)
