"""Selects the photos that a metric can be learned from: those of models with two different photos or more."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from shopsim.base.rows import distinct_rows
from shopsim.spaces import FittedSpace
from shopsim.spaces.linear import FittedLinear
from shopsim.spaces.raw import FittedRaw

FEWEST_MODELS = 3


@dataclass(frozen=True, eq=False)
class Learnable:
    """Keeps photos in a linear space, from which the next map is learned.

    rows: (n, k) float32, projected but not scaled to length 1.
    models: (n,) integers from 0, each with two different rows.
    """

    space: FittedLinear
    rows: np.ndarray
    models: np.ndarray

    @property
    def n_models(self) -> int:
        """Counts the models."""
        return int(self.models.max()) + 1

    @property
    def told(self) -> str:
        """Returns the end of a sentence with the numbers of photos and models."""
        return f"learned from {len(self.rows):,} photos of {self.n_models:,} models."

    def within(self) -> np.ndarray:
        """Returns the (k, k) float64 covariance of the rows around the means of their models."""
        counts = np.bincount(self.models).astype(np.float64)
        totals = np.zeros((len(counts), self.rows.shape[1]))
        np.add.at(totals, self.models, self.rows)
        around = self.rows - (totals / counts[:, None])[self.models]
        return around.T @ around / (len(around) - len(counts))

    def then(self, matrix: np.ndarray, note: str) -> Learnable:
        """Returns the same photos after another map, (k, m)."""
        return Learnable(self.space.then(matrix, note), (self.rows @ matrix).astype(np.float32), self.models)


def learnable(space: FittedSpace, vectors: np.ndarray, labels_true: np.ndarray) -> Learnable | FittedSpace:
    """Returns the photos to learn a metric after this space, or the space with a note why none can be learned.

    vectors: (n, d) float32 unit rows; labels_true: (n,) integers.
    """
    telling = _telling_models(vectors, labels_true)
    if not isinstance(space, FittedLinear) or len(telling) < FEWEST_MODELS:
        return _unlearned(space, len(telling))
    photos = np.flatnonzero(np.isin(labels_true, telling) & vectors.any(axis=1))
    rows = space.project(np.asarray(vectors, np.float32)[photos])
    return Learnable(space, rows, np.searchsorted(telling, labels_true[photos]))


def _telling_models(vectors: np.ndarray, labels_true: np.ndarray) -> np.ndarray:
    """Returns the models of two or more different photos, ascending; a zero row does not count as a photo."""
    kept = np.flatnonzero(np.asarray(vectors).any(axis=1))
    pairs = np.unique(np.stack([labels_true[kept], distinct_rows(vectors[kept])[1]]), axis=1)
    models, n_different = np.unique(pairs[0], return_counts=True)
    return models[n_different > 1]


def _unlearned(space: FittedSpace, n_models: int) -> FittedSpace:
    if not isinstance(space, FittedLinear | FittedRaw) or n_models >= FEWEST_MODELS:
        return space
    note = f"{space.note} No metric was learned: it takes {FEWEST_MODELS} models of two different photos each."
    return replace(space, note=note)
