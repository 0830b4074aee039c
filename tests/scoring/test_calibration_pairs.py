"""The slope of the log odds over similarity, by which thresholds are corrected for the number of photos."""

import numpy as np
import pytest
from tuned_cases import rows_of

from shopsim.scoring.calibration.pairs import CENTRES, N_BINS, PairHistogram, count_pairs


def normal(mean, spread, n_pairs):
    """(N_BINS,) int64 pairs, normally distributed in similarity."""
    density = np.exp(-0.5 * ((CENTRES - mean) / spread) ** 2)
    return (density / density.sum() * n_pairs).round().astype(np.int64)


@pytest.mark.parametrize("low, high, spread", [(0.0, 0.5, 0.1), (-0.1, 0.2, 0.05), (0.1, 0.5, 0.12)])
def test_of_normal_pairs_with_one_spread_it_is_exact(low, high, spread):
    same, other = normal(high, spread, 10**9), normal(low, spread, 10**10)
    found = PairHistogram(same, same + other).log_odds_slope
    assert found == pytest.approx((high - low) / spread**2, rel=0.01)
    # The slope of the log odds themselves, between two similarities where both kinds are frequent.
    middle = [np.searchsorted(CENTRES, (low + high) / 2 + step) for step in (-spread, spread)]
    odds = np.log(same[middle] / other[middle])
    assert found == pytest.approx((odds[1] - odds[0]) / (CENTRES[middle[1]] - CENTRES[middle[0]]), rel=0.01)


def test_it_does_not_depend_on_how_many_pairs_of_either_kind_there_are():
    few, many = (
        PairHistogram(normal(0.5, 0.1, 10**8), normal(0.5, 0.1, 10**8) + normal(0.0, 0.1, n)) for n in (10**8, 10**10)
    )
    assert few.log_odds_slope == pytest.approx(many.log_odds_slope, rel=0.01)


@pytest.mark.parametrize("same, other", [(0, 5), (5, 0), (0, 0)])
def test_without_pairs_of_a_kind_it_is_0(same, other):
    counts = np.zeros(N_BINS, np.int64)
    counts[5000] = 1
    assert PairHistogram(same * counts, (same + other) * counts).log_odds_slope == 0


def test_pairs_that_are_all_equally_alike_give_a_finite_slope():
    same, other = np.zeros(N_BINS, np.int64), np.zeros(N_BINS, np.int64)
    same[6000], other[5000] = 10, 10
    assert np.isfinite(PairHistogram(same, same + other).log_odds_slope)


def test_features_that_tell_models_apart_have_a_steep_slope_and_others_a_flat_one():
    rows, labels = rows_of(20, 5)
    told = count_pairs(rows, labels).log_odds_slope
    guessed = count_pairs(rows, np.random.default_rng(0).permutation(labels)).log_odds_slope
    assert told > 5
    assert abs(guessed) < 1
