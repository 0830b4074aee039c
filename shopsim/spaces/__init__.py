"""Spaces turn unit feature rows into vectors to compare; one file per space, found by its registered name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np

from shopsim.base.registry import Registry


class FittedSpace(Protocol):
    """A space whose parameters are fixed.

    note: one sentence for the page about what was done ("Whitened to 256 components."); never empty.
    """

    note: str

    def transform(self, vectors: np.ndarray) -> np.ndarray:
        """(n, d) float32 unit rows -> (n, d') float32 unit rows; a zero row stays zero, never NaN."""
        ...

    def arrays(self) -> dict[str, np.ndarray]:
        """The fitted numbers by name, from which `restore` makes the space again; empty if there are none."""
        ...


class _Space(Protocol):
    def restore(self, arrays: Mapping[str, np.ndarray]) -> FittedSpace:
        """Makes a fitted space from its `arrays`. Raises ShopsimError if they are not arrays of this space."""
        ...


class Space(_Space, Protocol):
    """A space that is fitted on the photos to be grouped, or on tuning models, and does not change afterwards."""

    def fit(self, vectors: np.ndarray) -> FittedSpace:
        """Fits the parameters to (n, d) float32 unit rows."""
        ...


class LearnedSpace(_Space, Protocol):
    """A space that is fitted to the true models of tuning photos; it is registered with `learns=True`."""

    def fit(self, vectors: np.ndarray, labels_true: np.ndarray) -> FittedSpace:
        """Fits the parameters to (n, d) float32 unit rows of photos whose models, (n,) integers, are known."""
        ...


spaces: Registry[Space | LearnedSpace] = Registry("space", __name__)
