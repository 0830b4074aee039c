"""Calibrated similarity: pairs counted right, a curve that rises and inverts, shares corrected, files not trusted."""

import math

import numpy as np
import pytest
from calibration_cases import KNOWN, rows_and_models
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from vectors import at_angles, clustered_rows

from shopsim import ShopsimError
from shopsim.base.labels import UNLABELLED
from shopsim.scoring.calibration.calibration import Calibration, expected_share, photos_per_model
from shopsim.scoring.calibration.fit import MIN_PAIRS, calibrate, calibrate_across, fit_calibration, pairs_in
from shopsim.scoring.calibration.pairs import CENTRES, N_BINS, PairHistogram, bin_of, count_pairs
from shopsim.spaces import spaces

similarities = st.floats(-1, 1)
shares = st.floats(1e-6, 1 - 1e-6)


def brute_force(rows, models):
    same, total = np.zeros(N_BINS, int), np.zeros(N_BINS, int)
    for i in range(len(rows)):
        for j in range(i):
            place = bin_of(np.float32(rows[i] @ rows[j]))
            total[place] += 1
            same[place] += models[i] == models[j]
    return same, total


# Pairs


@pytest.mark.parametrize("n_rows", [0, 1, 2, 37])
def test_every_pair_is_counted_once_as_by_brute_force(n_rows):
    # Cosines of these angles lie far from the edges of bins, so that no rounding moves one.
    degrees = np.random.default_rng(1).permutation(np.arange(n_rows) * 1.37)
    rows, models = at_angles(*degrees).reshape(n_rows, 2), np.arange(n_rows) % 5
    counted = count_pairs(rows, models)
    same, total = brute_force(rows, models)
    assert counted.all.sum() == n_rows * (n_rows - 1) // 2
    # A product of matrices rounds a little unlike one of vectors: no count is moved farther than to the next bin.
    for found, wanted in ((counted.same, same), (counted.all, total)):
        assert found.sum() == wanted.sum()
        assert np.abs(np.cumsum(found - wanted)).sum() <= 2


def test_blocks_don_t_show():
    rows, models = rows_and_models(1100, 40)
    similarity = rows @ rows.T
    upper = np.triu_indices(len(rows), 1)
    counted = count_pairs(rows, models)
    assert counted.all.sum() == len(upper[0])
    assert counted.same.sum() == (models[upper[0]] == models[upper[1]]).sum()
    mean = (counted.same * CENTRES).sum() / counted.same.sum()
    assert mean == pytest.approx(similarity[upper][models[upper[0]] == models[upper[1]]].mean(), abs=2e-4)


def test_unlabelled_photos_are_in_no_pair():
    rows, models = rows_and_models()
    labels = np.where(np.arange(len(rows)) < 30, models, UNLABELLED)
    counted, only = count_pairs(rows, labels), count_pairs(rows[:30], models[:30])
    assert (counted.all == only.all).all()
    assert (counted.same == only.same).all()


def test_copies_of_a_photo_count_as_one_but_for_another_model_s():
    rows, models = rows_and_models(30, 3)
    again = count_pairs(np.concatenate([rows, rows[:5]]), np.concatenate([models, models[:5]]))
    assert (again.all == count_pairs(rows, models).all).all()
    other = count_pairs(np.concatenate([rows, rows[:1]]), np.concatenate([models, [7]]))
    assert other.all[-1] == 1
    assert other.same[-1] == 0


def test_lengths_that_differ_are_a_mistake():
    with pytest.raises(ValueError, match="3 true labels do not match 4 rows"):
        count_pairs(clustered_rows(4), np.zeros(3, int))


def test_progress_is_told_and_may_stop_it():
    told = []
    rows, models = rows_and_models(1100, 40)
    count_pairs(rows, models, lambda done, total: told.append((done, total)))
    assert told == [(0, 1100), (512, 1100), (1024, 1100)]


# The fit

histograms = st.tuples(
    hnp.arrays(np.int64, 40, elements=st.integers(0, 10**6)), hnp.arrays(np.int64, 40, elements=st.integers(0, 10**6))
)


@settings(max_examples=60, deadline=None)
@given(histograms, st.integers(0, N_BINS - 40), st.integers(1, 100))
def test_whatever_the_pairs_probability_rises_strictly_and_inverts(counts, start, step):
    places = (start + step * np.arange(40)).clip(max=N_BINS - 1)
    same, other = (np.bincount(places, count, N_BINS).astype(np.int64) for count in counts)
    if min(same.sum(), other.sum()) < MIN_PAIRS:
        return
    fitted = fit_calibration(PairHistogram(same, same + other), 3.0)
    assert (np.diff(fitted.log_odds) > 0).all()
    for similarity in np.linspace(-1, 1, 17):
        probability = float(fitted.probability(similarity))
        if 1e-9 < probability < 1 - 1e-9:
            assert fitted.similarity_at(probability) == pytest.approx(similarity, abs=1e-6)


@given(similarities, similarities)
def test_more_alike_is_more_probable(one, other):
    low, high = sorted((one, other))
    assert KNOWN.probability(low) <= KNOWN.probability(high)
    if high - low > 1e-9:
        assert KNOWN.probability(low) < KNOWN.probability(high)


@given(similarities)
def test_similarity_at_is_the_inverse_of_probability(similarity):
    assert KNOWN.similarity_at(float(KNOWN.probability(similarity))) == pytest.approx(similarity, abs=1e-9)


def test_stated_probabilities_come_true_on_the_pairs_it_was_fitted_on():
    rng = np.random.default_rng(0)
    total = np.zeros(N_BINS, np.int64)
    total[3000:8000] = 1000
    # A curve no plain logistic fit follows.
    truth = 1 / (1 + np.exp(-(np.where(CENTRES < 0.3, 4 * CENTRES, 1.2 + 14 * (CENTRES - 0.3)) - 4)))
    pairs = PairHistogram(rng.binomial(total, truth), total)
    fitted = fit_calibration(pairs, 3.0)
    # Where the truth turns, the knots may stand a little beside the corner.
    assert np.abs(fitted.probability(CENTRES) - truth)[3000:8000].max() < 0.03


def test_an_end_without_contradiction_is_not_certain():
    same, other = np.zeros(N_BINS, np.int64), np.zeros(N_BINS, np.int64)
    same[7000:7100], other[4000:4100] = 10, 100
    fitted = fit_calibration(PairHistogram(same, same + other), 3.0)
    assert 0 < fitted.probability(-1.0) < fitted.probability(CENTRES[4050]) < 0.05
    assert 0.95 < fitted.probability(CENTRES[7050]) < fitted.probability(1.0) < 1


def test_useless_features_state_the_share_everywhere():
    rng = np.random.default_rng(0)
    total = np.zeros(N_BINS, np.int64)
    total[4000:7000] = 100
    fitted = fit_calibration(PairHistogram(rng.binomial(total, 0.1), total), 3.0)
    assert fitted.probability(CENTRES[4500:6500]) == pytest.approx(0.1, abs=0.02)


def test_half_of_what_is_stated_at_half_shows_one_model():
    rows, models = rows_and_models(600, 30, noise=1.2)
    fitted = calibrate(rows, models)
    upper = np.triu_indices(len(rows), 1)
    stated = fitted.probability((rows @ rows.T)[upper])
    near_half = (stated > 0.4) & (stated < 0.6)
    assert (models[upper[0]] == models[upper[1]])[near_half].mean() == pytest.approx(0.5, abs=0.1)
    assert fitted.share == pytest.approx(expected_share(fitted.photos_per_model, 600))


@pytest.mark.parametrize(
    ("rows", "models", "said"),
    [
        (clustered_rows(2), [0, 0], "1 show one model and 0 show two"),
        (clustered_rows(2), [0, 1], "0 show one model and 1 show two"),
        (clustered_rows(30), range(30), "0 show one model and 435"),
        (clustered_rows(30), [0] * 30, "435 show one model and 0"),
        (np.tile(clustered_rows(1), (30, 1)), [0, 1] * 15, "0 show one model and 1 show"),
        (clustered_rows(30), [UNLABELLED] * 30, "0 show one model and 0"),
        (clustered_rows(0), [], "0 show one model and 0"),
    ],
    ids=["one model", "two models", "all single", "one big", "all equal", "unlabelled", "none"],
)
def test_too_few_pairs_of_a_kind_are_told_in_one_sentence(rows, models, said):
    with pytest.raises(ShopsimError, match=said):
        calibrate(rows, np.array(models, dtype=np.int64))


def test_across_models_whitening_is_judged_on_photos_it_was_not_fitted_on():
    rows, models = rows_and_models(240, 24, noise=1.0)
    space = spaces.create("whitened", strength=1.0)
    across = calibrate_across(rows, models, 60, pairs_in(space))
    among = calibrate(space.fit(rows).transform(rows), models)
    assert across.photos_per_model == among.photos_per_model == 10
    assert across.for_photos(60).probability(0.3) != pytest.approx(among.for_photos(60).probability(0.3), abs=1e-3)


def test_raw_rows_of_few_models_are_taken_as_they_are():
    rows, models = rows_and_models(40, 4)
    assert calibrate_across(rows, models, 10, pairs_in(spaces.create("raw"))) == calibrate(rows, models)


# The share


@given(shares, shares, similarities)
def test_odds_are_multiplied_by_target_odds_over_tuning_odds(tuning, target, similarity):
    known = Calibration(KNOWN.similarities, KNOWN.log_odds, tuning, 2.0)
    before, after = (float(each.probability(similarity)) for each in (known, known.for_share(target)))
    odds = before / (1 - before) * (target / (1 - target)) / (tuning / (1 - tuning))
    assert after == pytest.approx(odds / (1 + odds), rel=1e-6)


@given(shares)
def test_there_and_back_again_changes_nothing(target):
    assert KNOWN.for_share(target).for_share(KNOWN.share).log_odds == pytest.approx(KNOWN.log_odds)
    assert KNOWN.for_share(KNOWN.share) == KNOWN


def test_the_share_of_a_catalogue_is_that_of_its_pairs():
    labels = np.repeat(np.arange(4), [1, 2, 10, 30])
    same = sum(n * (n - 1) for n in (1, 2, 10, 30)) / (43 * 42)
    assert photos_per_model(labels) == pytest.approx((1 + 4 + 100 + 900) / 43)
    assert expected_share(photos_per_model(labels), 43) == pytest.approx(same)
    assert photos_per_model(np.array([UNLABELLED])) == 1.0


@pytest.mark.parametrize(("m", "n"), [(1, 100), (0, 2), (100, 100), (math.inf, 7), (-math.inf, 7), (2, 2)])
def test_an_expected_share_is_never_none_or_all(m, n):
    assert 0 < expected_share(m, n) < 1


@pytest.mark.parametrize(("m", "n"), [(3, 1), (3, 0), (math.nan, 9)])
def test_no_pairs_have_no_share(m, n):
    with pytest.raises(ShopsimError):
        expected_share(m, n)


@pytest.mark.parametrize("value", [0, 1, -1, math.nan, math.inf, "0.5", None, True])
def test_a_share_or_probability_out_of_range_is_told(value):
    for refuses in (KNOWN.for_share, KNOWN.similarity_at):
        with pytest.raises(ShopsimError, match="between 0 and 1"):
            refuses(value)
