"""Turns unit feature rows into the vectors that are compared; one file per space, found by its registered name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np

from shopsim.base.registry import Registry


class FittedSpace(Protocol):
    """Describes a space whose parameters are fixed.

    note: one sentence for the page about the fit ("Whitened to 256 components."); never empty.
    """

    note: str

    def transform(self, vectors: np.ndarray) -> np.ndarray:
        """Turns (n, d) float32 unit rows into (n, d') float32 unit rows; a zero row stays zero, never NaN."""
        ...

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns the fitted numbers by name, for the space's `restore`; empty if there are none."""
        ...


class _Space(Protocol):
    def restore(self, arrays: Mapping[str, np.ndarray]) -> FittedSpace:
        """Returns the fitted space with these `arrays`. Raises ShopsimError if they do not fit."""
        ...


class Space(_Space, Protocol):
    """Describes a space that is fitted on the photos to be grouped, or on tuning models, and then frozen."""

    def fit(self, vectors: np.ndarray) -> FittedSpace:
        """Fits the parameters on (n, d) float32 unit rows."""
        ...


class LearnedSpace(_Space, Protocol):
    """Describes a space that is fitted to the true models of tuning photos; registered with `learns=True`."""

    def fit(self, vectors: np.ndarray, labels_true: np.ndarray) -> FittedSpace:
        """Fits the parameters on (n, d) float32 unit rows of photos whose models, (n,) integers, are known."""
        ...


spaces: Registry[Space | LearnedSpace] = Registry("space", __name__)
