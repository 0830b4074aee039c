"""Learns a metric on features: a linear map fitted to the tuning models, one of the spaces that Auto tries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shopsim.base.work.progress import Progress, silent
from shopsim.tuning.candidates import auto_candidates, metric_candidates
from shopsim.tuning.learner import Learnt
from shopsim.tuning.level_cuts import validation_folds
from shopsim.tuning.validation import Validation, Views


@dataclass(frozen=True, eq=False)
class MetricLearner:
    """Learns for one catalogue. features: views of its photos by extractor, the main one's first.

    Nothing is trained before the search: Auto fits each space to the tuning models of each validation fold.
    """

    features: Views

    def learn(
        self, photos: np.ndarray, labels_true: np.ndarray, n_held_out: int, seed: int = 0, progress: Progress = silent
    ) -> Learnt:
        """Learns as `Learner` says."""
        views = self._views(photos)
        folds = validation_folds(labels_true, n_held_out, seed)
        companions = list(self.features)[1:]
        validation = Validation.of(views, folds)
        if not folds[0].leaves_models_out:
            # A metric judged by the models it was fitted to would always win.
            told = "There are too few models to judge a metric by, so none was tried."
            return Learnt(validation, self._views, auto_candidates(companions), told, {})
        return Learnt(
            validation, self._views, metric_candidates(companions), "Metrics were tried among the spaces.", {}
        )

    def _views(self, photos: np.ndarray) -> dict[str, np.ndarray]:
        return {name: rows[photos] for name, rows in self.features.items()}
