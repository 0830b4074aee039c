"""The threshold of the least cost: proven against every cut, counted pair by pair."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusals import refusal
from vectors import clustered_rows

from shopsim.clusterers import clusterers
from shopsim.scoring.costs import Prices, expected_pairs, pairs_of_curve, per_thousand
from shopsim.scoring.curve import count_curve, threshold_curve


def counted(models, groups):
    """(pairs wrongly together, pairs wrongly apart), one pair after the other."""
    wrong = missed = 0
    for one, other in combinations(np.flatnonzero(models >= 0), 2):
        wrong += groups[one] == groups[other] and models[one] != models[other]
        missed += groups[one] != groups[other] and models[one] == models[other]
    return wrong, missed


def case(n_images=30, n_models=5, seed=0, clusterer="average"):
    tree = clusterers.create(clusterer).fit(clustered_rows(n_images, seed=seed))
    return tree, np.random.default_rng(seed).integers(-1, n_models, n_images)


@given(st.integers(0, 50), st.floats(0, 20), st.floats(0.01, 20), st.sampled_from(["average", "single", "complete"]))
@settings(max_examples=25)
def test_no_threshold_costs_less_by_brute_force(seed, together, apart, clusterer):
    tree, models = case(seed=seed, clusterer=clusterer)
    prices = Prices(together, apart)
    found = pairs_of_curve(threshold_curve(tree, models))
    by_hand = [counted(models, tree.cut(threshold)) for threshold in found.threshold]
    assert list(zip(found.wrong, found.missed, strict=True)) == by_hand
    least = min(prices.of(*pairs) for pairs in by_hand)
    assert prices.of(*by_hand[found.cheapest(prices)]) == least
    # Nor does any threshold between two merges.
    for threshold in np.linspace(-1, 1, 41):
        assert prices.of(*counted(models, tree.cut(threshold))) >= least


def test_of_equal_costs_the_highest_threshold_is_taken():
    tree, models = case(n_models=1)
    found = pairs_of_curve(threshold_curve(tree, np.zeros_like(models)))
    # All photos show one model, and a pair wrongly together cannot be: only missed pairs cost.
    assert found.cheapest(Prices(1, 0)) == 0
    assert found.cheapest(Prices(1, 1)) == len(found.threshold) - 1


def test_the_place_of_a_threshold_is_that_of_its_groups():
    tree, models = case()
    found = pairs_of_curve(threshold_curve(tree, models))
    for place, threshold in enumerate(found.threshold):
        assert found.at(threshold) == place


def test_pairs_are_told_per_thousand_photos():
    assert per_thousand(6, 500) == 12
    assert per_thousand(0, 0) == 0


def test_with_the_true_precision_and_recall_the_estimate_is_exact():
    tree, _ = case(n_images=40)
    models = np.random.default_rng(1).integers(0, 6, 40)
    curve = threshold_curve(tree, models)
    exact = pairs_of_curve(curve)
    middle = len(curve) // 2
    opening = float(curve.threshold[middle])
    estimate = expected_pairs(tree, count_curve(tree), curve.precision, opening, float(curve.recall[middle]))
    assert np.allclose(estimate.wrong, exact.wrong)
    assert np.allclose(estimate.missed, exact.missed)
    assert estimate.is_estimate


@pytest.mark.parametrize("together, apart", [(-1, 1), (1, math.nan), (math.inf, 1), (1, 2e9)])
def test_a_price_that_is_none_is_refused(together, apart):
    assert "it must be a number from 0 to 1,000,000,000" in refusal(lambda: Prices(together, apart))


def test_two_prices_of_nothing_are_refused():
    assert "Both costs are 0" in refusal(lambda: Prices(0, 0))
