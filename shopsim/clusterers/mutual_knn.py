"""Mutual neighbours: single linkage of photos that are among each other's nearest photos."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shopsim.base.registry import Setting
from shopsim.base.rows import distinct_rows
from shopsim.base.work.progress import Progress, silent
from shopsim.clusterers import clusterers
from shopsim.clusterers.kept_neighbours import Neighbours
from shopsim.clusterers.linked_tree import tree_from_links
from shopsim.clusterers.merge_tree import MergeTree
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
