"""The grid of rules: what is on it, and that a plateau wins over luck."""

import numpy as np
import pytest
from vectors import clustered_rows, unit

from shopsim.clusterers import clusterers
from shopsim.tuning import rule_grid as module
from shopsim.tuning.branch_cuts import CutRule, ari_of_cuts
from shopsim.tuning.control_values import ari_of, values_between
from shopsim.tuning.rule_grid import PRIOR_WEIGHTS, SIZE_POWERS, best_rules, best_values, rule_grid
from shopsim.tuning.size_prior import SizePrior

PRIOR = SizePrior((4, 5, 6))


def trees(n_trees, n_rows=40):
    """Trees and true models."""
    rows = [clustered_rows(n_rows, seed=seed) for seed in range(n_trees)]
    labels = [np.random.default_rng(seed).integers(6, size=n_rows) for seed in range(n_trees)]
    return [clusterers.create("average").fit(each) for each in rows], labels


def test_the_grid_has_every_threshold_with_every_power_and_weight():
    found, shape = rule_grid(trees(2)[0])
    assert found.shape == (np.prod(shape), 3)
    assert shape[1:] == (len(SIZE_POWERS), len(PRIOR_WEIGHTS))
    assert len({tuple(rule) for rule in found.tolist()}) == len(found)
    cube = found.reshape(*shape, 3)
    assert (np.diff(cube[:, 0, 0, 0]) > 0).all()
    assert cube[0, :, 0, 1].tolist() == list(SIZE_POWERS)
    assert (np.diff(cube[0, 0, :, 2]) > 0).all()


def test_thresholds_lie_among_the_merges_and_weights_follow_their_spread():
    some, _ = trees(3)
    found, _ = rule_grid(some)
    similarities = np.concatenate([tree.merge_similarities for tree in some])
    assert similarities.min() <= found[:, 0].min() < found[:, 0].max() <= similarities.max()
    assert found[:, 2].max() == pytest.approx(PRIOR_WEIGHTS[-1] * similarities.std())


def test_photos_that_are_all_alike_have_a_grid_too():
    tree = clusterers.create("average").fit(np.ones((5, 3), np.float32))
    found, shape = rule_grid([tree])
    assert shape == (1, len(SIZE_POWERS), len(PRIOR_WEIGHTS))
    assert np.isfinite(found).all()
    assert len(best_rules([tree], [np.zeros(5, int)], [PRIOR]).rules) == len(SIZE_POWERS)


def test_there_is_one_rule_a_power_best_first_each_with_its_mean_score():
    some, labels = trees(3)
    best = best_rules(some, labels, [PRIOR] * 3)
    assert sorted(rule.size_power for rule in best.rules) == sorted(SIZE_POWERS)
    assert list(best.smooth_scores) == sorted(best.smooth_scores, reverse=True)
    for rule, score in zip(best.rules, best.scores, strict=True):
        at = np.array([[rule.threshold, rule.size_power, rule.prior_weight]])
        each = [ari_of_cuts(tree, truth, at, PRIOR)[0] for tree, truth in zip(some, labels, strict=True)]
        assert score == pytest.approx(np.mean(each))


def test_each_tree_is_judged_with_its_own_prior():
    some, labels = trees(2)
    priors = [SizePrior((1,) * 20), SizePrior((40,) * 20)]
    best = best_rules(some, labels, priors)
    at = np.array([[best.rules[0].threshold, best.rules[0].size_power, best.rules[0].prior_weight]])
    given = zip(some, labels, priors, strict=True)
    assert best.scores[0] == pytest.approx(np.mean([ari_of_cuts(*pair, at, prior)[0] for *pair, prior in given]))


def with_scores(monkeypatch, cube):
    """The best rule where the rules of the grid score so: (thresholds, powers, weights)."""
    (tree,), (labels,) = trees(1)
    grid, shape = rule_grid([tree])
    assert cube.shape == shape
    monkeypatch.setattr(module, "ari_of_cuts", lambda *given: cube.ravel())
    return best_rules([tree], [labels], [PRIOR]), grid.reshape(*shape, 3)


def test_a_good_rule_with_bad_neighbours_loses_to_a_plateau(monkeypatch):
    cube = np.zeros(rule_grid(trees(1)[0])[1])
    cube[4, 0, 4] = 1.0
    cube[12:19, 0, 1:6] = 0.6
    best, grid = with_scores(monkeypatch, cube)
    threshold = best.rules[0].threshold
    assert grid[13, 0, 0, 0] < threshold < grid[17, 0, 0, 0]
    assert (best.scores[0], best.smooth_scores[0]) == pytest.approx((0.6, 0.6))


def test_powers_are_no_neighbours(monkeypatch):
    cube = np.zeros(rule_grid(trees(1)[0])[1])
    cube[:, 2, :] = 1.0
    best, _ = with_scores(monkeypatch, cube)
    assert best.rules[0].size_power == SIZE_POWERS[2]
    assert best.smooth_scores == pytest.approx((1.0, 0.0, 0.0, 0.0))


def test_the_ends_of_the_grid_are_not_held_against_a_rule(monkeypatch):
    cube = np.zeros(rule_grid(trees(1)[0])[1])
    cube[:5, 1, :2] = 0.9
    best, grid = with_scores(monkeypatch, cube)
    assert best.rules[0] == CutRule(*grid[0, 1, 0].tolist())
    assert best.smooth_scores[0] == pytest.approx(0.9)


def trees_of(name, n_trees=2, n_rows=40):
    """Trees of another clusterer, and the true models."""
    rng, labels = np.random.default_rng(0), np.repeat(np.arange(n_rows // 5), 5)
    near = [rng.standard_normal((n_rows // 5, 16))[labels] for _ in range(n_trees)]
    rows = [unit(each + 0.4 * rng.standard_normal(each.shape)) for each in near]
    return [clusterers.create(name).fit(each) for each in rows], [labels] * n_trees


@pytest.mark.parametrize("name", clusterers.names())
def test_the_best_value_of_any_clusterer_has_its_mean_score(name):
    some, labels = trees_of(name)
    best = best_values(some, labels, 5.0)
    (value,) = best.rules
    assert value.kind == some[0].control.kind
    each = [ari_of(tree, truth, value) for tree, truth in zip(some, labels, strict=True)]
    assert best.scores == pytest.approx((np.mean(each),))
    assert best.smooth_scores[0] > 0.4


def plateau(n_values, reach):
    """Scores with one good value, and some that are nearly as good and stand together around the fifth."""
    found = np.zeros(n_values)
    found[-3] = 1.0
    found[4 - reach : 5 + reach] = 0.6
    return found


def test_one_good_threshold_among_bad_ones_loses_to_a_plateau(monkeypatch):
    some, labels = trees_of("complete", 1)
    asked = []
    monkeypatch.setattr(module, "ari_at", lambda curve, at: asked.append(at.tolist()) or plateau(len(at), 2))
    best = best_values(some, labels, 5.0)
    assert [rule.value for rule in best.rules] == [asked[0][4]]
    assert (best.scores, best.smooth_scores) == (pytest.approx((0.6,)), pytest.approx((0.6,)))


def test_one_good_resolution_among_bad_ones_loses_to_a_plateau(monkeypatch):
    some, labels = trees_of("leiden", 1)
    values = values_between([tree.control for tree in some], 5.0)
    score_of = dict(zip(values, plateau(len(values), 1), strict=True))
    monkeypatch.setattr(module, "ari_of", lambda tree, truth, value: score_of[value])
    best = best_values(some, labels, 5.0)
    assert best.rules == (values[4],)
    assert (best.scores, best.smooth_scores) == (pytest.approx((0.6,)), pytest.approx((0.6,)))


def test_values_lie_among_the_merges_and_plain_hdbscan_is_one_of_them(monkeypatch):
    asked = []
    monkeypatch.setattr(module, "ari_at", lambda curve, at: asked.append(at.tolist()) or np.zeros(len(at)))
    for name, opened in (("complete", None), ("hdbscan", 1.0)):
        some, labels = trees_of(name)
        best_values(some, labels, 5.0)
        values = asked[-1]
        similarities = np.concatenate([tree.merge_similarities for tree in some])
        assert values == sorted(set(values))
        assert similarities.min() <= values[0] < values[-1] <= similarities.max()
        assert opened in (None, values[-1])
