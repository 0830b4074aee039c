"""The rows of each fold's held-out photos by two extractors: a space for each, and the fused rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shopsim.features.extract import Features
from shopsim.grouping.added import Added
from shopsim.grouping.recipe import Recipe
from shopsim.scoring.folds import Fold
from shopsim.spaces.fusion import fused
from shopsim.tuning.level_cuts import FoldRows


class FusedFoldRows(FoldRows):
    """As `FoldRows`; the similarity of two rows is the mean of the parts' similarities, weighted by share.

    parts: the rows of the same photos by each extractor, the main one first.
    """

    def __init__(self, parts: Sequence[FoldRows], shares: Sequence[float]) -> None:
        super().__init__(parts[0].vectors, parts[0].labels_true)
        self._parts, self._shares = parts, shares

    def of(self, recipe: Recipe, fold: Fold) -> np.ndarray:
        """(m, d') float32 unit rows of the fold's m held-out photos in the recipe's space."""
        return fused([part.of(recipe, fold) for part in self._parts], self._shares)

    def keep_only(self, recipe: Recipe) -> None:
        """Forgets the rows in every other space."""
        for part in self._parts:
            part.keep_only(recipe)


class RowsAtHand:
    """The rows of the extractors that were asked for last, so that the next setting need not fit their space again."""

    def __init__(self, labels_true: np.ndarray) -> None:
        self._labels_true = labels_true
        self._known: dict[str, FoldRows] = {}

    def of(self, features: Features, added: Added | None) -> FoldRows:
        """The rows by one extractor, or fused with those of a second one of the same photos."""
        parts = [features] if added is None else [features, added.features]
        self._known = {each.key: self._known.get(each.key) or self._new(each) for each in parts}
        rows = [self._known[each.key] for each in parts]
        return rows[0] if added is None else FusedFoldRows(rows, added.shares)

    def forget(self) -> None:
        """Frees the memory."""
        self._known = {}

    def _new(self, features: Features) -> FoldRows:
        return FoldRows(np.asarray(features.vectors), self._labels_true)
