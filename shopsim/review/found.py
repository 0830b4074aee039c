"""What was found of each photo's label, and from which score on a label is worth a look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from shopsim.review.ballots import Ballots

NO_MODEL = -1
LEAST = 0.5
_LOWEST, _HIGHEST = 0.7, 0.9
# Enough for a distribution; small catalogues get there in several rounds.
_PRETENDED, _MOST_ROUNDS = 3000, 20
# Steps of the cut-off from 0 to 1: divided by, they give its very decimals, with nothing to round off.
_STEPS = 200
# Above this score too few of the pretended mistakes are left to tell a share.
_TELLING = 0.1


@dataclass(frozen=True, eq=False)
class LabelErrors:
    """What the witnesses say of each photo; all arrays are (n_images,), a photo without a label has score 0.

    suggested: int64 the model the photo rather shows, NO_MODEL without one. score: float64, 0 to 1: the evidence for
    the suggested model's share of that for both, 0.5 where neither is ahead.
    is_stray: bool, it is less like either model than three in four photos here are like a model they don't show:
    no suspect, whatever its score.
    near_suggested, near_given, n_near: int64 of its nearest photos, how many show which.
    groups_suggested, groups_given, n_groups: int64 of its groups that have others in them, how many mostly show which.
    fit_suggested, fit_given: float64 mean similarity to the nearest 3 photos of either, NaN without any.
    n_others: int64 other photos of the given model, byte-equal ones counted once.
    has_twin: bool, a byte-equal photo is filed under the suggested model.
    cutoff: the score from which on suspects are listed; n_wrong: how many photos are estimated to be filed wrongly.
    """

    suggested: np.ndarray
    score: np.ndarray
    is_stray: np.ndarray
    near_suggested: np.ndarray
    near_given: np.ndarray
    n_near: np.ndarray
    groups_suggested: np.ndarray
    groups_given: np.ndarray
    n_groups: np.ndarray
    fit_suggested: np.ndarray
    fit_given: np.ndarray
    n_others: np.ndarray
    has_twin: np.ndarray
    cutoff: float
    n_wrong: float

    def suspects(self, least: float | None = None) -> np.ndarray:
        """Rows of the photos that rather show another model, the surest first; least: score, `cutoff` if None."""
        least = self.cutoff if least is None else least
        rows = np.flatnonzero((self.score >= max(least, LEAST)) & ~self.is_stray)
        return rows[np.argsort(-self.score[rows], kind="stable")]

    @property
    def strays(self) -> np.ndarray:
        """Rows of the photos that fit no model, the least fitting first."""
        rows = np.flatnonzero(self.is_stray)
        return rows[np.argsort(np.nan_to_num(self.fit_suggested[rows], nan=-1.0), kind="stable")]


def nothing_found(labels_true: np.ndarray) -> LabelErrors:
    """Of (n,) labels of which none can be judged: every score is 0."""
    n = len(labels_true)
    zeros, none, unknown = np.zeros(n, np.int64), np.zeros(n, bool), np.full(n, np.nan)
    found = [np.full(n, NO_MODEL), np.zeros(n), none, *[zeros] * 6, unknown, unknown, zeros, none]
    return LabelErrors(*found, cutoff=1.0, n_wrong=0.0)


def choose_cutoff(
    scores: np.ndarray, ballots: Ballots, score_as: Callable[[np.ndarray], np.ndarray], seed: int = 0
) -> tuple[float, float]:
    """The score from which on a suspect is listed, and how many ballots are estimated to be wrong.

    scores: (b,) of the labels as given. score_as: the scores had ballot i been filed under models[i].
    Each photo is pretended to be filed under a random other model and scored anew: that is how true mistakes score.
    The share of wrong labels is the largest that leaves, at every score, no more mistakes than there are photos
    (Storey 2002 for p-values); the cut-off is where that expects the highest F1, at least 0.7, at most 0.9.
    Source: Storey, A direct approach to false discovery rates, J. R. Statist. Soc. B 64 (2002).
    """
    pretended = _pretended_scores(ballots, score_as, seed)
    grid = np.arange(LEAST * _STEPS, _STEPS) / _STEPS
    found = np.array([np.count_nonzero(scores >= at) for at in grid])
    reached = np.array([np.mean(pretended >= at) for at in grid])
    telling = reached >= _TELLING
    if not telling.any():
        return _HIGHEST, 0.0
    # One more than found, or a single photo at the top would settle it.
    n_wrong = float(((found[telling] + 1) / reached[telling]).min())
    right = np.minimum(n_wrong * reached, found)
    best = int(np.argmax(2 * right / (found + n_wrong)))
    return float(np.clip(grid[best], _LOWEST, _HIGHEST)), n_wrong


def _pretended_scores(ballots: Ballots, score_as: Callable[[np.ndarray], np.ndarray], seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    models = np.flatnonzero(ballots.sizes)
    own = np.searchsorted(models, ballots.model)
    n_rounds = int(np.clip(-(-_PRETENDED // len(ballots)), 1, _MOST_ROUNDS))
    shifts = (rng.integers(1, len(models), size=len(ballots)) for _ in range(n_rounds))
    return np.concatenate([score_as(models[(own + shift) % len(models)]) for shift in shifts])
