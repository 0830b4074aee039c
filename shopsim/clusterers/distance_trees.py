"""The tree of a square matrix of distances, by SciPy or with bindings, and the memory it needs."""

from __future__ import annotations

import numpy as np

from shopsim.clusterers.bindings import Bindings
from shopsim.clusterers.bound_linkage import bound_linkage
from shopsim.clusterers.merge_tree import DECIMALS, MergeTree


def memory_of_distances(n_images: int, n_features: int, bound: bool = False) -> int:
    """Returns the bytes at the peak: the distances, SciPy's copy of them, a check's mask, two copies of the input.

    bound: with bindings there are two square matrices instead of the copy.
    """
    pairs = n_images * (n_images - 1) // 2
    return pairs * (8 + (32 if bound else 8 + 1)) + 2 * n_images * n_features * 4 + 64 * 2**20


def tree_from_distances(
    distances: np.ndarray, n_images: int, method: str, bindings: Bindings | None = None
) -> MergeTree:
    """Returns SciPy's linkage of (n * (n - 1) / 2,) float64 condensed distances; n is at least 2."""
    from scipy.cluster.hierarchy import linkage

    if bindings is not None:
        return MergeTree(bound_linkage(distances, n_images, method, bindings), n_images)
    merges = linkage(distances, method)
    merges[:, 2] = np.maximum.accumulate(np.round(merges[:, 2], DECIMALS))
    return MergeTree(merges, n_images)
