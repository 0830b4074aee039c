"""The decision whether a new photo joins its most alike group or shows a new model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shopsim.grouping.matching.likeness import Rule
from shopsim.grouping.matching.trials import Trials
from shopsim.scoring.calibration.calibration import Calibration
from shopsim.scoring.calibration.fit import MIN_PAIRS, fit_calibration
from shopsim.scoring.calibration.pairs import N_BINS, PairHistogram, bin_of

# Weights of photos are whole numbers; this one is that of a photo whose model is there.
_WEIGHT = 10


@dataclass(frozen=True)
class Decision:
    """A photo joins its most alike group if both are at least that alike, else it shows a new model.

    threshold: -1 to 1; minus infinity where no photo can be called new. probability: that the photo shows the model of
    its most alike group, by how alike they are; None without true models. told: what the threshold was chosen on.
    """

    rule: Rule
    threshold: float
    probability: Calibration | None
    told: str


def at_cut(threshold: float) -> Decision:
    """The mean similarity must reach the threshold of the cut."""
    return Decision("mean", threshold, None, "the threshold of the groups")


def without_threshold(rule: Rule, told: str) -> Decision:
    """Every photo joins its most alike group."""
    return Decision(rule, -np.inf, None, told)


def decide(trials: Trials, rule: Rule, by_models: bool) -> Decision:
    """Chooses the threshold at which most hidden photos were told rightly, those of both kinds counting the same.

    by_models: whether the trials know true models, so that a probability can be stated. Photos of models that are not
    there count as much in it as photos of models that are there. Raises ValueError if there are no trials.
    """
    if not trials.are_enough:
        raise ValueError("There are no trials of both kinds.")
    hidden = "models" if by_models else "groups"
    told = f"a test that hid whole {hidden} and single photos of this catalogue, {len(trials.score):,} photos in all"
    return Decision(rule, _best_threshold(trials), _probability(trials) if by_models else None, told)


def _best_threshold(trials: Trials) -> float:
    """The threshold with the highest sum of two shares: known models joined rightly, and new models told as new."""
    order = np.argsort(-trials.score, kind="stable")
    score = trials.score[order]
    joined_right = np.cumsum(trials.right[order]) / trials.known.sum()
    joined_wrong = np.cumsum(~trials.known[order]) / (~trials.known).sum()
    # A threshold lies between two scores, so equal scores are never parted.
    last = np.append(np.flatnonzero(np.diff(score)), len(score) - 1)
    best = last[np.argmax((joined_right - joined_wrong)[last])]
    below = score[best + 1] if best + 1 < len(score) else score[best]
    return float((score[best] + below) / 2)


def _probability(trials: Trials) -> Calibration | None:
    """Returns None if too few photos were right, or wrong, to say."""
    if min(trials.right.sum(), (~trials.right).sum()) < MIN_PAIRS:
        return None
    bins = bin_of(np.clip(trials.score, -1, 1))
    # Both kinds count the same, since nobody knows how many new photos will show a new model.
    of_new = max(1, round(_WEIGHT * trials.known.sum() / (~trials.known).sum()))
    weight = np.where(trials.known, _WEIGHT, of_new)
    right, every = (np.bincount(bins[kind], weight[kind], N_BINS) for kind in (trials.right, np.ones(len(bins), bool)))
    pairs = PairHistogram(right.astype(np.int64), every.astype(np.int64))
    return fit_calibration(pairs, photos_per_model=1.0)
