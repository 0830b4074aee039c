"""Projections lay vectors out on a 2-D map. Each has a file of its own and is found by its registered name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from shopsim.base.registry import Registry

# For k: the k nearest other rows of each row, nearest first, and their cosines: (n, k) int32 and float32.
Near = Callable[[int], tuple[np.ndarray, np.ndarray]]


class Projection(Protocol):
    """A way to draw (n, d) vectors as points."""

    def project(self, vectors: np.ndarray, seed: int = 0) -> np.ndarray:
        """(n, d) float32 unit rows -> (n, 2) float32 points, the same for the same seed; works for every n >= 0.

        A projection that starts from each row's nearest rows also has the argument `neighbours`, a `Near`.
        """
        ...


projections: Registry[Projection] = Registry("projection", __name__)
