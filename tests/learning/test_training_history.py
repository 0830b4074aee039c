"""What a training tells of its passes, by an engine that only counts."""

import shutil

import numpy as np
import pytest

from shopsim import ShopsimError
from shopsim.features.row_reader import RowReader
from shopsim.learning.network.activations import Activations
from shopsim.learning.network.training import TailTraining

LABELS = np.repeat(np.arange(4), 30)


class CountingEngine:
    """Every step of a pass has the loss of the pass: 100, 101, ...; its state is the number of steps."""

    def __init__(self, n_batches):
        self.n_batches, self.steps = n_batches, 0

    def fresh(self, n_models, seed):
        return [np.zeros(1)]

    def load(self, state):
        (steps,) = state
        self.steps = int(steps[0])

    def state(self):
        return [np.array([float(self.steps)])]

    def weights(self):
        return [np.array([float(self.steps)])]

    def step(self, rows, labels, n_models):
        loss = 100.0 + self.steps // self.n_batches
        self.steps += 1
        return loss


@pytest.fixture
def made(tmp_path):
    rows = RowReader([np.zeros((len(LABELS), 2), np.float16)], np.arange(len(LABELS)))
    activations = Activations([rows], (2,), [f"{row:032x}" for row in range(len(LABELS))])
    engine = CountingEngine(0)
    training = TailTraining(engine, activations, np.arange(len(LABELS)), LABELS, 1, 0, tmp_path / "kept")
    engine.n_batches = training.n_batches
    assert engine.n_batches > 1
    return training


def test_the_loss_of_a_pass_is_the_mean_of_its_own_batches(made):
    for expected in (100.0, 101.0, 102.0):
        assert made.one_pass() == pytest.approx(expected)
    assert made.losses == pytest.approx([100.0, 101.0, 102.0])
    assert len(made.seconds) == 3


def test_a_cache_that_was_cleared_is_told(made):
    made.one_pass()
    shutil.rmtree(made.keep)
    with pytest.raises(ShopsimError, match="cache was cleared"):
        made.one_pass()


def test_another_process_that_went_on_is_told(made, monkeypatch):
    made.one_pass()
    monkeypatch.setattr(made, "losses", [])
    monkeypatch.setattr(made, "seconds", [])
    with pytest.raises(ShopsimError, match="Another process"):
        made.one_pass()
