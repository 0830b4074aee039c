"""Photos of drawn models, grouped, and new ones to match with them."""

import numpy as np

from shopsim.base.paths import cache_dir
from shopsim.catalog.new_photos import open_new_photos
from shopsim.grouping.fit import features_of, fit
from shopsim.grouping.matching.additions import add_photos, additions_of
from shopsim.grouping.matching.matched import match_new, together_with
from shopsim.grouping.matching.source import ByRecipe
from shopsim.grouping.recipe import Recipe

COLOURS = [
    (200, 40, 40), (40, 160, 60), (40, 60, 200), (200, 200, 40), (200, 40, 200),
    (40, 200, 200), (220, 140, 40), (120, 60, 160), (150, 200, 120), (230, 160, 200),
]  # fmt: skip
BLACK = (15, 15, 15)
N_PHOTOS = 8


def grouped(catalog, store, recipe=None, added=None, value=None):
    recipe = recipe or Recipe("raw")
    features = features_of(catalog, "fake", {}, cache_dir())
    fitted = fit(catalog, features, recipe, store, added=added)
    grouping = fitted.group(fitted.opening[0] if value is None else value)
    return grouping, ByRecipe(fitted, "fake", {}, recipe)


def matched(grouping, source, folder, store, rule="nearest"):
    together = together_with(grouping, source, additions_of(grouping), store)
    return match_new(grouping, source, together, open_new_photos([folder]), rule, store)


def group_of(found, name):
    return int(found.matches.group[found.catalog.image_ids.index(name)])


def keep(grouping, found):
    """Adds the photos for good, as they were matched."""
    return add_photos(grouping, found.together.additions, found.catalog.images, found.matches.group)


def shown(grouping, group):
    return {grouping.fitted.catalog.images[row].model for row in np.flatnonzero(grouping.labels_pred == group)}
