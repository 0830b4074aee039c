"""Neighbour lists that are searched once, kept in the store, and shared by all who need them."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from shopsim.base.disk.store import Store, array_digest, digest_of
from shopsim.base.rows import distinct_rows
from shopsim.base.work.progress import Progress, silent
from shopsim.clusterers.copied_lists import lists_of_copies
from shopsim.clusterers.nearest_lists import NearestSearch, nearest_lists
from shopsim.clusterers.neighbour_lists import NeighbourLists, Search, neighbour_lists

KIND = "neighbours"
# Raised when the same rows get other lists.
_VERSION = 1
# Lists are kept at this length, or at twice, four times ... of it, so that those who need fewer share them.
_SHORTEST = 32


class Neighbours:
    """The nearest photos of each photo. Only distinct rows are searched; the lists of copies follow from theirs.

    vectors: (n, d) rows of any length. store: keeps the lists, under a digest of the distinct rows; None keeps nothing.
    nearest: carries out the exact search.
    """

    def __init__(self, vectors: np.ndarray, store: Store | None = None, nearest: NearestSearch = nearest_lists) -> None:
        self._vectors = vectors
        self._store = store
        self._nearest = nearest

    @property
    def n_distinct(self) -> int:
        """The number of distinct rows."""
        return len(self._copies[0])

    def of_distinct(self, k: int, progress: Progress = silent, search: Search = "exact") -> NeighbourLists:
        """Returns the k nearest distinct rows of each, in the order of `distinct_rows`; all others if there are fewer.

        progress, search and what is raised: as in `neighbour_lists`.
        """
        return self._at_least(k, progress, search).first(k)

    def of_photos(self, k: int, progress: Progress = silent) -> NeighbourLists:
        """Returns the k nearest other photos of each photo, copies included; all others if there are fewer."""
        return self.among(np.arange(len(self._vectors)), k, progress)

    def among(self, photos: np.ndarray, k: int, progress: Progress = silent) -> NeighbourLists:
        """Returns the k nearest of these photos for each of them. photos: (m,) int64; ids are places in it."""
        lists = lists_of_copies(self._at_least(k, progress), self._copies[1][photos], k)
        if lists is None:
            # These are so few of all photos that the lists do not have enough of them.
            lists = Neighbours(self._vectors[photos]).of_photos(k, progress)
        return lists

    @cached_property
    def _copies(self) -> tuple[np.ndarray, np.ndarray]:
        return distinct_rows(self._vectors)

    def _at_least(self, k: int, progress: Progress, search: Search = "exact") -> NeighbourLists:
        """Returns the lists of the distinct rows, of length k or more."""
        has_copies = self.n_distinct < len(self._vectors)
        rows = self._vectors[self._copies[0]] if has_copies else self._vectors
        if self._store is None or search != "exact":
            # Approximate lists serve one tree, which is kept; keeping them too would serve nobody.
            return neighbour_lists(rows, k, progress, search, nearest=self._nearest)
        length = _SHORTEST
        while length < k:
            length *= 2
        key = digest_of(array_digest(rows), length, _VERSION)
        lists = _stored(self._store, key, len(rows), min(length, max(len(rows) - 1, 0)))
        if lists is None:
            lists = neighbour_lists(rows, length, progress, nearest=self._nearest)
            self._store.save(KIND, f"{key}-ids", lists.ids)
            self._store.save(KIND, f"{key}-similarity", lists.similarity)
        return lists


def _stored(store: Store, key: str, n_rows: int, length: int) -> NeighbourLists | None:
    ids, similarity = store.load(KIND, f"{key}-ids"), store.load(KIND, f"{key}-similarity")
    if ids is None or similarity is None or not ids.shape == similarity.shape == (n_rows, length):
        return None
    if ids.dtype != np.int32 or similarity.dtype != np.float32 or not ((ids >= 0) & (ids < n_rows)).all():
        return None  # An entry that has no lists of these rows is a miss and is written again.
    return NeighbourLists(ids, similarity)
