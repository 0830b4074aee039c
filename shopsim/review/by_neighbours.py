"""The first witness: the nearest photos, each with the weight of its nearness and of its own credibility."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shopsim.clusterers.neighbours import nearest
from shopsim.review.ballots import Ballots

NEAREST = 10
# Votes that each side is given beforehand, so that one faint vote is no certainty.
_GIVEN = 0.25
# What a voter is believed before anything is known of it, and how many votes that opinion is worth.
_BELIEF, _BELIEF_WEIGHT = 0.5, 1.0


@dataclass(frozen=True, eq=False)
class Votes:
    """The nearest other ballots of each ballot.

    voter: (b, k) int64, nearest first, -1 where there are fewer. weight: (b, k) float64, 0 to 1.
    model: (b, k) int64 what each voter is filed under, -1 where there is none.
    """

    voter: np.ndarray
    weight: np.ndarray
    model: np.ndarray

    def support(self, models: np.ndarray) -> np.ndarray:
        """(b,) float64 weight of the voters of models[i]."""
        return np.where(self.model == models[:, None], self.weight, 0.0).sum(axis=1)

    def count(self, models: np.ndarray) -> np.ndarray:
        """(b,) int64 voters of models[i], whatever their weight."""
        return (self.model == models[:, None]).sum(axis=1)

    def share(self, suggested: np.ndarray, given: np.ndarray, alone: np.ndarray) -> np.ndarray:
        """(b,) float64, 0 to 1: how the votes for one of two models divide; 0.5 without any.

        alone: (b,) bool, whether the given model has no other photo that could have voted for it; then one vote
        is put down for it, since its silence says nothing.
        """
        ours, theirs = self.support(suggested) + _GIVEN, self.support(given) + _GIVEN + alone
        return ours / (ours + theirs)


def ask_neighbours(units: np.ndarray, ballots: Ballots, k: int = NEAREST) -> Votes:
    """The k nearest other photos of each ballot and what their votes weigh.

    units: (b, d) float32 unit rows, one a ballot. The photo's own bytes never vote, under whatever model.
    A vote weighs more the nearer it is (1 the nearest, 0 the (k + 1)-th: Dudani 1976), times the credibility of the
    voter's label: how much of the support it could have from its own model it has, the photo in question left out.
    So a photo that is itself filed wrongly does not make its right neighbours look wrong.
    Source: Dudani, The distance-weighted k-nearest-neighbor rule, IEEE Trans. SMC (1976).
    """
    voter, similarity = _nearest_others(units, ballots, k + 1)
    nearness = _nearness(similarity)[:, :k]
    voter = voter[:, :k]
    model = np.where(voter >= 0, ballots.model[voter], -1)
    return Votes(voter, nearness * _credibility(voter, nearness, model, ballots), model)


def _nearest_others(units: np.ndarray, ballots: Ballots, k: int) -> tuple[np.ndarray, np.ndarray]:
    """(b, k) ballots of other bytes, nearest first, -1 where there are fewer, and their cosines, -inf there."""
    index, similarity = nearest(units, k + ballots.most_twins)
    own = ballots.bytes_of[index] == ballots.bytes_of[:, None]
    order = np.argsort(own, axis=1, kind="stable")[:, :k]
    own = np.take_along_axis(own, order, axis=1)
    index = np.where(own, -1, np.take_along_axis(index, order, axis=1))
    similarity = np.where(own, -np.inf, np.take_along_axis(similarity, order, axis=1)).astype(np.float64)
    missing = ((0, 0), (0, k - index.shape[1]))
    return np.pad(index, missing, constant_values=-1), np.pad(similarity, missing, constant_values=-np.inf)


def _nearness(similarity: np.ndarray) -> np.ndarray:
    """(b, k) from 1 for the nearest to 0 for the last there is; 1 for all where all are equally near."""
    there = np.isfinite(similarity)
    top = similarity[:, :1]
    last = np.where(there, similarity, np.inf).min(axis=1, keepdims=True)
    spread = top - last
    with np.errstate(invalid="ignore"):
        nearness = np.divide(similarity - last, spread, out=np.ones_like(similarity), where=spread > 0)
    return np.where(there, nearness, 0.0)


def _credibility(voter: np.ndarray, nearness: np.ndarray, model: np.ndarray, ballots: Ballots) -> np.ndarray:
    """(b, k) float64 from 0 to 1: of voter j's possible support by its own model, what it has without ballot i."""
    n, k = voter.shape
    own = np.where(model == ballots.model[:, None], nearness, 0.0).sum(axis=1)
    possible = np.concatenate([np.zeros((n, 1)), np.cumsum(nearness, axis=1)], axis=1)
    # Where ballot i stands among its own voter's voters, and what it adds there.
    is_i = voter[voter] == np.arange(n)[:, None, None]
    place = np.where(is_i.any(axis=2), is_i.argmax(axis=2), k)
    from_i = np.where(is_i, nearness[voter], 0.0).sum(axis=2)
    same = model == ballots.model[:, None]
    has = np.maximum(own[voter] - from_i * same, 0.0)
    most = np.clip(ballots.sizes[model] - 1 - same, 0, k)
    could = possible[voter, np.minimum(most + (place < most), k)] - from_i * (place < most)
    return (has + _BELIEF * _BELIEF_WEIGHT) / (np.maximum(could, has) + _BELIEF_WEIGHT)
