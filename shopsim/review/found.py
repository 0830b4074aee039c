"""Holds what was found of each photo's label, and chooses the score from which on a photo is listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from shopsim.review.ballots import Ballots

NO_MODEL = -1
LEAST = 0.5
_LOWEST, _HIGHEST = 0.7, 0.9
# This many pretended mistakes give a distribution; small catalogues need several rounds.
_PRETENDED, _MOST_ROUNDS = 3000, 20
# The cut-off is a multiple of 1 / 200, computed by a division, so that its decimals need no rounding.
_STEPS = 200
# Scores that fewer of the pretended mistakes reach say too little.
_TELLING = 0.1


@dataclass(frozen=True, eq=False)
class LabelErrors:
    """The evidence on each photo's label; all arrays are (n_images,), and a photo without a label has score 0.

    suggested: int64, the most likely other model, NO_MODEL if the photo fits none. score: float64, 0 to 1, the share
    of the evidence that is for the suggested model; at 0.5 both models have as much.
    is_stray: bool, whether the photo fits no model. It is then less similar to both models than three in four photos
    are to a wrong model, and it is no suspect, whatever its score.
    near_suggested, near_given, n_near: int64, how many of its nearest photos have either label, and how many there are.
    groups_suggested, groups_given, n_groups: int64, in how many of its groups either model has most photos, and how
    many of its groups hold other photos.
    fit_suggested, fit_given: float64, mean similarity to the 3 nearest photos of either model, NaN without any.
    n_others: int64, the other photos of the given model; byte-equal ones count once.
    has_twin: bool, whether a byte-equal photo is labelled with the suggested model.
    cutoff: the score from which on suspects are listed. n_wrong: the estimated number of wrong labels.
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
        """Returns the rows of photos that probably show another model, highest score first; least: `cutoff` if None."""
        least = self.cutoff if least is None else least
        rows = np.flatnonzero((self.score >= max(least, LEAST)) & ~self.is_stray)
        return rows[np.argsort(-self.score[rows], kind="stable")]

    @property
    def strays(self) -> np.ndarray:
        """Rows of the photos that fit no model, worst fit first."""
        rows = np.flatnonzero(self.is_stray)
        return rows[np.argsort(np.nan_to_num(self.fit_suggested[rows], nan=-1.0), kind="stable")]


def nothing_found(labels_true: np.ndarray) -> LabelErrors:
    """Returns the result for (n,) labels that cannot be compared with anything: every score is 0."""
    n = len(labels_true)
    zeros, none, unknown = np.zeros(n, np.int64), np.zeros(n, bool), np.full(n, np.nan)
    found = [np.full(n, NO_MODEL), np.zeros(n), none, *[zeros] * 6, unknown, unknown, zeros, none]
    return LabelErrors(*found, cutoff=1.0, n_wrong=0.0)


def choose_cutoff(
    scores: np.ndarray, ballots: Ballots, score_as: Callable[[np.ndarray], np.ndarray], seed: int = 0
) -> tuple[float, float]:
    """Returns the score from which on a suspect is listed, and the estimated number of wrong ballots.

    scores: (b,) of the labels as given. score_as: gives the scores as if ballot i were labelled with models[i].
    The cut-off is calibrated by pretending that each photo has a random other label: true mistakes score like these.
    The number of wrong labels is the largest for which, at every score, no more mistakes are expected than photos are
    found (as Storey 2002 for p-values). The cut-off has the highest expected F1, within 0.7 and 0.9.
    Source: Storey, A direct approach to false discovery rates, J. R. Statist. Soc. B 64 (2002).
    """
    pretended = _pretended_scores(ballots, score_as, seed)
    grid = np.arange(LEAST * _STEPS, _STEPS) / _STEPS
    found = np.array([np.count_nonzero(scores >= at) for at in grid])
    reached = np.array([np.mean(pretended >= at) for at in grid])
    telling = reached >= _TELLING
    if not telling.any():
        return _HIGHEST, 0.0
    # Plus one, since otherwise a single photo at the top would decide.
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
