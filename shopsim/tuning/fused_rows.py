"""The rows of folds where the similarities of several extractors are averaged."""

from __future__ import annotations

import numpy as np

from shopsim.grouping.recipe import Recipe
from shopsim.scoring.folds import Fold
from shopsim.spaces.fusion import fused
from shopsim.tuning.candidate import Candidate
from shopsim.tuning.level_cuts import FoldRows
from shopsim.tuning.validation import Views


class FusedRows(FoldRows):
    """`FoldRows` of a candidate; a recipe's space is fitted for each of its extractors by itself.

    views: (n, d) float32 unit rows by extractor, the main one first. labels_true: (n,) integers.
    """

    def __init__(self, views: Views, labels_true: np.ndarray, candidate: Candidate) -> None:
        shares = candidate.shares(next(iter(views)))
        main, *others = (FoldRows(views[name], labels_true) for name in shares)
        super().__init__(main.vectors, labels_true)
        self._shares, self._others = list(shares.values()), others

    def of(self, recipe: Recipe, fold: Fold) -> np.ndarray:
        """(m, d') float32 unit rows of the fold's m held-out photos, fused from all extractors."""
        return fused([super().of(recipe, fold), *(rows.of(recipe, fold) for rows in self._others)], self._shares)
