"""Splits a catalogue by true model, never by photo: what is tuned on some models is scored on others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.base.labels import UNLABELLED

# A fold of fewer says little: with two models every merge is either all of the truth or none.
MIN_MODELS = 3
_TUNING_PARTS = ("train", "val", "validation")


@dataclass(frozen=True, eq=False)
class Fold:
    """Photos to tune on and photos to score on, of different models.

    tuning, held_out: int64 indices of photos, ascending.
    """

    tuning: np.ndarray
    held_out: np.ndarray

    @property
    def parts(self) -> tuple[np.ndarray, np.ndarray]:
        """The photos to tune on and the photos to score on."""
        return self.tuning, self.held_out

    @property
    def leaves_models_out(self) -> bool:
        """Whether the fold scores on other photos than it tunes on."""
        return not np.array_equal(self.tuning, self.held_out)


def model_folds(labels_true: np.ndarray, n_folds: int = 5, seed: int = 0) -> list[Fold]:
    """Splits into folds by model: each model is held out once per round, stratified by photos per model.

    labels_true: (n,) integers; UNLABELLED photos are in no fold. n_folds: 2 or more. Each fold holds at least
    MIN_MODELS models of two or more photos: with too few for `n_folds` such folds there are fewer, and rounds with
    the seeds that follow until at least `n_folds` are reached.

    Raises ShopsimError if there are fewer than 2 * MIN_MODELS such models.
    """
    models, counts = np.unique(labels_true[labels_true != UNLABELLED], return_counts=True)
    n_telling = int((counts > 1).sum())
    if n_telling < 2 * MIN_MODELS:
        raise ShopsimError(
            f"Models with two or more photos: {n_telling}; scoring on models that nothing was tuned on needs at "
            f"least {2 * MIN_MODELS}, {MIN_MODELS} to tune on and {MIN_MODELS} to score on."
        )
    in_round = max(2, min(n_folds, n_telling // MIN_MODELS))
    n_rounds = -(-n_folds // in_round)
    return [
        fold for number in range(n_rounds) for fold in _one_round(labels_true, models, counts, in_round, seed + number)
    ]


def split_fold(labels_true: np.ndarray, splits: Sequence[str | None]) -> tuple[Fold | None, str]:
    """The catalogue's own split, train (and val) to tune on and test to score on, or None and why it is not used.

    A model that stands in two parts makes the split one of photos, which would flatter. The reason is empty where
    no photo has a split.
    """
    part = np.array([(split or "").strip().lower() for split in splits])
    if not part.astype(bool).any():
        return None, ""
    labelled = labels_true != UNLABELLED
    shared = _models_in_two_parts(labels_true[labelled], part[labelled])
    if shared:
        count = f"{shared} models stand" if shared > 1 else "1 model stands"
        return None, f"{count} in two of its parts"
    tuning = np.flatnonzero(labelled & np.isin(part, _TUNING_PARTS))
    held_out = np.flatnonzero(labelled & (part == "test"))
    if min(_n_telling(labels_true[tuning]), _n_telling(labels_true[held_out])) < MIN_MODELS:
        return None, f"it has no train and test part with {MIN_MODELS} models of two or more photos each"
    return Fold(tuning, held_out), ""


def _n_telling(labels_true: np.ndarray) -> int:
    return int((np.unique(labels_true, return_counts=True)[1] > 1).sum())


def _models_in_two_parts(labels_true: np.ndarray, part: np.ndarray) -> int:
    pairs = {(model, name) for model, name in zip(labels_true.tolist(), part.tolist(), strict=True) if name}
    return _n_telling(np.array([model for model, _ in pairs], np.int64))


def _one_round(labels_true: np.ndarray, models: np.ndarray, counts: np.ndarray, n_folds: int, seed: int) -> list[Fold]:
    rng = np.random.default_rng(seed)
    # By size, equals in random order; then dealt row by row, each row in random order: every fold gets its share of
    # large and of small models.
    order = np.lexsort((rng.permutation(len(models)), -counts))
    fold_of = np.empty(len(models), np.int64)
    for start in range(0, len(order), n_folds):
        row = order[start : start + n_folds]
        fold_of[row] = rng.permutation(n_folds)[: len(row)]
    labelled = labels_true != UNLABELLED
    of_photo = np.full(len(labels_true), -1)
    of_photo[labelled] = fold_of[np.searchsorted(models, labels_true[labelled])]
    return [
        Fold(np.flatnonzero(labelled & (of_photo != number)), np.flatnonzero(of_photo == number))
        for number in range(n_folds)
    ]
