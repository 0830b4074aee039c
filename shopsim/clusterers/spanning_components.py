"""The components of a minimum spanning tree under way, each with its best link to another one."""

from __future__ import annotations

import numpy as np

from shopsim.base.work.progress import Progress, look, say
from shopsim.clusterers.distances import SMALLEST_DISTANCE
from shopsim.clusterers.nearest_lists import BLOCK_ROWS, similarity_tile, top_of
from shopsim.clusterers.neighbour_lists import NeighbourLists

NEXT_TO_EQUAL = np.float32(1.0 - SMALLEST_DISTANCE)
# A tile of a search has at most so many numbers, 17 MB; sorting them takes three times as much.
_MOST_IN_TILE = 2**22
_LOWEST = np.float32(-np.inf)


class Components:
    """The components of a growing forest, and for each row a list of the rows that it reaches best.

    The lists hold mutual reachability similarities: the lowest of a pair's cosine and both core similarities. `bound`:
    no row outside the list, and in another component than the list's row, is reached better.
    """

    def __init__(self, rows: np.ndarray, lists: NeighbourLists, core: np.ndarray, progress: Progress) -> None:
        """rows: (m, d) float32; lists: by cosine, overwritten; core: (m,) float32."""
        ids, similarity = lists.ids, lists.similarity
        self._rows, self._core, self._progress = rows, core, progress
        self._ids, self._bound = ids, np.minimum(similarity.min(axis=1), core)
        self._reached = np.minimum(np.minimum(similarity, core[:, None]), core[ids])
        self._reached[ids < 0] = _LOWEST
        self.start_from(np.arange(len(rows)), np.zeros(len(rows), dtype=bool))

    def start_from(self, component: np.ndarray, waits: np.ndarray) -> None:
        """Starts from these components: (m,) int64, and (components,) bool, those that take no link by themselves."""
        self.component, self._waits = component, waits

    def links(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Returns links until there is one component, or all that are left wait.

        Returns (l,) and (l,) int64 rows, and (l,) float32 similarities.
        """
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        one, other, reached = [], [], []
        while len(self._waits) > 1 and not self._waits.all():
            n_components = len(self._waits)
            row, best, place = self._best_links()
            one.append(row)
            other.append(self._ids[row, place[row]].astype(np.int64))
            reached.append(best[row])
            ends = self.component[one[-1]], self.component[other[-1]]
            graph = coo_array((np.ones(len(row), np.int8), ends), shape=(n_components, n_components))
            now = connected_components(graph, directed=False)[1]
            self.component = now[self.component]
            self._waits = np.bincount(now, self._waits) > 0
        empty = [np.zeros(0, np.int64)]
        return np.concatenate(one or empty), np.concatenate(other or empty), np.concatenate(reached or empty)

    def _best_links(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Returns the row with the best link per component that does not wait, and of all rows their best and place."""
        best, place = self._best_of_lists(np.arange(len(self._rows)))
        n_unsure = None
        while True:
            look(self._progress)
            of_component = np.full(len(self._waits), _LOWEST)
            np.maximum.at(of_component, self.component, best)
            unsure = self._bound > np.maximum(of_component[self.component], best)
            unsure = np.flatnonzero(unsure & ~self._waits[self.component])
            n_unsure = len(unsure) if n_unsure is None else n_unsure
            self._tell(n_unsure - len(unsure), n_unsure)
            if not len(unsure):
                break
            # The most promising rows first: what they find can spare the others of their component.
            unsure = unsure[np.argsort(-self._bound[unsure], kind="stable")]
            block = self._first_of_each(unsure)[: min(BLOCK_ROWS, max(1, _MOST_IN_TILE // len(self._rows)))]
            self._search(block)
            best[block], place[block] = self._best_of_lists(block)
        order = np.lexsort((-best, self.component))
        chosen = order[np.unique(self.component[order], return_index=True)[1]]
        return chosen[~self._waits[self.component[chosen]]], best, place

    def _tell(self, done: int, total: int) -> None:
        again = f", {done:,} of {total:,} photos compared with all others" if total else ""
        say(self._progress, f"joining {len(self._waits):,} groups of photos{again}")

    def _first_of_each(self, rows: np.ndarray) -> np.ndarray:
        """Returns the rows, the first one of each component before all others."""
        first = np.sort(np.unique(self.component[rows], return_index=True)[1])
        rest = np.ones(len(rows), dtype=bool)
        rest[first] = False
        return np.concatenate([rows[first], rows[rest]])

    def _best_of_lists(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        ids = self._ids[rows]
        outside = self.component[ids] != self.component[rows][:, None]
        reached = np.where(outside & (ids >= 0), self._reached[rows], _LOWEST)
        place = reached.argmax(axis=1)
        return reached[np.arange(len(rows)), place], place

    def _search(self, block: np.ndarray) -> None:
        """Searches the rows of other components that these rows reach best."""
        tile = similarity_tile(self._rows, np.zeros(len(self._rows), np.float32), block, slice(None))
        np.minimum(tile, np.minimum(self._core, NEXT_TO_EQUAL), out=tile)
        np.minimum(tile, self._core[block, None], out=tile)
        tile[self.component[block][:, None] == self.component] = _LOWEST
        names = np.broadcast_to(np.arange(tile.shape[1], dtype=np.int32), tile.shape)
        k = self._ids.shape[1]
        ids, reached = top_of(tile, names, k)
        self._ids[block], self._reached[block] = -1, _LOWEST
        self._ids[block, : ids.shape[1]], self._reached[block, : ids.shape[1]] = ids, reached
        self._bound[block] = self._reached[block].min(axis=1)

    def similarities(self) -> np.ndarray:
        """(c, c) float64, the highest mutual reachability similarity of a row of one component and one of another."""
        order = np.argsort(self.component, kind="stable")
        rows, core, component = self._rows[order], self._core[order], self.component[order]
        starts = np.flatnonzero(np.diff(component, prepend=-1))
        highest = np.full((len(starts), len(starts)), _LOWEST)
        step = min(BLOCK_ROWS, max(1, _MOST_IN_TILE // len(rows)))
        for start in range(0, len(rows), step):
            look(self._progress)
            block = slice(start, start + step)
            tile = np.minimum(rows[block] @ rows.T, NEXT_TO_EQUAL)
            np.minimum(tile, core, out=tile)
            np.minimum(tile, core[block, None], out=tile)
            np.maximum.at(highest, component[block], np.maximum.reduceat(tile, starts, axis=1))
        return np.maximum(highest, highest.T).astype(np.float64)
