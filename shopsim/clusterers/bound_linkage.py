"""A linkage from the square matrix of all distances that keeps some photos together and others apart."""

from __future__ import annotations

import numpy as np

from shopsim.clusterers.bindings import Bindings
from shopsim.clusterers.dense_merges import dense_merges
from shopsim.clusterers.distances import similarity_of
from shopsim.clusterers.merge_order import in_order, joined_first
from shopsim.clusterers.merge_tree import BOUND_HEIGHT, DECIMALS


def bound_linkage(distances: np.ndarray, n_images: int, method: str, bindings: Bindings) -> np.ndarray:
    """Returns the (n - 1, 4) float64 linkage of n photos, as `MergeTree` takes it.

    distances: (n * (n - 1) / 2,) float64, condensed. method: `average`, `complete` or `single`; all three are
    reducible, also where a similarity is minus infinity. Memory: two square matrices at most.
    """
    from scipy.spatial.distance import squareform

    if not np.isfinite(distances).all():
        raise ValueError("The distances must be finite.")
    similarity = similarity_of(squareform(distances, checks=False))
    similarity = _of_closures(similarity, bindings.closure, method)
    one, other = bindings.apart.T
    similarity[one, other] = similarity[other, one] = -np.inf
    bound, names, sizes = joined_first(bindings.closure, np.arange(n_images), np.ones(n_images), n_images, BOUND_HEIGHT)
    merges = dense_merges(similarity, sizes, names, n_images + len(bound), method)
    merges[:, 2] = np.round(similarity_of(merges[:, 2]), DECIMALS)
    return in_order(np.concatenate([bound, merges]), n_images)


def _of_closures(similarity: np.ndarray, closure: np.ndarray, method: str) -> np.ndarray:
    """Returns the similarities of closures by the linkage's rule, from those of photos, which are overwritten."""
    taken = {"average": np.mean, "complete": np.min, "single": np.max}[method]
    first, sizes = np.unique(closure, return_index=True, return_counts=True)[1:]
    if len(first) == len(closure):
        return similarity
    order = np.argsort(closure, kind="stable")
    ends = np.cumsum(sizes)
    for number in np.flatnonzero(sizes > 1).tolist():
        photos = order[ends[number] - sizes[number] : ends[number]]
        # A closure keeps its first photo's row, so a later closure finds what belongs to all its photos there.
        row = taken(similarity[photos], axis=0)
        similarity[first[number]] = similarity[:, first[number]] = row
    return similarity[np.ix_(first, first)]
