"""Scores the built-in settings on the photos and folds of the leaderboard, without any look at a label."""

from __future__ import annotations

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.base.work.progress import Progress
from shopsim.features.extract import Features
from shopsim.grouping.recipe import Recipe
from shopsim.scoring.folds import Fold
from shopsim.tuning.built_in.kept_blind import key_of_blind
from shopsim.tuning.built_in.opening import opening_without_labels, why_not
from shopsim.tuning.built_in.shipped import shipped
from shopsim.tuning.leaderboard_cell import Cell
from shopsim.tuning.leaderboard_row import Scores, Task
from shopsim.tuning.level_cuts import fit_space, tree_of

NOTHING_TUNED_HERE = "Nothing tuned here"
"""The title of the row."""


def has_built_in(cell: Cell) -> bool:
    """Whether there are built-in settings for the cell's extractor."""
    return shipped(cell.extractor) is not None


def nothing_tuned_here(task: Task, extractor: str, features: Features, second: Features, progress: Progress) -> Scores:
    """The scores if the photos of each fold were a catalogue without labels.

    features, second: of the photos of the task, by the extractor and by its light companion.
    Raises ShopsimError if the built-in settings are not for these photos.
    """
    recipe = Recipe()

    def group(fold: Fold) -> np.ndarray:
        rows, others = features.vectors[fold.held_out], second.vectors[fold.held_out]
        # No label is used, and no photo of another fold: a visitor's catalogue has none either.
        vectors = fit_space(rows, recipe).transform(rows)
        tree = tree_of(vectors, recipe)
        blind = opening_without_labels(extractor, recipe, tree, vectors, rows, others)
        if blind is None:
            raise ShopsimError(why_not(extractor, recipe, tree, rows))
        return tree.cut(blind.threshold)

    key = key_of_blind(extractor, features.key, second.key)
    return task.untuned(group, (NOTHING_TUNED_HERE, key), progress)
