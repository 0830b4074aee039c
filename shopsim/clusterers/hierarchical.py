"""Average, complete and single linkage, and the core form of DBSCAN: all of them merge trees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from shopsim.base.registry import Setting
from shopsim.base.work.progress import Progress, silent, with_hint
from shopsim.clusterers import clusterers
from shopsim.clusterers.approximate_tree import ApproximateTree
from shopsim.clusterers.bindings import Apart, Bindings, Together, bindings_if_any
from shopsim.clusterers.bound_linkage import bound_linkage
from shopsim.clusterers.distances import condensed_distances, raise_to_core_distances
from shopsim.clusterers.hnsw_lists import check_faiss, hnsw_memory
from shopsim.clusterers.kept_neighbours import Neighbours
from shopsim.clusterers.mean_groups import LIST_LENGTH
from shopsim.clusterers.mean_linkage import FEWEST, linkage_by_means, mean_linkage_memory, needs_lists
from shopsim.clusterers.merge_tree import DECIMALS, MergeTree
from shopsim.clusterers.neighbour_lists import SEARCHES, Search
from shopsim.clusterers.spanning_tree import MOST_MIN_SAMPLES, spanning_tree, spanning_tree_memory

# For so many distinct photos or more, the exact search takes some five minutes and more.
_VERY_LONG = 300_000
_WAY_OUT = "; average linkage with search=hnsw is quicker, and approximate"


@dataclass(frozen=True)
class Linkage:
    """SciPy's linkage of cosine distances, or of mutual reachability distances where min_samples is above 1.

    From FEWEST photos on, average linkage is computed from group means and single linkage by a minimum spanning tree:
    the same trees with far less memory.
    search: how average linkage finds each photo's nearest photos; by `hnsw` the tree of many photos is an
    ApproximateTree. Where photos are kept together or apart, the search is exact.
    """

    method: Literal["average", "complete", "single"]
    min_samples: int = 1
    search: Search = "exact"
    takes_bindings: ClassVar[bool] = True

    def memory(self, n_images: int, n_features: int, together: Together = (), apart: Apart = ()) -> int:
        """Bytes at the peak; together, apart: as `fit` takes them."""
        if self._is_by_means(n_images):
            more = hnsw_memory(n_images, n_features) if self.search == "hnsw" else 0
            return mean_linkage_memory(n_images, n_features) + more
        if self._is_by_spanning_tree(n_images):
            return spanning_tree_memory(n_images, n_features, self.min_samples, len(apart))
        return memory_of_distances(n_images, n_features, bool(len(together) or len(apart)))

    def fit(
        self,
        vectors: np.ndarray,
        progress: Progress = silent,
        neighbours: Neighbours | None = None,
        together: Together = (),
        apart: Apart = (),
    ) -> MergeTree:
        """The tree of (n, d) float32 unit rows, in the order of image_id, because ties depend on the order.

        neighbours: the lists of these vectors, if others have searched them. Average linkage without bindings takes
        them, and single linkage without pairs apart; complete linkage and few photos need no lists.
        together, apart: groups of photos that every cut keeps, and pairs that no cut joins, as `bindings_of` takes
        them. Raises Contradiction as it does.
        """
        n_images = len(vectors)
        bindings = bindings_if_any(n_images, together, apart)
        if n_images < 2:
            return MergeTree(np.zeros((0, 4)), n_images)
        if self._is_by_means(n_images):
            if bindings is not None:
                return MergeTree(linkage_by_means(vectors, progress=progress, bindings=bindings), n_images)
            return self._by_means(vectors, progress, neighbours or Neighbours(vectors))
        if self._is_by_spanning_tree(n_images):
            return spanning_tree(vectors, self.min_samples, progress, bindings, neighbours)
        distances = condensed_distances(vectors)
        if self.min_samples > 1:
            raise_to_core_distances(distances, n_images, self.min_samples)
        return tree_from_distances(distances, n_images, self.method, bindings)

    def _by_means(self, vectors: np.ndarray, progress: Progress, neighbours: Neighbours) -> MergeTree:
        if not needs_lists(neighbours.n_distinct):
            return MergeTree(linkage_by_means(vectors, progress=progress), len(vectors))
        is_slow = self.search == "exact" and neighbours.n_distinct >= _VERY_LONG
        told = with_hint(progress, _WAY_OUT) if is_slow else progress
        lists = neighbours.of_distinct(LIST_LENGTH, told, self.search)
        merges = linkage_by_means(vectors, progress=progress, lists=lists)
        if lists.found is None:
            return MergeTree(merges, len(vectors))
        return ApproximateTree(merges, len(vectors), lists.found)

    def _is_by_means(self, n_images: int) -> bool:
        return self.method == "average" and n_images >= FEWEST

    def _is_by_spanning_tree(self, n_images: int) -> bool:
        return self.method == "single" and self.min_samples <= MOST_MIN_SAMPLES and n_images >= FEWEST


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


@clusterers.register(
    "average",
    title="Average linkage",
    source="Sokal and Michener 1958 (UPGMA), by scipy.cluster.hierarchy; by group means (Sumengen et al. 2021) from "
    "2,000 photos on; by HNSW lists (Malkov and Yashunin 2018, faiss)",
    summary="Joins two groups when their photos are that similar on average.",
    settings=(
        Setting(
            "search",
            "Search for the nearest photos",
            "exact",
            options=SEARCHES,
            help="exact: compares all pairs of photos. hnsw: for a million photos; it misses some neighbours, so some "
            "photos are grouped otherwise, and the page says which share it found.",
        ),
    ),
    version=2,
)
def average(search: Search = "exact") -> Linkage:
    """Mean similarity of two groups' photos."""
    if search == "hnsw":
        check_faiss()
    return Linkage("average", search=search)


@clusterers.register(
    "complete",
    title="Complete linkage",
    source="Sørensen 1948, by scipy.cluster.hierarchy",
    summary="Joins two groups when all their photos are that similar; every pair in a group is.",
)
def complete() -> Linkage:
    """Similarity of the two groups' least similar photos."""
    return Linkage("complete")


@clusterers.register(
    "single",
    title="Single linkage",
    source="Florek et al. 1951, by scipy.cluster.hierarchy; by a minimum spanning tree (Borůvka 1926) from 2,000 "
    "photos on",
    version=3,
    summary="Joins two groups when any two of their photos are that similar; tends to chains.",
)
def single() -> Linkage:
    """Similarity of the two groups' most similar photos."""
    return Linkage("single")


@clusterers.register(
    "dbscan",
    title="DBSCAN (core form)",
    source="Ester et al. 1996 without border points: Campello, Moulavi and Sander 2013; by a minimum spanning tree "
    "(Borůvka 1926) from 2,000 photos on",
    version=3,
    summary="Joins photos in dense regions; the others stay alone.",
    settings=(
        Setting(
            "min_samples",
            "Photos that make a place dense",
            4,
            low=1,
            high=100,
            step=1,
            help="The photo itself counts; up to 2 is single linkage.",
        ),
    ),
)
def dbscan(min_samples: int = 4) -> Linkage:
    """Single linkage on mutual reachability distances."""
    return Linkage("single", min_samples)
