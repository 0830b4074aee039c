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
from shopsim.clusterers.core_similarity import core_similarity
from shopsim.clusterers.distance_trees import memory_of_distances, tree_from_distances
from shopsim.clusterers.distances import condensed_distances, raise_to_core_distances, similarity_of
from shopsim.clusterers.hnsw_lists import check_faiss, hnsw_memory
from shopsim.clusterers.kept_neighbours import Neighbours
from shopsim.clusterers.mean_groups import LIST_LENGTH
from shopsim.clusterers.mean_linkage import FEWEST, linkage_by_means, mean_linkage_memory, needs_lists
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.clusterers.neighbour_lists import SEARCHES, Search
from shopsim.clusterers.parts import tree_in_parts
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
        parts: np.ndarray | None = None,
    ) -> MergeTree:
        """The tree of (n, d) float32 unit rows, in the order of image_id, because ties depend on the order.

        neighbours: the lists of these vectors, if others have searched them. Average linkage without bindings takes
        them, and single linkage without pairs apart; complete linkage and few photos need no lists.
        together, apart: groups of photos that every cut keeps, and pairs that no cut joins, as `bindings_of` takes
        them. parts: (n,) integers; photos of different parts never merge, see `tree_in_parts`; a core distance is still
        measured among all photos. Raises Contradiction as `bindings_of` does.
        """
        bindings = bindings_if_any(len(vectors), together, apart)
        if parts is None:
            return self._tree(vectors, bindings, None, progress, neighbours)
        core = core_similarity(vectors, self.min_samples, progress, neighbours) if self.min_samples > 1 else None

        def of_part(rows: np.ndarray, bound: Bindings | None) -> MergeTree:
            return self._tree(vectors[rows], bound, None if core is None else core[rows], progress)

        return tree_in_parts(parts, bindings, of_part)

    def _tree(
        self,
        vectors: np.ndarray,
        bindings: Bindings | None,
        core: np.ndarray | None,
        progress: Progress,
        neighbours: Neighbours | None = None,
    ) -> MergeTree:
        """Returns the tree of all these photos. core: (n,) float64 core similarities, None to measure them here."""
        n_images = len(vectors)
        if n_images < 2:
            return MergeTree(np.zeros((0, 4)), n_images)
        if self._is_by_means(n_images):
            if bindings is not None:
                return MergeTree(linkage_by_means(vectors, progress=progress, bindings=bindings), n_images)
            return self._by_means(vectors, progress, neighbours or Neighbours(vectors))
        if self._is_by_spanning_tree(n_images):
            return spanning_tree(vectors, self.min_samples, progress, bindings, neighbours, core)
        distances = condensed_distances(vectors)
        if self.min_samples > 1:
            far = None if core is None else similarity_of(core)
            raise_to_core_distances(distances, n_images, self.min_samples, far)
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
