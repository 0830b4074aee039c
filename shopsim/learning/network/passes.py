"""How long to train: trainings on part of the models, judged after each pass on the models left out."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from shopsim.base.disk.records import Number
from shopsim.base.disk.sealed import SEALED
from shopsim.base.disk.store import digest_of, load_array, save_array
from shopsim.base.rows import unit_rows
from shopsim.base.work.progress import Progress, silent
from shopsim.grouping.recipe import Recipe
from shopsim.learning.network.training import TailTraining
from shopsim.scoring.curve import threshold_curve
from shopsim.scoring.folds import Fold
from shopsim.scoring.retrieval import retrieval
from shopsim.tuning.level_cuts import fit_space, tree_of

_MOST_FITTED = 1500
"""Photos that a judge's space is fitted on to score a pass: on all it would take half as long as the pass."""
_SCORED = 1.3
"""How much longer a pass takes with its scores."""
PATIENCE = 2
"""Passes without a gain after which no further one is tried."""


@dataclass(frozen=True)
class PassScore:
    """After one pass, means over the validation folds. loss: None before the first pass.

    ari: of the best level cut of average linkage in the half-whitened space, fitted on photos of the trained models.
    recall_at_1, map_at_r: as in `Retrieval`, in that space.
    """

    loss: Number | None
    ari: Number
    recall_at_1: Number
    map_at_r: Number

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
    photos: np.ndarray,
    labels_true: np.ndarray,
    most: int,
    deadline: float | None = None,
    later: float = 0.0,
    progress: Progress = silent,
    on_score: Callable[[PassScore], None] = lambda score: None,
) -> PassCurve:
    """Train all side by side until no pass helps, `most` are done, or the time is up; the best pass's weights are kept.

    trainings: one per fold, on its tuning photos. folds: numbers among the (n,) photos, which are numbers of the
    trainings' activations, and labels_true. deadline: of `time.monotonic()`, by which a pass as long as the last one
    must be done, also one of an earlier run, and `later` times as many of them as will have been done; the first pass
    is always made. progress: counts batches, of as many passes as there may be. on_score: is told each score as soon
    as it is there.
    """
    scores = [_scored(trainings, folds, photos, labels_true, 0)]
    on_score(scores[0])
    a_pass = sum(training.n_batches for training in trainings)
    while len(scores) <= most and not PassCurve(tuple(scores)).is_over:
        # What is known costs nothing, and of passes that were worse nothing but the scores is left.
        is_known = all(training.n_done >= len(scores) for training in trainings)
        if len(scores) > 1 and not is_known and deadline is not None:
            took = _SCORED * sum(training.seconds[len(scores) - 2] for training in trainings)
            if time.monotonic() + took * (1 + later * (len(scores) + 1)) > deadline:
                break
        n_before = (len(scores) - 1) * a_pass
        for training in trainings:
            if training.n_done < len(scores):
                training.one_pass(shifted(progress, n_before, most * a_pass))
            n_before += training.n_batches
        scores.append(_scored(trainings, folds, photos, labels_true, len(scores)))
        on_score(scores[-1])
        for training in trainings:
            if training.n_done == len(scores) - 1:
                training.keep_only(PassCurve(tuple(scores)).best)
    return PassCurve(tuple(scores))


def _scored(
    trainings: Sequence[TailTraining],
    folds: Sequence[Fold],
    photos: np.ndarray,
    labels_true: np.ndarray,
    n_passes: int,
) -> PassScore:
    found = [_kept_scores(*pair, photos, labels_true, n_passes) for pair in zip(trainings, folds, strict=True)]
    losses = [training.losses[n_passes - 1] for training in trainings] if n_passes else []
    return PassScore(float(np.mean(losses)) if losses else None, *np.mean(found, axis=0).tolist())


def _kept_scores(
    training: TailTraining, fold: Fold, photos: np.ndarray, labels_true: np.ndarray, n_passes: int
) -> np.ndarray:
    """(3,) ARI, recall@1 and MAP@R; beside the training's weights, since they take as long as half a pass."""
    validation = digest_of(training.names(photos[fold.held_out]), labels_true[fold.held_out].tolist())
    path = training.keep / f"scores-{n_passes:03d}-{validation}{SEALED}.npy"
    known = load_array(path)
    if known is not None and known.shape == (3,) and known.dtype == np.float64 and np.isfinite(known).all():
        return known
    training.take(n_passes)
    every = -(-len(fold.tuning) // _MOST_FITTED)
    rows = [unit_rows(training.features(photos[part])) for part in (fold.tuning[::every], fold.held_out)]
    scores = np.array(_scores(*rows, labels_true[fold.held_out]))
    save_array(path, scores)
    return scores


def _scores(tuning: np.ndarray, validation: np.ndarray, labels_true: np.ndarray) -> tuple[float, float, float]:
    recipe = Recipe()
    rows = fit_space(tuning, recipe).transform(validation)
    curve = threshold_curve(tree_of(rows, recipe), labels_true)
    return float(curve.ari.max()), *retrieval(rows, labels_true)


def shifted(progress: Progress, before: int, total: int) -> Progress:
    """A progress within work of `total`, of which so much was done before."""
    return lambda done, _: progress(before + done, total)
