"""What is done to unit feature rows before they are compared; one file a space, found by its registered name."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from shopsim.registry import Registry


class FittedSpace(Protocol):
    """A space whose parameters are fixed.

    note: one sentence for the page about what was done ("Whitened to 256 components."); never empty.
    """

    note: str

    def transform(self, vectors: np.ndarray) -> np.ndarray:
        """(n, d) float32 unit rows -> (n, d') float32 unit rows; a zero row stays zero, never NaN."""
        ...


class Space(Protocol):
    """Fitted on the photos to be grouped, or on tuning models, then frozen."""

    def fit(self, vectors: np.ndarray) -> FittedSpace:
        """Fix the parameters from (n, d) float32 unit rows."""
        ...


spaces: Registry[Space] = Registry("space", __name__)
