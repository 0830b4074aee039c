"""The second kind of evidence: which models the other photos in a photo's groups have, at several cuts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

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

    def likelihood(self, cut: int, models: np.ndarray, rows: np.ndarray | None = None) -> np.ndarray:
        """Returns the probability that a photo of models[i] is in the group of ballot rows[i]: (e,) float64.

        rows: (e,) int64; the i-th is i if None.
        """
        ballots, rows = self._ballots, np.arange(len(self._ballots)) if rows is None else rows
        return self._probability(cut, self._groups[cut][rows], models, ballots.is_filed(rows, models))

    def support(self, rows: np.ndarray, models: np.ndarray) -> np.ndarray:
        """Returns the mean logarithm over the cuts of the likelihood of models[i] for ballot rows[i]: (e,) float64."""
        filed = self._ballots.is_filed(rows, models)
        return self._mean_log([group[rows] for group in self._groups], models, filed)

    def share(self, suggested: np.ndarray, given: np.ndarray) -> np.ndarray:
        """Returns how the likelihood divides between two models, 0 to 1, as the mean over the cuts: (b,) float64."""
        shares = []
        for cut in range(len(self)):
            ours, theirs = self.likelihood(cut, suggested), self.likelihood(cut, given)
            shares.append(ours / (ours + theirs))
        return np.mean(shares, axis=0)

    @cached_property
    def places(self) -> tuple[np.ndarray, np.ndarray]:
        """The (p, n_cuts) different places, one group per cut, and the place of each ballot: (b,) int64."""
        found, place = np.unique(np.stack(self._groups, axis=1), axis=0, return_inverse=True)
        return found, place.reshape(-1)

    def present(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pairs each of (p, n_cuts) places with the models in its groups: two (e,) int64, some pairs more than once."""
        at, models = [], []
        for cut, table in enumerate(self._tables):
            rows = table[places[:, cut]]
            at.append(np.repeat(np.arange(len(places)), np.diff(rows.indptr)))
            models.append(rows.indices.astype(np.int64))
        return np.concatenate(at), np.concatenate(models)

    def n_present(self, places: np.ndarray) -> np.ndarray:
        """Counts the pairs that `present` returns for each of (p, n_cuts) places: (p,) int64."""
        return np.sum([np.diff(table.indptr)[places[:, cut]] for cut, table in enumerate(self._tables)], axis=0)

    def support_at(self, places: np.ndarray, models: np.ndarray) -> np.ndarray:
        """Returns `support` of models[i] at places[i], (e, n_cuts), for a photo that is filed under another model."""
        return self._mean_log(list(places.T), models, np.zeros(len(models), bool))

    def majorities(self) -> np.ndarray:
        """Returns the model with most other photos in each ballot's groups: (n_cuts, b) int64.

        It is the lowest of equals, and -1 without other photos.
        """
        return np.stack([self._majority(group, table) for group, table in zip(self._groups, self._tables, strict=True)])

    def _majority(self, group: np.ndarray, table: csr_array) -> np.ndarray:
        ballots = self._ballots
        own, own_model = ballots.own_entries
        ranks, model, count = _ranked(table)
        # One of the first s + 1 models of the group is none of the s that the photo's bytes are labelled with.
        n_looked = np.minimum(np.bincount(own, minlength=len(ballots)) + 1, np.diff(ranks)[group])
        row = np.repeat(np.arange(len(ballots)), n_looked)
        at = ranks[group[row]] + run_places(n_looked)
        other = ~ballots.is_filed(row, model[at])
        rows = np.concatenate([row[other], own])
        models = np.concatenate([model[at[other]], own_model])
        counts = np.concatenate([count[at[other]], table[group[own], own_model] - 1])
        there = counts > 0
        rows, models, counts = rows[there], models[there], counts[there]
        order = np.lexsort((models, -counts, rows))
        with_others, first = np.unique(rows[order], return_index=True)
        majority = np.full(len(ballots), -1)
        majority[with_others] = models[order][first]
        return majority

    def _mean_log(self, groups: list[np.ndarray], models: np.ndarray, filed: np.ndarray) -> np.ndarray:
        total = np.zeros(len(models))
        for cut, group in enumerate(groups):
            total += np.log(self._probability(cut, group, models, filed))
        return total / len(self)

    def _probability(self, cut: int, group: np.ndarray, models: np.ndarray, filed: np.ndarray) -> np.ndarray:
        # Photos of the same bytes may have vectors, and so groups, of their own: then there is none to leave out here.
        there = np.maximum(self._tables[cut][group, models] - filed, 0)
        return (there + _SPREAD * self._shares[cut][group]) / (self._ballots.sizes[models] - filed + _SPREAD)

    @cached_property
    def _shares(self) -> list[np.ndarray]:
        """Per cut the share of all ballots that is in each group: (n_groups,) float64."""
        return [np.bincount(group) / len(group) for group in self._groups]


def run_places(lengths: np.ndarray) -> np.ndarray:
    """Returns 0, 1, ... in each of several runs, one after the other: (sum of lengths,) int64."""
    return np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)


def _ranked(table: csr_array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns where each group starts, and its models by falling count, the lowest first of equals, with the counts."""
    group = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    order = np.lexsort((table.indices, -table.data, group))
    return table.indptr.astype(np.int64), table.indices[order].astype(np.int64), table.data[order]


def _table(group: np.ndarray, model: np.ndarray, n_models: int) -> csr_array:
    """Counts the ballots per group and model: (n_groups, n_models) int64."""
    ones = np.ones(len(group), dtype=np.int64)
    table = csr_array((ones, (group, model)), shape=(int(group.max(initial=-1)) + 1, n_models))
    table.sum_duplicates()
    return table
