"""A small leaderboard: one extractor, two spaces, two clusterers."""

from functools import partial

from tuned_cases import of_any_length

from shopsim.grouping.recipe import Recipe
from shopsim.tuning.leaderboard import fill, load_all
from shopsim.tuning.leaderboard_cell import Cell

N_FOLDS = 3
CELLS = [
    Cell("color_shape", {}, Recipe(space, {}, clusterer, {}))
    for space in ("raw", "whitened")
    for clusterer in ("average", "complete")
]
photos = partial(of_any_length, n_models=12, n_photos=4, n_features=12)


def filled(catalog, features, cache, cells=CELLS, n_folds=N_FOLDS, auto=False, **given):
    """The rows; without that of Auto, which tries a dozen settings itself, unless a test is about it."""
    return fill(catalog, cells, load_all(cells, lambda cell, progress: features), cache, n_folds, auto=auto, **given)


def of_settings(rows):
    return [row for row in rows if row.cell is not None]
