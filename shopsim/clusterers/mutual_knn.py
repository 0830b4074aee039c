"""Mutual neighbours: single linkage of photos that are among each other's nearest photos."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shopsim.base.registry import Setting
from shopsim.base.rows import distinct_rows
from shopsim.base.work.progress import Progress, silent
from shopsim.clusterers import clusterers
from shopsim.clusterers.distances import similarity_of
from shopsim.clusterers.hierarchical import DECIMALS
from shopsim.clusterers.kept_neighbours import Neighbours
from shopsim.clusterers.merge_tree import NEVER_JOINED, MergeTree
from shopsim.clusterers.neighbours import mutual_neighbours, neighbour_memory


@dataclass(frozen=True)
class MutualNeighbours:
    """Single linkage along the links of the mutual-neighbour graph.

    The merge tree is exact: at a threshold it has the components of the graph that keeps only links at least as
    similar. Photos that no path of links connects are joined at similarity -1, below any threshold in use. A higher
    value would join unrelated photos in a catalogue whose links end above it.
    """

    n_neighbors: int = 20

    def memory(self, n_images: int, n_features: int) -> int:
        """Bytes at the peak: the neighbours and a spanning tree of them."""
        return neighbour_memory(n_images, n_features, self.n_neighbors)

    def fit(self, vectors: np.ndarray, progress: Progress = silent, neighbours: Neighbours | None = None) -> MergeTree:
        """The tree of (n, d) float32 unit rows; copies are joined first and do not count as neighbours."""
        from scipy.sparse.csgraph import minimum_spanning_tree

        n_images = len(vectors)
        first, identity = distinct_rows(vectors)
        lists = (neighbours or Neighbours(vectors)).of_distinct(self.n_neighbors, progress)
        links = minimum_spanning_tree(mutual_neighbours(lists)).tocoo()
        copies = np.setdiff1d(np.arange(n_images), first)
        ends = np.stack([np.r_[copies, first[links.row]], np.r_[first[identity[copies]], first[links.col]]], axis=1)
        return tree_from_links(ends, np.r_[np.zeros(len(copies)), links.data], n_images)


def tree_from_links(ends: np.ndarray, distances: np.ndarray, n_images: int) -> MergeTree:
    """Returns the merge tree of a forest of links: (m, 2) int64 photos, and (m,) float64 distances.

    Parts that no link joins are joined at NEVER_JOINED.
    """
    heights = np.round(distances, DECIMALS)
    order = np.argsort(heights, kind="stable")
    # Every part is also linked to photo 0; where both ends are in one group already, the link is skipped below.
    rest = np.stack([np.zeros(n_images, dtype=np.int64), np.arange(n_images)], axis=1)
    ends = np.concatenate([ends[order], rest])
    heights = np.concatenate([heights[order], np.full(n_images, similarity_of(NEVER_JOINED))])
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


@clusterers.register(
    "mutual_knn",
    title="Mutual nearest neighbours",
    source="Brito et al. 1997; Gowda and Krishna 1978; by scipy.sparse.csgraph",
    summary="Joins photos that are that similar and among each other's nearest; one that is near to many joins few.",
    settings=(
        Setting("n_neighbors", "Nearest photos", 20, low=1, high=200, step=1, help="Only links both ways count."),
    ),
)
def mutual_knn(n_neighbors: int = 20) -> MutualNeighbours:
    """Components of the mutual-neighbour graph."""
    return MutualNeighbours(n_neighbors)
