"""Whether stated probabilities come true: counted by hand, and against scikit-learn."""

import numpy as np
import pytest
from calibration_cases import rows_and_models
from sklearn.metrics import log_loss

from shopsim import ShopsimError
from shopsim.scoring.calibration.fit import pairs_in
from shopsim.scoring.calibration.pairs import N_BINS, PairHistogram
from shopsim.scoring.calibration.quality import held_out_quality, judge, reliability
from shopsim.spaces import spaces
from shopsim.ui.charts.reliability import reliability_chart

RAW = pairs_in(spaces.create("raw"))


def test_bins_hold_equally_many_pairs_in_rising_order():
    stated = np.random.default_rng(0).permutation(np.linspace(0.2, 1, 1000))
    found = reliability(stated, np.ones(1000, int), np.ones(1000, int))
    assert found.pairs.tolist() == [100] * 10
    assert (np.diff(found.stated) > 0).all()


def test_the_error_is_the_mean_distance_of_stated_and_observed():
    found = reliability(np.array([0.3, 0.9]), np.array([50, 80]), np.array([100, 100]), n_masses=2)
    assert found.observed.tolist() == [0.5, 0.8]
    assert found.error == pytest.approx((0.2 + 0.1) / 2)


def test_pairs_stated_alike_stay_together():
    found = reliability(np.array([0.5, 0.9]), np.array([500, 1]), np.array([1000, 1]))
    assert found.pairs.sum() == 1001
    assert len(found.pairs) == 2


def test_no_pairs_are_no_bins_and_no_error():
    nothing = np.zeros(0)
    assert reliability(nothing, nothing, nothing).error == 0
    assert len(reliability(np.array([0.5]), np.array([0]), np.array([0])).pairs) == 0


def test_log_loss_is_scikit_learn_s():
    rng = np.random.default_rng(0)
    total = np.zeros(N_BINS, np.int64)
    total[:300] = rng.integers(0, 9, 300)
    same, stated = rng.binomial(total, 0.3), rng.uniform(0.01, 0.99, N_BINS)
    found = judge([stated], [PairHistogram(same, total)])
    truth = np.concatenate([np.repeat(1, same.sum()), np.repeat(0, (total - same).sum())])
    told = np.concatenate([np.repeat(stated, same), np.repeat(stated, total - same)])
    assert found.log_loss == pytest.approx(log_loss(truth, told))
    assert found.prior_log_loss == pytest.approx(log_loss(truth, np.full(len(truth), truth.mean())))
    assert found.n_pairs == len(truth)


def test_only_probable_pairs_count_towards_the_error():
    stated = np.full(N_BINS, 0.19)
    stated[:10] = 0.7
    ones = np.ones(N_BINS, np.int64)
    assert judge([stated], [PairHistogram(ones, ones)]).reliability.pairs.sum() == 10


def test_on_held_out_models_it_is_better_than_the_share_alone():
    rows, models = rows_and_models(400, 40, noise=0.9)
    told = []
    found = held_out_quality(rows, models, RAW, progress=lambda done, total: told.append((done, total)))
    assert found.log_loss < 0.6 * found.prior_log_loss
    assert found.reliability.error < 0.1
    assert found.n_folds == 5
    assert found.n_pairs == 5 * (80 * 79 // 2)
    assert told[0] == (0, 500)
    assert told[-1] == (500, 500)
    assert told == sorted(told)
    assert len(told) > 20


def test_correcting_the_share_is_what_makes_it_hold_on_fewer_models():
    rows, models = rows_and_models(400, 40, noise=0.9)
    corrected, plain = (held_out_quality(rows, models, RAW, corrected=yes) for yes in (True, False))
    assert corrected.reliability.error < 0.5 * plain.reliability.error
    assert corrected.log_loss < plain.log_loss


def test_labels_of_held_out_photos_are_not_looked_at():
    rows, models = rows_and_models(400, 40, noise=0.9)
    seen = []

    def count(tuning, others, labels):
        seen.append((len(tuning), len(others)))
        return RAW(tuning, others, labels)

    held_out_quality(rows, models, count, n_folds=2)
    # One inner split of each fold's 200 tuning photos, then its 200 held-out photos, once.
    assert seen == [(100, 100), (100, 100), (200, 200)] * 2


def test_too_few_models_are_told():
    rows, models = rows_and_models(20, 5)
    with pytest.raises(ShopsimError, match="two or more photos: 5"):
        held_out_quality(rows, models, RAW)


def test_models_without_a_second_photo_are_told():
    rows, models = rows_and_models(40, 34)
    with pytest.raises(ShopsimError, match="show one model"):
        held_out_quality(rows, models, RAW)


def test_the_diagram_shows_every_bin_against_the_diagonal():
    found = reliability(np.array([0.3, 0.9]), np.array([50, 80]), np.array([100, 100]), n_masses=2)
    spec = reliability_chart(found).to_dict()
    diagonal, line, marks = spec["layer"]
    ends = spec["datasets"][diagonal["data"]["name"]]
    assert [row["stated"] for row in ends] == [row["observed"] for row in ends] == [20, 100]
    rows = spec["datasets"][marks["data"]["name"]]
    assert [(row["stated"], row["observed"], row["pairs"]) for row in rows] == [
        (pytest.approx(30), pytest.approx(50), 100),
        (pytest.approx(90), pytest.approx(80), 100),
    ]
    assert line["data"] == marks["data"]
    assert [shown["field"] for shown in marks["encoding"]["tooltip"]] == ["stated", "observed", "pairs"]
