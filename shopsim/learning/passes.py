"""How long to train: trainings on part of the models, judged after each pass on the models left out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shopsim.candidates import fit_space, tree_of
from shopsim.curve import threshold_curve
from shopsim.folds import Fold
from shopsim.learning.training import TailTraining
from shopsim.pipeline import Recipe
from shopsim.progress import Progress, silent
from shopsim.retrieval import retrieval
from shopsim.spaces.rows import unit_rows

PATIENCE = 2
"""Passes without a gain after which no further one is tried."""


@dataclass(frozen=True)
class PassScore:
    """After one pass, means over the validation folds. loss: None before the first pass.

    ari: of the best level cut of average linkage in the half-whitened space, fitted on the trained models.
    recall_at_1, map_at_r: as in `Retrieval`, in that space.
    """

    loss: float | None
    ari: float
    recall_at_1: float
    map_at_r: float

    @property
    def merit(self) -> float:
        """By which passes are compared: ARI alone jumps with every large group that joins another."""
        return (self.ari + self.map_at_r) / 2


@dataclass(frozen=True)
class PassCurve:
    """Scores after 0, 1, 2 ... passes; of equally good numbers the smallest is best."""

    scores: tuple[PassScore, ...]

    @property
    def best(self) -> int:
        """Passes after which the validation models are grouped best; 0 if training brings nothing."""
        return int(np.argmax([score.merit for score in self.scores]))

    @property
    def is_over(self) -> bool:
        """Whether patience has run out."""
        return len(self.scores) - 1 - self.best >= PATIENCE


def passes_curve(
    trainings: Sequence[TailTraining],
    folds: Sequence[Fold],
    labels_true: np.ndarray,
    most: int,
    deadline: float | None = None,
    later: float = 0.0,
    progress: Progress = silent,
) -> PassCurve:
    """Train all side by side until no pass helps, `most` are done, or the time is up.

    trainings: one a fold, on its tuning photos; folds: numbers among the (n,) labels_true. deadline: of
    `time.monotonic()`, by which a pass as long as the last one must be done, and `later` times as many of them as
    will have been done. progress: counts hundredths of a pass of one training.
    """
    scores = [_scored(trainings, folds, labels_true, 0)]
    while len(scores) <= most and not PassCurve(tuple(scores)).is_over:
        begun = time.monotonic()
        for number, training in enumerate(trainings):
            if training.n_done < len(scores):
                training.one_pass(_part_of(progress, len(scores) - 1, number, len(trainings), most))
        scores.append(_scored(trainings, folds, labels_true, len(scores)))
        took = time.monotonic() - begun
        if deadline is not None and time.monotonic() + took * (1 + later * (len(scores) + 1)) > deadline:
            break
    return PassCurve(tuple(scores))


def _scored(
    trainings: Sequence[TailTraining], folds: Sequence[Fold], labels_true: np.ndarray, n_passes: int
) -> PassScore:
    found = []
    for training, fold in zip(trainings, folds, strict=True):
        training.take(n_passes)
        tuning, validation = (unit_rows(training.features(part)) for part in fold.parts)
        found.append(_scores(tuning, validation, labels_true[fold.held_out]))
    losses = [training.losses[n_passes - 1] for training in trainings] if n_passes else []
    return PassScore(float(np.mean(losses)) if losses else None, *np.mean(found, axis=0).tolist())


def _scores(tuning: np.ndarray, validation: np.ndarray, labels_true: np.ndarray) -> tuple[float, float, float]:
    recipe = Recipe()
    rows = fit_space(tuning, recipe).transform(validation)
    curve = threshold_curve(tree_of(rows, recipe), labels_true)
    return float(curve.ari.max()), *retrieval(rows, labels_true)


def _part_of(progress: Progress, n_before: int, number: int, n_trainings: int, most: int) -> Progress:
    def report(done: int, total: int) -> None:
        progress(round(100 * (n_before * n_trainings + number + done / max(total, 1))), 100 * most * n_trainings)

    return report
