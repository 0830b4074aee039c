"""How many passes a training takes, judged by models it did not see."""

import time

import numpy as np
import pytest

from shopsim.learning.network.passes import PassCurve, PassScore, passes_curve
from shopsim.scoring.folds import Fold

LABELS = np.repeat(np.arange(6), 8)
PHOTOS = np.arange(48)[::-1].copy()
"""Where the labelled photos stand among all: the last one first."""
FOLD = Fold(np.flatnonzero(LABELS < 3), np.flatnonzero(LABELS >= 3))


class FakeTraining:
    """After `good` passes photos of one model are equal; before and after they are noise to some part."""

    n_batches = 3

    def __init__(self, keep, good, seconds=0.0):
        self.keep, self.good, self.takes = keep, good, seconds
        self.losses, self.seconds, self.taken, self.asked, self.kept = [], [], 0, [], {0}

    @property
    def n_done(self):
        return len(self.losses)

    def one_pass(self, progress):
        for batch in range(self.n_batches):
            progress(batch, self.n_batches)
        self.losses.append(10.0 - self.n_done)
        self.seconds.append(self.takes)
        self.kept.add(self.n_done)

    def take(self, n_passes):
        assert n_passes in self.kept
        self.taken = n_passes

    def keep_only(self, n_passes):
        self.kept &= {n_passes}

    def names(self, photos):
        return [f"photo {photo}" for photo in photos]

    def features(self, photos):
        self.asked.append(photos)
        rng = np.random.default_rng(self.taken)
        of_model = np.eye(8, dtype=np.float32)[LABELS[47 - photos]]
        return of_model + 0.25 * abs(self.taken - self.good) * rng.normal(size=of_model.shape).astype(np.float32)


@pytest.fixture
def curve_of(tmp_path):
    def run(good=2, most=8, n_done=0, **given):
        training = FakeTraining(tmp_path, good, given.pop("seconds", 0.0))
        for _ in range(n_done):
            training.one_pass(lambda done, total: None)
        return passes_curve([training], [FOLD], PHOTOS, LABELS, most, **given), training

    return run


def test_the_best_pass_is_found_and_training_ends_when_no_pass_helps(curve_of):
    curve, training = curve_of(good=2)
    assert curve.best == 2
    assert curve.is_over
    assert training.n_done == 4
    assert training.kept == {2}
    assert curve.scores[0].loss is None
    assert [score.loss for score in curve.scores[1:]] == [10.0, 9.0, 8.0, 7.0]


def test_no_more_passes_are_done_than_wanted(curve_of):
    curve, training = curve_of(good=50, most=3)
    assert (len(curve.scores), training.n_done) == (4, 3)


def test_no_pass_at_all_is_a_choice(curve_of):
    assert curve_of(good=0)[0].best == 0
    assert len(curve_of(good=3, most=0)[0].scores) == 1


def test_a_pass_that_would_end_too_late_is_not_begun(curve_of):
    curve, training = curve_of(good=50, seconds=100.0, deadline=time.monotonic() + 100)
    assert training.n_done == len(curve.scores) - 1 == 1
    curve, training = curve_of(good=50, most=3, seconds=100.0, deadline=time.monotonic() + 1000)
    assert training.n_done == len(curve.scores) - 1 == 3


def test_what_an_earlier_run_took_tells_how_long_the_next_pass_will_take(curve_of):
    curve, training = curve_of(good=50, n_done=2, seconds=100.0, deadline=time.monotonic() + 50)
    assert training.n_done == len(curve.scores) - 1 == 2


def test_the_photos_are_asked_for_by_their_own_numbers(curve_of):
    _, training = curve_of(most=0)
    tuning, validation = training.asked
    np.testing.assert_array_equal(tuning, PHOTOS[FOLD.tuning])
    np.testing.assert_array_equal(validation, PHOTOS[FOLD.held_out])


def test_scores_are_kept_beside_the_weights(curve_of):
    first, _ = curve_of(most=1)
    again, training = curve_of(most=1)
    assert again == first
    assert not training.asked


def test_progress_counts_batches_of_all_passes_there_may_be(curve_of):
    seen = []
    curve_of(good=50, most=2, progress=lambda *counts: seen.append(counts))
    assert seen == [(done, 6) for done in range(6)]


def test_each_score_is_told_at_once(curve_of):
    told = []
    curve, _ = curve_of(most=2, on_score=told.append)
    assert tuple(told) == curve.scores


def test_of_equally_good_passes_the_first_is_best():
    scores = [PassScore(None, 0.5, 0.5, 0.5), PassScore(1.0, 0.7, 0.9, 0.7), PassScore(0.5, 0.8, 0.9, 0.6)]
    assert PassCurve(tuple(scores)).best == 1
