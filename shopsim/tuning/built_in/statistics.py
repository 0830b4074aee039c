"""Describes each cut of a tree by numbers that need no labels."""

from __future__ import annotations

import numpy as np

from shopsim.clusterers.merge_tree import MergeTree
from shopsim.tuning.built_in.agreement import NAMES as VIEWS
from shopsim.tuning.built_in.agreement import agreements
from shopsim.tuning.built_in.cuts import SHAPE, Cuts, shape_of
from shopsim.tuning.built_in.margins import margins
from shopsim.tuning.built_in.views import other_views, sample_of

# Outside these numbers of groups per photo everything agrees with everything.
_MOST_GROUPS = 0.85
_SEED = 0
_SMALLEST = 1e-9
NAMES = (
    *SHAPE,
    "log_images",
    "log_groups",
    *VIEWS,
    *(f"{name}_below_peak" for name in VIEWS),
    "second_scaled",
    "margin_scaled",
)
"""Below peak: less the highest value of all cuts. Scaled: 0 at the lowest and 1 at the highest value of all cuts."""


def looked_at(tree: MergeTree) -> np.ndarray:
    """Returns (k,) int64 rising photos: of all others, no row of `vectors`, `features` and `second` is read."""
    return sample_of(tree, _SEED)


def statistics(cuts: Cuts, vectors: np.ndarray, features: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Returns (m, n_names) float64, one row per cut; NAMES names the columns.

    vectors, features, second: as `other_views` takes them, one row per photo of the tree.
    Of more photos than `MOST_PHOTOS`, agreement is measured on a sample of whole branches, so that it takes the same
    time for any number of photos.
    """
    labels, n = cuts.labels(), cuts.tree.n_images
    shape = np.array([shape_of(groups) for groups in labels])
    size = np.column_stack([np.full(len(cuts), np.log(n)), np.log(cuts.n_groups)])
    found = _measured(cuts.tree, labels, vectors, features, second)
    telling = telling_cuts(cuts.n_groups, n)
    agreed, scaled = found[:, : len(VIEWS)], found[:, [VIEWS.index("second"), len(VIEWS)]]
    below = agreed - agreed[telling].max(axis=0)
    return np.hstack([shape, size, agreed, below, scaled_to(scaled, telling)])


def telling_cuts(n_groups: np.ndarray, n_images: int) -> np.ndarray:
    """Returns (m,) bool: the cuts that show something, by their numbers of groups; all where none does."""
    telling = (n_groups <= _MOST_GROUPS * n_images) & (n_groups > n_groups.min())
    return telling if telling.any() else np.ones(len(n_groups), dtype=bool)


def scaled_to(values: np.ndarray, telling: np.ndarray) -> np.ndarray:
    """Returns each column so that its telling values reach from 0 to 1: (m, ...) numbers, (m,) bool -> (m, ...).

    Other values are at least -1 and at most 2. Where all telling values are the same, they become 0.
    """
    low, high = values[telling].min(axis=0), values[telling].max(axis=0)
    return ((values - low) / (high - low + _SMALLEST)).clip(-1.0, 2.0)


def _measured(
    tree: MergeTree, labels: list[np.ndarray], vectors: np.ndarray, features: np.ndarray, second: np.ndarray
) -> np.ndarray:
    """Returns agreement and margins at each cut, smoothed over its neighbours, because one cut alone is noisy."""
    photos = looked_at(tree)
    views = other_views(vectors[photos], features[photos], second[photos], _SEED)
    sampled = [np.unique(groups[photos], return_inverse=True)[1] for groups in labels]
    found = np.column_stack([agreements(sampled, views), margins(sampled, vectors[photos])])
    padded = np.pad(found, ((1, 1), (0, 0)), mode="edge")
    return (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
