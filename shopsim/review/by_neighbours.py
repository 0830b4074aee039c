"""The first kind of evidence: the nearest photos vote, with weights for how near and how credible they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shopsim.clusterers.copied_lists import photos_of_rows
from shopsim.clusterers.kept_neighbours import Neighbours
from shopsim.review.ballots import Ballots

NEAREST = 10
# Each side gets this many votes beforehand, so that one weak vote is no certainty.
_GIVEN = 0.25
# The credibility of a voter before any evidence, and how many votes that prior is worth.
_BELIEF, _BELIEF_WEIGHT = 0.5, 1.0


@dataclass(frozen=True, eq=False)
class Votes:
    """The votes of the nearest other ballots on each ballot.

    voter: (b, k) int64, nearest first, -1 where there are fewer. weight: (b, k) float64, 0 to 1.
    model: (b, k) int64, the model of each voter's label, -1 where there is no voter.
    """

    voter: np.ndarray
    weight: np.ndarray
    model: np.ndarray

    def support(self, models: np.ndarray) -> np.ndarray:
        """Adds up the weights of the voters of models[i]: (b,) float64."""
        return np.where(self.model == models[:, None], self.weight, 0.0).sum(axis=1)

    def count(self, models: np.ndarray) -> np.ndarray:
        """Counts the voters of models[i], whatever their weights: (b,) int64."""
        return (self.model == models[:, None]).sum(axis=1)

    def share(self, suggested: np.ndarray, given: np.ndarray, alone: np.ndarray) -> np.ndarray:
        """Returns how the votes divide between two models: (b,) float64, 0 to 1, and 0.5 without votes.

        alone: (b,) bool, whether the given model has no other photo that could vote for it. It then gets one vote,
        since a missing vote says nothing.
        """
        ours, theirs = self.support(suggested) + _GIVEN, self.support(given) + _GIVEN + alone
        return ours / (ours + theirs)


def ask_neighbours(neighbours: Neighbours, ballots: Ballots, k: int = NEAREST) -> Votes:
    """Lets the k nearest other photos of each ballot vote.

    neighbours: of all photos. A copy of the photo never votes, whatever its label.
    The weight is 1 for the nearest photo and 0 for the (k + 1)-th (Dudani 1976), times the credibility of the voter's
    label. Credibility is the support that the voter gets from its own model, divided by the support that it could get,
    both without the photo in question. So a wrongly labelled photo does not make its correct neighbours look wrong.
    Source: Dudani, The distance-weighted k-nearest-neighbor rule, IEEE Trans. SMC (1976).
    """
    voter, similarity = _nearest_others(neighbours, ballots, k + 1)
    nearness = _nearness(similarity)[:, :k]
    voter = voter[:, :k]
    model = np.where(voter >= 0, ballots.model[voter], -1)
    return Votes(voter, nearness * _credibility(voter, nearness, model, ballots), model)


def _nearest_others(neighbours: Neighbours, ballots: Ballots, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns the nearest ballots of other bytes and their cosines, (b, k); -1 and -inf where there are fewer.

    One picture can be filed under hundreds of models. Only one of its ballots is searched, so the lists stay short.
    """
    first, bytes_of = np.unique(ballots.bytes_of, return_index=True, return_inverse=True)[1:]
    found = photos_of_rows(neighbours.among(ballots.first[first], k), bytes_of, k)
    return found.ids[bytes_of].astype(np.int64), found.similarity[bytes_of].astype(np.float64)


def _nearness(similarity: np.ndarray) -> np.ndarray:
    """Scales similarities from 1 for the nearest to 0 for the last; all are 1 if all are equally near: (b, k)."""
    there = np.isfinite(similarity)
    top = similarity[:, :1]
    last = np.where(there, similarity, np.inf).min(axis=1, keepdims=True)
    spread = top - last
    with np.errstate(invalid="ignore"):
        nearness = np.divide(similarity - last, spread, out=np.ones_like(similarity), where=spread > 0)
    return np.where(there, nearness, 0.0)


def _credibility(voter: np.ndarray, nearness: np.ndarray, model: np.ndarray, ballots: Ballots) -> np.ndarray:
    """Returns the credibility of voter j on ballot i: (b, k) float64, 0 to 1, as defined in `ask_neighbours`."""
    n, k = voter.shape
    own = np.where(model == ballots.model[:, None], nearness, 0.0).sum(axis=1)
    possible = np.concatenate([np.zeros((n, 1)), np.cumsum(nearness, axis=1)], axis=1)
    # The place of ballot i among the voters of its own voter, and the weight that it has there.
    is_i = voter[voter] == np.arange(n)[:, None, None]
    place = np.where(is_i.any(axis=2), is_i.argmax(axis=2), k)
    from_i = np.where(is_i, nearness[voter], 0.0).sum(axis=2)
    same = model == ballots.model[:, None]
    has = np.maximum(own[voter] - from_i * same, 0.0)
    most = np.clip(ballots.sizes[model] - 1 - same, 0, k)
    could = possible[voter, np.minimum(most + (place < most), k)] - from_i * (place < most)
    return (has + _BELIEF * _BELIEF_WEIGHT) / (np.maximum(could, has) + _BELIEF_WEIGHT)
