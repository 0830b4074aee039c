"""Scores a setting on folds of models within a second or two: each fold is cut as is best for the other folds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from scipy.sparse import csr_array

from shopsim.base.labels import UNLABELLED
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.scoring.bootstrap import weighted_ari
from shopsim.scoring.confusion import contingency
from shopsim.scoring.curve import threshold_curve
from shopsim.scoring.folds import MIN_MODELS, Fold, model_folds
from shopsim.tuning.candidates import Candidate
from shopsim.tuning.control_values import best_on_average
from shopsim.tuning.level_cuts import tree_of
from shopsim.tuning.validation import Validation, ValidationRows, Views

MOST_PHOTOS = 1500
"""Of more photos, whole models are drawn until there are about so many: ten settings then take some seconds."""
_FOLDS, _ROUNDS = 3, 2
_FEWEST_MODELS = 4 * MIN_MODELS


@dataclass(frozen=True)
class Scored:
    """The mean ARI over folds of one setting, and for each fold the contingency table of its held-out photos."""

    ari: float
    tables: tuple[csr_array, ...]


@dataclass(frozen=True, eq=False)
class QuickFolds:
    """The folds among some photos of the catalogue.

    photos: (m,) int64, their numbers. labels_true: (m,) int64, their models from 0. folds: of these m photos; each
    photo is held out once per round.
    """

    photos: np.ndarray
    labels_true: np.ndarray
    folds: tuple[Fold, ...]
    is_sample: bool

    @classmethod
    def of(cls, labels_true: np.ndarray, seed: int) -> QuickFolds | None:
        """The folds for (n,) labels, of which UNLABELLED photos are no part; None if there are too few models."""
        photos = _sample(labels_true, seed)
        labels = np.unique(labels_true[photos], return_inverse=True)[1]
        n_telling = int((np.bincount(labels) > 1).sum()) if len(labels) else 0
        if n_telling < 2 * MIN_MODELS:
            return None
        in_round = max(2, min(_FOLDS, n_telling // MIN_MODELS))
        folds = (fold for number in range(_ROUNDS) for fold in model_folds(labels, in_round, seed + number))
        return cls(photos, labels, tuple(folds), len(photos) < int((labels_true != UNLABELLED).sum()))

    @property
    def n_images(self) -> int:
        """How many photos are looked at."""
        return len(self.photos)

    @property
    def n_models(self) -> int:
        """How many models they show."""
        return len(np.unique(self.labels_true))

    def scored(self, views: Views, settings: Sequence[Candidate]) -> Iterator[Scored]:
        """The scores of each setting in turn; views: of all photos of the catalogue.

        The space and the tree are those of all m photos, as on a page, and need no label. The threshold is tuned on the
        models of the other folds.
        """
        own, everything = {name: rows[self.photos] for name, rows in views.items()}, np.arange(self.n_images)
        rows = ValidationRows(Validation.of(own, [Fold(everything, everything)]), self.labels_true, settings)
        for candidate in rows.candidates:
            tree = tree_of(rows.of(candidate, 0), candidate.recipe)
            tables = tuple(self._table(tree, fold) for fold in self.folds)
            yield Scored(fmean(float(weighted_ari(table, np.ones((1, table.shape[0])))[0]) for table in tables), tables)

    def _table(self, tree: MergeTree, fold: Fold) -> csr_array:
        """The contingency table of the fold's held-out photos, cut as is best for its tuning models."""
        threshold, _ = best_on_average([threshold_curve(tree, self._only(fold.tuning))])
        return contingency(self._only(fold.held_out), tree.cut(threshold))

    def _only(self, photos: np.ndarray) -> np.ndarray:
        """(m,) int64 models, all other photos UNLABELLED."""
        labels = np.full(self.n_images, UNLABELLED)
        labels[photos] = self.labels_true[photos]
        return labels


def _sample(labels_true: np.ndarray, seed: int) -> np.ndarray:
    """Numbers of the labelled photos, or of those of whole models drawn at random, about MOST_PHOTOS of them."""
    labelled = np.flatnonzero(labels_true != UNLABELLED)
    if len(labelled) <= MOST_PHOTOS:
        return labelled
    rng = np.random.default_rng(seed)
    models, counts = np.unique(labels_true[labelled], return_counts=True)
    order = rng.permutation(len(models))
    # A check needs some models. Where these alone are too many photos, it looks at some photos of each.
    most = MOST_PHOTOS // _FEWEST_MODELS
    n_models = max(_FEWEST_MODELS, int((np.cumsum(counts[order].clip(max=most)) <= MOST_PHOTOS).sum()))
    parts = [labelled[labels_true[labelled] == model] for model in models[order[:n_models]]]
    return np.sort(np.concatenate([part if len(part) <= most else rng.permutation(part)[:most] for part in parts]))
