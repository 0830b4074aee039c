"""The merge tree of a forest of links between photos."""

from __future__ import annotations

import numpy as np

from shopsim.clusterers.distances import similarity_of
from shopsim.clusterers.merge_tree import DECIMALS, NEVER_JOINED, MergeTree

_NEVER_JOINED_HEIGHT = similarity_of(NEVER_JOINED)


def tree_from_links(
    ends: np.ndarray, distances: np.ndarray, n_images: int, rest: float = _NEVER_JOINED_HEIGHT
) -> MergeTree:
    """Returns the merge tree of a forest of links: (m, 2) int64 photos, and (m,) float64 distances.

    Parts that no link joins are joined at the height `rest`, by default that of NEVER_JOINED.
    """
    heights = np.round(distances, DECIMALS)
    order = np.argsort(heights, kind="stable")
    # Every part is also linked to photo 0; where both ends are in one group already, the link is skipped below.
    to_first = np.stack([np.zeros(n_images, dtype=np.int64), np.arange(n_images)], axis=1)
    ends = np.concatenate([ends[order], to_first])
    heights = np.concatenate([heights[order], np.full(n_images, rest)])
    linkage = np.zeros((max(n_images - 1, 0), 4))
    parent, size, made = list(range(2 * n_images)), [1] * n_images, 0
    for (left, right), height in zip(ends.tolist(), heights.tolist(), strict=True):
        left, right = _root(parent, left), _root(parent, right)
        if left != right:
            parent[left] = parent[right] = n_images + made
            size.append(size[left] + size[right])
            linkage[made] = min(left, right), max(left, right), height, size[-1]
            made += 1
    return MergeTree(linkage, n_images)


def _root(parent: list[int], node: int) -> int:
    """The group that a photo is in by now; it halves the path on the way, so that later calls are quick."""
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node
