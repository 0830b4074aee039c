"""When a photo joins a group: the threshold measured by hiding photos, and its probability."""

import numpy as np
import pytest
from vectors import clustered_rows, unit

from shopsim.grouping.matching.decision import decide
from shopsim.grouping.matching.refit import AsPlaced
from shopsim.grouping.matching.trials import FEWEST, Trials, run_trials


def trials(score, known, right):
    return Trials(np.array(score, float), np.array(known, bool), np.array(right, bool))


def test_the_threshold_lies_between_what_joined_rightly_and_what_was_new():
    found = trials([0.9, 0.8, 0.7, 0.4, 0.3], [1, 1, 1, 0, 0], [1, 1, 1, 0, 0])
    assert 0.4 < decide(found, "nearest", by_models=True).threshold < 0.7


def test_equal_scores_are_never_parted():
    decision = decide(trials([0.5, 0.5, 0.5, 0.2], [1, 0, 1, 0], [1, 0, 1, 0]), "nearest", by_models=True)
    assert 0.2 < decision.threshold < 0.5


def test_both_kinds_count_the_same_however_many_there_are():
    # Ten new photos at 0.6 outweigh none of the two known ones.
    score, known = [0.7, 0.5] + [0.6] * 10 + [0.1] * 30, [1, 1] + [0] * 40
    assert 0.1 < decide(trials(score, known, known), "nearest", by_models=True).threshold < 0.5


def test_the_probability_rises_from_new_to_known_and_is_only_of_true_models():
    rng = np.random.default_rng(0)
    known = rng.random(400) < 0.2
    score = np.where(known, 0.7, 0.3) + 0.08 * rng.standard_normal(400)
    found = trials(score, known, known)
    probability = decide(found, "nearest", by_models=True).probability.probability(np.array([0.2, 0.5, 0.8]))
    assert probability[0] < 0.1 < probability[1] < 0.9 < probability[2]
    assert 0.3 < probability[1] < 0.7
    assert decide(found, "nearest", by_models=False).probability is None


def test_too_few_photos_of_a_kind_give_no_probability():
    assert decide(trials([0.9, 0.1], [1, 0], [1, 0]), "nearest", by_models=True).probability is None


def test_trials_of_one_kind_only_are_refused():
    with pytest.raises(ValueError, match="both kinds"):
        decide(trials([0.9], [1], [1]), "nearest", by_models=True)


def test_trials_hide_models_and_single_photos():
    rng = np.random.default_rng(1)
    truth = np.repeat(np.arange(12), 10)
    rows = unit(np.eye(16)[truth] + 0.05 * rng.standard_normal((120, 16)))
    hidden = []

    def place(stay, tried):
        assert not set(stay) & set(tried)
        hidden.append(tried)
        return rows[stay], rows[tried]

    found = run_trials(truth, truth, place, "nearest")
    assert len(hidden) == 20
    assert set(np.concatenate(hidden)) == set(range(120))
    assert found.are_enough
    # Models are told apart so well that every photo whose model is there is found, and no other.
    np.testing.assert_array_equal(found.right, found.known)
    assert found.score[found.known].min() > found.score[~found.known].max()
    assert (~found.known).sum() == 120


def test_photos_without_a_model_are_never_hidden():
    truth = np.where(np.arange(100) % 2, -1, np.arange(100) // 20)
    rows = clustered_rows(100)

    def place(stay, tried):
        assert (truth[tried] >= 0).all()
        return rows[stay], rows[tried]

    assert len(run_trials(truth, truth, place, "mean").score)


def test_too_few_photos_give_no_trials():
    rows = clustered_rows(FEWEST - 1)
    labels = np.arange(FEWEST - 1) // 5
    assert not run_trials(labels, labels, AsPlaced(rows), "mean").are_enough
