"""Each photo's nearest photos, by an exact search of all pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shopsim.base.rows import unit_rows
from shopsim.base.work.progress import Progress, silent
from shopsim.clusterers.nearest_lists import nearest_lists


@dataclass(frozen=True, eq=False)
class NeighbourLists:
    """The k nearest other rows of each row, nearest first; of equally near ones the first row.

    ids: (n, k) int32; similarity: (n, k) float32, cosines.
    """

    ids: np.ndarray
    similarity: np.ndarray

    def first(self, k: int) -> NeighbourLists:
        """Returns the first k entries of each list, or all."""
        return NeighbourLists(self.ids[:, :k], self.similarity[:, :k])


def neighbour_lists(vectors: np.ndarray, k: int, progress: Progress = silent) -> NeighbourLists:
    """Returns the k nearest other rows of each row; k is n - 1 where there are fewer others.

    vectors: (n, d) rows, of any length each. progress: as in `nearest_lists`.
    Raises ValueError for NaN or infinity.
    """
    units = unit_rows(vectors)
    if not np.isfinite(units).all():
        raise ValueError("The vectors must be finite.")
    n, k = len(units), min(k, max(len(units) - 1, 0))
    if k == 0:
        return NeighbourLists(np.empty((n, 0), np.int32), np.empty((n, 0), np.float32))
    lists = nearest_lists(units, np.zeros(n, np.float32), k, progress)
    lists.sort()
    return NeighbourLists(lists.ids, lists.similarity)
