"""Which groups of several groupings some sets of photos are in, and how far these sets agree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from shopsim.base.labels import by_first_appearance
from shopsim.base.work.progress import Progress, look
from shopsim.clusterers.sparse_merges import Pairs

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_BLOCK = 512
_MOST_IN_BLOCK = 2**23


@dataclass(frozen=True, eq=False)
class Memberships:
    """Sets of photos, one per row, and the groups of m groupings, one per column.

    counts: (s, groups) float64, the photos of each set in each group. weights: (groups,) float64, the share of each
    group's grouping. heaviest: the number of the grouping with the largest share.
    """

    counts: csr_array
    weights: np.ndarray
    heaviest: int

    @classmethod
    def of(cls, labels: np.ndarray, share: np.ndarray, sets: np.ndarray) -> Memberships:
        """labels: (m, n) integers; share: (m,) float64 weights that add up to 1; sets: (n,) int64 from 0."""
        from scipy.sparse import coo_array

        columns = np.stack([by_first_appearance(own) for own in labels])
        n_groups = columns.max(axis=1) + 1
        columns += (np.cumsum(n_groups) - n_groups)[:, None]
        shape = (int(sets.max()) + 1, int(n_groups.sum()))
        counts = coo_array((np.ones(labels.size), (np.tile(sets, len(labels)), columns.ravel())), shape=shape)
        return cls(counts.tocsr(), np.repeat(share, n_groups), int(share.argmax()))

    @cached_property
    def sizes(self) -> np.ndarray:
        """(s,) float64, the photos of each set."""
        return self.counts @ self.weights

    @property
    def at_most(self) -> int:
        """An upper limit of the number of pairs of sets that share a group."""
        sets = np.bincount(self.counts.indices)
        return int((sets * (sets - 1) // 2).sum())

    def among(self, sets: np.ndarray) -> Memberships:
        """Returns the same of some of the sets."""
        return Memberships(self.counts[sets], self.weights, self.heaviest)

    def pairs(self, most: int, progress: Progress) -> Pairs | None:
        """Every pair of sets that share a group, with the summed agreement of their photos; None if more than `most`.

        progress: may stop it.
        """
        largest = int(np.bincount(self.counts.indices).max())
        if largest * (largest - 1) // 2 > most:
            return None
        one, other, total = [], [], []
        weighted, among = self._weighted(), self.counts.T.tocsr()
        for start in range(0, self.counts.shape[0], _BLOCK):
            look(progress)
            product = (weighted[start : start + _BLOCK] @ among).tocoo()
            row, column = product.coords[0].astype(np.int64) + start, product.coords[1].astype(np.int64)
            after = column > row
            one.append(row[after])
            other.append(column[after])
            total.append(product.data[after])
            if sum(map(len, total)) > most:
                return None
        return Pairs(np.concatenate(one), np.concatenate(other), np.concatenate(total))

    def nearest(self, sampled: np.ndarray, progress: Progress) -> tuple[np.ndarray, np.ndarray]:
        """For each set the place in `sampled` of the set that agrees most, the first of equals, and the agreement."""
        n_sets = self.counts.shape[0]
        nearest, agreement = np.zeros(n_sets, np.int64), np.zeros(n_sets)
        weighted, among = self._weighted(), self.counts[sampled].T.tocsr()
        rows = max(1, _MOST_IN_BLOCK // len(sampled))
        for start in range(0, n_sets, rows):
            look(progress)
            block = (weighted[start : start + rows] @ among).toarray()
            block /= self.sizes[start : start + rows, None] * self.sizes[sampled]
            nearest[start : start + len(block)] = block.argmax(axis=1)
            agreement[start : start + len(block)] = block.max(axis=1)
        return nearest, agreement

    def _weighted(self) -> csr_array:
        weighted = self.counts.copy()
        weighted.data *= self.weights[weighted.indices]
        return weighted
