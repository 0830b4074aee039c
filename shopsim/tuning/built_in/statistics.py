"""Describes each cut of a tree by numbers that need no labels."""

from __future__ import annotations

import numpy as np

from shopsim.clusterers.merge_tree import MergeTree
from shopsim.tuning.built_in.agreement import NAMES as VIEWS
from shopsim.tuning.built_in.agreement import agreements
from shopsim.tuning.built_in.cuts import SHAPE, Cuts, shape_of
from shopsim.tuning.built_in.views import other_views, sample_of

# Outside these numbers of groups per photo everything agrees with everything.
_MOST_GROUPS = 0.85
_SEED = 0


NAMES = (*SHAPE, "log_images", "log_groups", *VIEWS, *(f"{name}_below_peak" for name in VIEWS))


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
    agreed = _agreed(cuts.tree, labels, vectors, features, second)
    return np.hstack([shape, size, agreed, agreed - _peak(agreed, cuts.n_groups / n)])


def _agreed(
    tree: MergeTree, labels: list[np.ndarray], vectors: np.ndarray, features: np.ndarray, second: np.ndarray
) -> np.ndarray:
    """Returns the agreement at each cut, smoothed over its neighbours, because one cut alone is a noisy measure."""
    photos = looked_at(tree)
    views = other_views(vectors[photos], features[photos], second[photos], _SEED)
    sampled = [np.unique(groups[photos], return_inverse=True)[1] for groups in labels]
    padded = np.pad(agreements(sampled, views), ((1, 1), (0, 0)), mode="edge")
    return (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4


def _peak(agreed: np.ndarray, groups_per_photo: np.ndarray) -> np.ndarray:
    """Returns the highest agreement of each column over the cuts that show something."""
    telling = (groups_per_photo <= _MOST_GROUPS) & (groups_per_photo > groups_per_photo.min())
    return agreed[telling if telling.any() else slice(None)].max(axis=0)
