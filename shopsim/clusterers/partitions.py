"""Shared code of clusterings that compute again at every cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from shopsim.base.labels import noise_as_singletons
from shopsim.base.rows import distinct_rows
from shopsim.clusterers import Control

PHOTOS_PER_MODEL = 70
"""The public baseline makes one group per 70 photos."""

# From (n, d) float32 rows and a value of the control to (n,) integer labels, -1 being noise.
Split = Callable[[np.ndarray, float], np.ndarray]


@dataclass(frozen=True, eq=False)
class Partitions:
    """Vectors that are split again at every cut.

    vectors: (n, d) float32. split: makes the groups; it is called for 2 photos or more.
    """

    vectors: np.ndarray
    control: Control
    split: Split

    def cut(self, value: float) -> np.ndarray:
        """(n,) int64 groups by first appearance, each noise photo a group of one."""
        if len(self.vectors) < 2:
            return np.arange(len(self.vectors))
        return noise_as_singletons(self.split(self.vectors, value))


def copies_together(split: Split) -> Split:
    """Returns a split of the distinct rows only; copies get the group of the first of them."""
    # No inner function: a worker sends the clustering to the server, and `pickle` takes only functions with a name.
    return partial(_split_distinct, split)


def _split_distinct(split: Split, vectors: np.ndarray, value: float) -> np.ndarray:
    first, identity = distinct_rows(vectors)
    return (split(vectors[first], value) if len(first) > 1 else np.zeros(1, dtype=np.int64))[identity]


def count_control(n_images: int, default: int, help: str, instant: bool = False) -> Control:
    """Returns a control for the number of groups, from 1 to one per photo."""
    high = max(1, n_images)
    carries_over = "For other photos keep the photos per group: twice the photos, twice the groups."
    return Control("Groups", "count", 1, high, min(max(1, default), high), 1, instant, f"{help} {carries_over}")
