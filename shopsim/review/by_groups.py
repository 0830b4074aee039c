"""The second kind of evidence: which models the other photos in a photo's groups have, at several cuts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from shopsim.review.ballots import Ballots

# Each model gets one more photo than it has, spread over the groups in proportion to their sizes.
_SPREAD = 1.0


class GroupLikelihoods:
    """Says how likely a photo of each model is to be in the group that it is in, without counting the photo itself.

    groups: per cut the (b,) int64 group of each ballot.
    The share of a model's photos that is in the group counts, not the majority of the group. If a group holds all
    photos of two models, it says nothing against the smaller one.
    """

    def __init__(self, groups: Sequence[np.ndarray], ballots: Ballots) -> None:
        self._ballots = ballots
        self._groups = list(groups)
        shape = (len(ballots), len(ballots.sizes))
        self._tables = [_table(group, ballots.model, shape[1]) for group in self._groups]

    def __len__(self) -> int:
        return len(self._groups)

    def likelihood(self, cut: int, models: np.ndarray) -> np.ndarray:
        """Returns the probability that a photo of models[i] is in the group of ballot i: (b,) float64."""
        ballots, group = self._ballots, self._groups[cut]
        own = ballots.is_filed(np.arange(len(ballots)), models)
        there = self._tables[cut][group, models] - own
        return (there + _SPREAD * self._share(cut)) / (ballots.sizes[models] - own + _SPREAD)

    def share(self, suggested: np.ndarray, given: np.ndarray) -> np.ndarray:
        """Returns how the likelihood divides between two models, 0 to 1, as the mean over the cuts: (b,) float64."""
        shares = []
        for cut in range(len(self)):
            ours, theirs = self.likelihood(cut, suggested), self.likelihood(cut, given)
            shares.append(ours / (ours + theirs))
        return np.mean(shares, axis=0)

    def survey(self, rows: slice) -> tuple[np.ndarray, np.ndarray]:
        """Returns the likelihood of every model, and the majority model of each group, for some ballots.

        The first is (r, n_models) float64, a logarithm, the mean over the cuts. The second is (n_cuts, r) int64: the
        model with most other photos in the group, the lowest of equals, -1 without other photos.
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
        """Returns the rows and columns of a block in which the photo itself is counted."""
        ballot, model = self._ballots.own_entries
        inside = (ballot >= rows.start) & (ballot < rows.stop)
        return ballot[inside] - rows.start, model[inside]

    def _share(self, cut: int) -> np.ndarray:
        """Returns the share of all ballots that are in the group of each ballot: (b,) float64."""
        group = self._groups[cut]
        return np.bincount(group)[group] / len(group)


def _table(group: np.ndarray, model: np.ndarray, n_models: int) -> csr_array:
    """Counts the ballots per group and model: (n_groups, n_models) int64."""
    ones = np.ones(len(group), dtype=np.int64)
    table = csr_array((ones, (group, model)), shape=(int(group.max(initial=-1)) + 1, n_models))
    table.sum_duplicates()
    return table
