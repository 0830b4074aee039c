"""Each photo's nearest photos: all pairs compared, or nearly all neighbours in a part of the time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from shopsim.base.rows import unit_rows
from shopsim.base.work.progress import Progress, silent
from shopsim.clusterers.hnsw_lists import hnsw_lists
from shopsim.clusterers.nearest_lists import NearestSearch, nearest_lists

Search = Literal["exact", "hnsw"]
SEARCHES: tuple[Search, ...] = ("exact", "hnsw")


@dataclass(frozen=True, eq=False)
class NeighbourLists:
    """The k nearest other rows of each row, nearest first; of equally near ones the first row.

    ids: (n, k) int32; similarity: (n, k) float32, cosines. found: None where all pairs were compared; else the share of
    neighbours that the search found, and a list may end with ids of -1, whose similarity is -inf.
    """

    ids: np.ndarray
    similarity: np.ndarray
    found: float | None = None

    def first(self, k: int) -> NeighbourLists:
        """Returns the first k entries of each list, or all."""
        return NeighbourLists(self.ids[:, :k], self.similarity[:, :k], self.found)


def neighbour_lists(
    vectors: np.ndarray,
    k: int,
    progress: Progress = silent,
    search: Search = "exact",
    nearest: NearestSearch = nearest_lists,
) -> NeighbourLists:
    """Returns the k nearest other rows of each row; k is n - 1 where there are fewer others.

    vectors: (n, d) rows, of any length each. progress: is told how far a long search is, and may stop it.
    nearest: carries out the exact search.
    Raises ValueError for NaN or infinity, and ShopsimError if `hnsw` is asked for without its package.
    """
    units = unit_rows(vectors)
    if not np.isfinite(units).all():
        raise ValueError("The vectors must be finite.")
    n, k = len(units), min(k, max(len(units) - 1, 0))
    if k == 0:
        return NeighbourLists(np.empty((n, 0), np.int32), np.empty((n, 0), np.float32))
    found = None
    if search == "hnsw":
        lists, found = hnsw_lists(units, k, progress)
    else:
        lists = nearest(units, np.zeros(n, np.float32), k, progress)
    lists.sort()
    return NeighbourLists(lists.ids, lists.similarity, found)
