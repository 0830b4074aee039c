"""Scores to expect of the cuts of a tree whose true models nobody knows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Estimate:
    """A number that is estimated: the true one probably lies between low and high, as often as the card says."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class ExpectedScores:
    """Scores to expect of one cut, each from 0 to 1."""

    ari: Estimate
    precision: Estimate
    recall: Estimate


@dataclass(frozen=True, eq=False)
class ExpectedCurve:
    """Scores to expect of every cut of a tree: a few dozen cuts are estimated, between them it is interpolated.

    threshold: (m,) float64, falling; n_groups: (m,) int64, falling.
    ari, precision, recall: (m, 3) float64: value, low, high.
    """

    threshold: np.ndarray
    n_groups: np.ndarray
    ari: np.ndarray
    precision: np.ndarray
    recall: np.ndarray

    def at(self, threshold: float) -> ExpectedScores:
        """Returns the scores to expect of the cut at any threshold."""

        def read(score: np.ndarray) -> Estimate:
            return Estimate(*self.between(np.array([threshold]), score)[0].tolist())

        return ExpectedScores(read(self.ari), read(self.precision), read(self.recall))

    def between(self, thresholds: np.ndarray, score: np.ndarray) -> np.ndarray:
        """Returns (k, 3) float64 value, low, high of one of the scores at k thresholds, (k,) numbers."""
        return np.column_stack([np.interp(-thresholds, -self.threshold, column) for column in score.T])
