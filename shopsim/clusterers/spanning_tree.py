"""Single linkage and DBSCAN's core form of many photos, by a minimum spanning tree without a square matrix."""

from __future__ import annotations

import numpy as np

from shopsim.base.rows import distinct_rows, unit_rows
from shopsim.base.work.progress import Progress, look, say, silent
from shopsim.clusterers.bindings import Bindings
from shopsim.clusterers.distances import SMALLEST_DISTANCE, similarity_of
from shopsim.clusterers.linked_tree import tree_from_links
from shopsim.clusterers.merge_tree import BOUND_HEIGHT, MergeTree
from shopsim.clusterers.nearest_lists import BLOCK_ROWS, nearest_lists, similarity_tile, top_of

LIST_LENGTH = 24
MOST_MIN_SAMPLES = 65
"""The lists are at most 64 long, so they know the core distance of at most so many photos."""
# A tile of a search has at most so many numbers, 17 MB; sorting them takes three times as much.
_MOST_IN_TILE = 2**22
_LOWEST = np.float32(-np.inf)
_NEXT_TO_EQUAL = np.float32(1.0 - SMALLEST_DISTANCE)


def spanning_tree_memory(n_images: int, n_features: int, min_samples: int) -> int:
    """Returns the bytes at the peak: three copies of the rows, the lists and what is computed of them, and a tile."""
    k = max(LIST_LENGTH, min_samples - 1)
    return n_images * (3 * 4 * n_features + k * 24 + 900) + 160 * 2**20


def spanning_tree(
    vectors: np.ndarray, min_samples: int = 1, progress: Progress = silent, bindings: Bindings | None = None
) -> MergeTree:
    """Returns the tree of single linkage on mutual reachability distances. bindings: closures alone, no pairs apart."""
    ends, distances = spanning_links(vectors, min_samples, progress)
    if bindings is not None:
        photos = np.arange(len(vectors))
        of_closure = np.unique(bindings.closure, return_index=True)[1][bindings.closure]
        bound = photos != of_closure
        ends = np.concatenate([np.stack([photos[bound], of_closure[bound]], axis=1), ends])
        distances = np.concatenate([np.full(int(bound.sum()), BOUND_HEIGHT), distances])
    return tree_from_links(ends, distances, len(vectors))


def spanning_links(
    vectors: np.ndarray, min_samples: int = 1, progress: Progress = silent
) -> tuple[np.ndarray, np.ndarray]:
    """Returns links that hold a minimum spanning tree of the mutual reachability distances: photos and distances.

    vectors: (n, d) float32 unit rows. min_samples: at most MOST_MIN_SAMPLES; up to 2 the distances are plain ones, from
    which `raise_to_core_distances` says how the others come. Returns (m, 2) int64 and (m,) float64; m is n - 1 or more,
    since equally long links can make a circle. Equal photos are 0 apart where min_samples is 1.
    Time: the first search takes n * n * d / 2 multiplications, as for average linkage; later ones take less.
    Source: Borůvka 1926. Every component takes its best link to another one, which halves their number at least.
    Raises ValueError for NaN or infinity.
    """
    if not np.isfinite(vectors).all():
        raise ValueError("The vectors must be finite.")
    first, identity = distinct_rows(vectors)
    k = max(LIST_LENGTH, min_samples - 1)
    rows = unit_rows(vectors[first])
    lists = nearest_lists(rows, np.zeros(len(rows), np.float32), k, progress)
    ids, similarity = lists.ids, np.minimum(lists.similarity, _NEXT_TO_EQUAL)
    core = core_similarities(ids, similarity, np.bincount(identity), min_samples)
    one, other, reached = Components(rows, ids, similarity, core, progress).links()
    copies = np.setdiff1d(np.arange(len(vectors)), first)
    ends = np.stack([np.r_[copies, first[one]], np.r_[first[identity[copies]], first[other]]], axis=1)
    similarity = np.concatenate([core[identity[copies]], reached]).astype(np.float64)
    return ends, similarity_of(similarity).clip(0.0, 2.0)


def core_similarities(ids: np.ndarray, similarity: np.ndarray, counts: np.ndarray, min_samples: int) -> np.ndarray:
    """(m,) float32 similarity of each distinct row to its `min_samples`-th nearest photo, itself counted.

    ids, similarity: (m, k) the most similar others, -1 and -inf where there is none. counts: (m,) photos per row.
    With fewer photos than that, it is the similarity to the farthest.
    """
    order = np.argsort(-similarity, axis=1, kind="stable")
    ids, similarity = np.take_along_axis(ids, order, axis=1), np.take_along_axis(similarity, order, axis=1)
    n_photos = counts[:, None] + np.cumsum(np.where(ids >= 0, counts[ids], 0), axis=1)
    place = np.minimum((n_photos < min_samples).sum(axis=1), np.maximum((ids >= 0).sum(axis=1) - 1, 0))
    core = np.take_along_axis(similarity, place[:, None], axis=1)[:, 0]
    return np.where((counts >= min_samples) | (core == _LOWEST), np.float32(1.0), core)


class Components:
    """The components of a growing forest, and for each row a list of the rows that it reaches best.

    The lists hold mutual reachability similarities: the lowest of a pair's cosine and both core similarities. `bound`:
    no row outside the list, and in another component than the list's row, is reached better.
    """

    def __init__(
        self, rows: np.ndarray, ids: np.ndarray, similarity: np.ndarray, core: np.ndarray, progress: Progress
    ) -> None:
        """rows: (m, d) float32; ids, similarity: (m, k) by cosine, overwritten; core: (m,) float32."""
        self._rows, self._core, self._progress = rows, core, progress
        self._ids, self._bound = ids, np.minimum(similarity.min(axis=1), core)
        self._reached = np.minimum(np.minimum(similarity, core[:, None]), core[ids])
        self._reached[ids < 0] = _LOWEST
        self._component = np.arange(len(rows))
        self.n_searched = 0

    def links(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Returns links until there is one component: (l,) and (l,) int64 rows, and (l,) float32 similarities."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        one, other, reached = [], [], []
        n_components = len(self._rows)
        while n_components > 1:
            say(self._progress, f"joining {n_components:,} groups of photos")
            row, best, place = self._best_links()
            one.append(row)
            other.append(self._ids[row, place[row]].astype(np.int64))
            reached.append(best[row])
            ends = self._component[one[-1]], self._component[other[-1]]
            graph = coo_array((np.ones(len(row), np.int8), ends), shape=(n_components, n_components))
            n_components, now = connected_components(graph, directed=False)
            self._component = now[self._component]
        empty = [np.zeros(0, np.int64)]
        return np.concatenate(one or empty), np.concatenate(other or empty), np.concatenate(reached or empty)

    def _best_links(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Returns per component the row with the best link, and for all rows the best link's similarity and place."""
        best, place = self._best_of_lists(np.arange(len(self._rows)))
        while True:
            look(self._progress)
            of_component = np.full(int(self._component.max()) + 1, _LOWEST)
            np.maximum.at(of_component, self._component, best)
            unsure = np.flatnonzero(self._bound > np.maximum(of_component[self._component], best))
            if not len(unsure):
                break
            # The most promising rows first: what they find can spare the others of their component.
            unsure = unsure[np.argsort(-self._bound[unsure], kind="stable")]
            block = self._first_of_each(unsure)[: min(BLOCK_ROWS, max(1, _MOST_IN_TILE // len(self._rows)))]
            self._search(block)
            best[block], place[block] = self._best_of_lists(block)
        order = np.lexsort((-best, self._component))
        return order[np.unique(self._component[order], return_index=True)[1]], best, place

    def _first_of_each(self, rows: np.ndarray) -> np.ndarray:
        """Returns the rows, the first one of each component before all others."""
        first = np.sort(np.unique(self._component[rows], return_index=True)[1])
        rest = np.ones(len(rows), dtype=bool)
        rest[first] = False
        return np.concatenate([rows[first], rows[rest]])

    def _best_of_lists(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        ids = self._ids[rows]
        outside = self._component[ids] != self._component[rows][:, None]
        reached = np.where(outside & (ids >= 0), self._reached[rows], _LOWEST)
        place = reached.argmax(axis=1)
        return reached[np.arange(len(rows)), place], place

    def _search(self, block: np.ndarray) -> None:
        """Searches the rows of other components that these rows reach best."""
        self.n_searched += len(block)
        tile = similarity_tile(self._rows, np.zeros(len(self._rows), np.float32), block, slice(None))
        np.minimum(tile, np.minimum(self._core, _NEXT_TO_EQUAL), out=tile)
        np.minimum(tile, self._core[block, None], out=tile)
        tile[self._component[block][:, None] == self._component] = _LOWEST
        names = np.broadcast_to(np.arange(tile.shape[1], dtype=np.int32), tile.shape)
        k = self._ids.shape[1]
        ids, reached = top_of(tile, names, k)
        self._ids[block], self._reached[block] = -1, _LOWEST
        self._ids[block, : ids.shape[1]], self._reached[block, : ids.shape[1]] = ids, reached
        self._bound[block] = self._reached[block].min(axis=1)
