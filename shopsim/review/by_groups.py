"""The second witness: the groups a photo falls into at several cuts, and where each model's photos are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from shopsim.review.ballots import Ballots

# A model is taken to have one photo more than it has, spread over all groups as all photos are.
_SPREAD = 1.0


class GroupLikelihoods:
    """How likely a photo of each model is to fall where it falls, itself left out.

    groups: for each cut the (b,) int64 group of each ballot.
    Not the majority of a group speaks, but the share of each model that is there: where two models stand in one
    group with all their photos, that group says nothing against the smaller one.
    """

    def __init__(self, groups: Sequence[np.ndarray], ballots: Ballots) -> None:
        self._ballots = ballots
        self._groups = list(groups)
        shape = (len(ballots), len(ballots.sizes))
        self._tables = [_table(group, ballots.model, shape[1]) for group in self._groups]

    def __len__(self) -> int:
        return len(self._groups)

    def likelihood(self, cut: int, models: np.ndarray) -> np.ndarray:
        """(b,) float64: of a photo of models[i], to fall into the group of ballot i."""
        ballots, group = self._ballots, self._groups[cut]
        own = ballots.is_filed(np.arange(len(ballots)), models)
        there = self._tables[cut][group, models] - own
        return (there + _SPREAD * self._share(cut)) / (ballots.sizes[models] - own + _SPREAD)

    def share(self, suggested: np.ndarray, given: np.ndarray) -> np.ndarray:
        """(b,) float64, 0 to 1: how the likelihood divides between two models, mean over the cuts."""
        shares = []
        for cut in range(len(self)):
            ours, theirs = self.likelihood(cut, suggested), self.likelihood(cut, given)
            shares.append(ours / (ours + theirs))
        return np.mean(shares, axis=0)

    def survey(self, rows: slice) -> tuple[np.ndarray, np.ndarray]:
        """What the groups say of some ballots, each itself left out.

        Returns (r, n_models) float64, the logarithm of the likelihood of every model, mean over the cuts; and
        (n_cuts, r) int64, the model with most of the others in the group (equals: the lowest), -1 without others.
        """
        own = self._own_entries(rows)
        total: np.ndarray | float = 0.0
        majority = np.empty((len(self), rows.stop - rows.start), dtype=np.int64)
        sizes = np.tile(self._ballots.sizes.astype(np.float64), (rows.stop - rows.start, 1))
        sizes[own] -= 1
        for cut, table in enumerate(self._tables):
            there = table[self._groups[cut][rows]].toarray().astype(np.float64)
            there[own] -= 1
            majority[cut] = np.where(there.any(axis=1), there.argmax(axis=1), -1)
            total = total + np.log((there + _SPREAD * self._share(cut)[rows, None]) / (sizes + _SPREAD))
        return np.asarray(total) / len(self), majority

    def _own_entries(self, rows: slice) -> tuple[np.ndarray, np.ndarray]:
        """Which models' counts hold the photo itself: places in a block of these rows."""
        ballot, model = self._ballots.own_entries
        inside = (ballot >= rows.start) & (ballot < rows.stop)
        return ballot[inside] - rows.start, model[inside]

    def _share(self, cut: int) -> np.ndarray:
        """(b,) float64 share of all ballots that are in the group of each."""
        group = self._groups[cut]
        return np.bincount(group)[group] / len(group)


def _table(group: np.ndarray, model: np.ndarray, n_models: int) -> csr_array:
    """(n_groups, n_models) int64 ballots."""
    ones = np.ones(len(group), dtype=np.int64)
    table = csr_array((ones, (group, model)), shape=(int(group.max(initial=-1)) + 1, n_models))
    table.sum_duplicates()
    return table
