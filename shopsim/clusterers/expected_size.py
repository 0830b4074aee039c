"""A threshold to open with when no labels tell a good one, but how many photos a model has is roughly known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from shopsim.clusterers.thresholds import of_each_cut

if TYPE_CHECKING:
    from shopsim.clusterers.merge_tree import MergeTree


def threshold_for_size(tree: MergeTree, photos_per_model: float) -> float:
    """The threshold at which as many pairs are joined as models of so many photos have.

    photos_per_model: from 1, as a photo sees it: where models differ in size, the mean over photos of how many photos
    their model has. A photo then has photos_per_model - 1 others of its model, so n * (photos_per_model - 1) / 2 pairs
    are to be joined; of the cuts, the one that comes nearest on a logarithmic scale. Groups of one join nothing,
    so that some odd photos left alone do not shift it, as they would shift a number of groups.
    """
    n = tree.n_images
    wanted = max(n * (photos_per_model - 1) / 2, 0.0)
    joined = _joined_pairs(tree)
    nearest = int(np.argmin(np.abs(np.log1p(joined) - np.log1p(wanted))))
    return float(of_each_cut(tree.similarities)[nearest])


def _joined_pairs(tree: MergeTree) -> np.ndarray:
    """(m + 1,) float64 pairs joined by all singletons and by each distinct cut, rising."""
    sizes = np.concatenate([np.ones(tree.n_images), tree.linkage[:, 3]])
    left, right = tree.linkage[:, 0].astype(np.int64), tree.linkage[:, 1].astype(np.int64)
    after = np.concatenate([[0.0], np.cumsum(sizes[left] * sizes[right])])
    last = np.searchsorted(-tree.merge_similarities, -tree.similarities, side="right")
    return after[np.concatenate([[0], last]).astype(np.int64)]
