"""What was found of each photo's label, and which photos are to be listed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shopsim.review.cutoff import LEAST

NO_MODEL = -1


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
