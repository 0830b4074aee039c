"""From which score on a label is worth looking at, learnt from mistakes that are only pretended."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from shopsim.review.ballots import Ballots

LEAST = 0.5
_LOWEST, _HIGHEST = 0.7, 0.9
# Enough for a distribution; small catalogues get there in several rounds.
_PRETENDED, _MOST_ROUNDS = 3000, 20
# Steps of the cut-off from 0 to 1: divided by, they give its very decimals, with nothing to round off.
_STEPS = 200
# Above this score too few of the pretended mistakes are left to tell a share.
_TELLING = 0.1


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
