"""Trains a network on the tuning models, and further ones on parts of them, to judge the training by."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from shopsim.base.disk.store import digest_of
from shopsim.base.rows import unit_rows
from shopsim.base.work.progress import Progress, silent
from shopsim.catalog.catalog import Catalog
from shopsim.features.extractors.fine_tuned import NAME
from shopsim.learning.network import augment as edits
from shopsim.learning.network.activations import Activations
from shopsim.learning.network.backbone import Backbone
from shopsim.learning.network.engine import Engine, Recipe
from shopsim.learning.network.passes import PassCurve, PassScore, passes_curve, shifted
from shopsim.learning.network.training import TailTraining
from shopsim.scoring.folds import Fold
from shopsim.tuning.candidates import learned_candidates
from shopsim.tuning.learner import Learnt
from shopsim.tuning.level_cuts import validation_folds
from shopsim.tuning.validation import Validation, Views

KIND = "trainings"
VERSION = 3
"""Raised when the same training would give other weights, so that unfinished ones start again."""
MOST_PASSES = 8
_JUDGES_OF_FEW, _FEW = 8, 1000
_JUDGES = 4
"""Networks that are trained without some of the models, to judge by. Each costs nearly as much as the one that is kept,
but two are too few: on 604 photos they chose wrong cuts in one fold of five."""


def n_judges(n_images: int) -> int:
    """Returns how many networks are trained to judge by, besides the one that is kept."""
    return _JUDGES_OF_FEW if n_images <= _FEW else _JUDGES


@dataclass(frozen=True, eq=False)
class LearntNetwork(Learnt):
    """The features after training. weights: of the tail, the part that was trained."""

    weights: tuple[np.ndarray, ...]


@dataclass(frozen=True, eq=False)
class NetworkLearner:
    """Learns for one catalogue. others: views of its photos that learning leaves as they are, by extractor.

    activations: of its photos, from the backbone's stem. cache: trainings are kept there, so that the same one goes
    on where it was. seconds: for all trainings of one `learn` together; None for as long as it takes.
    on_score: is called with the scores on the validation models after each pass. engine: one to share; made where
    none is given.
    """

    catalog: Catalog
    others: Views
    backbone: Backbone
    activations: Activations
    cache: Path
    recipe: Recipe = field(default_factory=Recipe)
    seconds: float | None = None
    most_passes: int = MOST_PASSES
    on_score: Callable[[PassScore], None] = lambda score: None
    engine: Engine | None = None

    def learn(
        self, photos: np.ndarray, labels_true: np.ndarray, n_held_out: int, seed: int = 0, progress: Progress = silent
    ) -> LearntNetwork:
        """Learns as `Learner` says: first without the models of some folds, while that helps there; then with all."""
        begun = time.monotonic()
        folds = validation_folds(labels_true, n_held_out, seed)[: n_judges(len(photos))]
        most_passes = self.most_passes if folds[0].leaves_models_out else 0
        judges = [
            self._training(
                photos[fold.tuning], labels_true[fold.tuning], seed + number, self._known(photos, labels_true, fold)
            )
            for number, fold in enumerate(folds, start=1)
        ]
        final = self._training(photos, labels_true, seed)
        deadline = None if self.seconds is None else begun + self.seconds
        # A pass of the last training takes this share of the time of one pass of all judges.
        later = len(labels_true) / sum(len(fold.tuning) for fold in folds)
        total = most_passes * sum(training.n_batches for training in (*judges, final))
        judging = shifted(progress, 0, total)
        curve = passes_curve(judges, folds, photos, labels_true, most_passes, deadline, later, judging, self.on_score)
        _finish(final, curve.best, progress, total)
        for judge in judges:
            judge.take(curve.best)
        return LearntNetwork(
            Validation(tuple(folds), tuple(self._views(photos, judge) for judge in judges)),
            lambda wanted: self._views(wanted, final),
            # A metric judged by the models it was fitted to would always win.
            learned_candidates(list(self.others), metrics=folds[0].leaves_models_out),
            _told(curve, most_passes),
            self._card(curve, time.monotonic() - begun),
            tuple(final.weights()),
        )

    def _card(self, curve: PassCurve, seconds: float) -> dict[str, Any]:
        scores = [asdict(score) for score in curve.scores]
        return {"passes": curve.best, "curve": scores, "recipe": asdict(self.recipe), "seconds": seconds}

    def _known(self, photos: np.ndarray, labels_true: np.ndarray, fold: Fold) -> str:
        """Returns the digest of the photos that a judge is scored on: kept scores hold for these only."""
        return digest_of(self._digests(photos[fold.held_out]), labels_true[fold.held_out].tolist())

    def _digests(self, photos: np.ndarray) -> list[str]:
        return [self.catalog.images[photo].digest for photo in photos]

    def _training(self, photos: np.ndarray, labels_true: np.ndarray, seed: int, judged_by: str = "") -> TailTraining:
        digests, labels = self._digests(photos), labels_true.tolist()
        key = digest_of(VERSION, edits.VERSION, self.backbone.stem.key, self.recipe, digests, labels, seed, judged_by)
        views = self.recipe.n_views
        return TailTraining(self._engine, self.activations, photos, labels_true, views, seed, self.cache / KIND / key)

    @cached_property
    def _engine(self) -> Engine:
        """The engine, with room for every model of the catalogue."""
        return self.engine or Engine(self.backbone, self.recipe, len(self.catalog.models))

    def _views(self, photos: np.ndarray, training: TailTraining) -> dict[str, np.ndarray]:
        learned = unit_rows(training.features(photos))
        return {NAME: learned, **{name: rows[photos] for name, rows in self.others.items()}}


def _finish(training: TailTraining, n_passes: int, progress: Progress, total: int) -> None:
    """Trains until so many passes are done, the last of `total` batches, and keeps the weights after these."""
    while training.n_done < n_passes:
        left = (n_passes - training.n_done) * training.n_batches
        training.one_pass(shifted(progress, total - left, total))
    training.take(n_passes)
    training.keep_only(n_passes)


def _told(curve: PassCurve, most: int) -> str:
    if most == 0:
        return "There are too few models to judge training by, so the features are as they were."
    before, after = curve.scores[0], curve.scores[curve.best]
    if curve.best == 0:
        return f"Training brought nothing on validation models (ARI {before.ari:.3f}): the features are as they were."
    count = "1 pass" if curve.best == 1 else f"{curve.best} passes"
    more = "" if curve.is_over or len(curve.scores) > most else "; there was no time for more"
    return (
        f"After {count} of training, ARI on validation models went from {before.ari:.3f} to {after.ari:.3f} and "
        f"recall@1 from {before.recall_at_1:.3f} to {after.recall_at_1:.3f}{more}."
    )
