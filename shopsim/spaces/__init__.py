"""What is done to unit feature rows before they are compared; one file a space, found by its registered name."""

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
        """The fitted numbers, by name, from which the space's `restore` makes it again; empty if there are none."""
        ...


class _Space(Protocol):
    def restore(self, arrays: Mapping[str, np.ndarray]) -> FittedSpace:
        """What was fitted once, from its `arrays`. Raises ShopsimError if they are not such."""
        ...


class Space(_Space, Protocol):
    """Fitted on the photos to be grouped, or on tuning models, then frozen."""

    def fit(self, vectors: np.ndarray) -> FittedSpace:
        """Fix the parameters from (n, d) float32 unit rows."""
        ...


class LearnedSpace(_Space, Protocol):
    """Fitted to the true models of tuning photos, then frozen; registered with `learns=True`."""

    def fit(self, vectors: np.ndarray, labels_true: np.ndarray) -> FittedSpace:
        """Fix the parameters from (n, d) float32 unit rows of photos whose models, (n,) integers, are known."""
        ...


spaces: Registry[Space | LearnedSpace] = Registry("space", __name__)
