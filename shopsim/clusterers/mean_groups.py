"""Groups as the means of their rows, each with a list of similar groups and a bound for all others."""

from __future__ import annotations

import numpy as np

from shopsim.base.work.progress import Progress, look, silent
from shopsim.clusterers.apart_groups import ApartGroups
from shopsim.clusterers.nearest_lists import BLOCK_ROWS, nearest_lists, similarity_tile, top_of
from shopsim.clusterers.neighbour_lists import NeighbourLists

LIST_LENGTH = 24
# So many rows of d numbers are gathered at once.
_GATHERED = 8192
# A tile of a search has at most so many numbers, 17 MB; sorting them takes three times as much.
_MOST_IN_TILE = 2**22
_LOWEST = np.float32(-np.inf)


class MeanGroups:
    """The groups of an average linkage under way. Each group has a slot; a merge keeps the first slot of two.

    The mean similarity of two groups' photos is the dot product of their mean rows, less both mean offsets. So nothing
    but means is kept, and a list of LIST_LENGTH similar groups for each group. `bound`: no group outside the list is
    more similar. After a merge the new list is the union of both, and the new bound is the weighted mean of both: the
    similarity to a group outside both lists is the weighted mean of two numbers below the two bounds.

    A list is not changed when a group in it merges. What it says of this group is then an upper limit: the merged
    group's similarity is a mean of a number in the list and one that is in the list too or below the bound. So a best
    entry that is up to date and reaches the bound is the nearest group for certain.
    """

    def __init__(
        self,
        rows: np.ndarray,
        sizes: np.ndarray,
        offsets: np.ndarray,
        progress: Progress = silent,
        lists: NeighbourLists | None = None,
        apart: np.ndarray | None = None,
    ) -> None:
        """rows: (n, d) float32, overwritten; sizes: (n,) float64; offsets: (n,) float32, overwritten.

        lists: the neighbours of each row, by similarity less the offsets, where they are known already.
        apart: (m, 2) int64 pairs of slots that never merge. Their similarity is minus infinity, which only lowers what
        a list says, so its bound still holds.
        """
        n = len(rows)
        lists = (lists or _neighbours(rows, offsets, progress)).first(LIST_LENGTH)
        self.means, self.sizes, self.offsets = rows, sizes, offsets
        self.ids, self.similarity = lists.ids.copy(), lists.similarity.copy()
        self.bound = lists.similarity[:, -1].copy()
        self.alive, self.n_alive = np.ones(n, dtype=bool), n
        # Where each slot's group is now, the round of its last merge, and the round for which each entry is right.
        self._now, self._merged, self._seen = np.arange(n), np.zeros(n, np.int32), np.zeros(lists.ids.shape, np.int32)
        self._round, self._progress = 0, progress
        self.apart = ApartGroups(np.zeros((0, 2), np.int64) if apart is None else apart, n)
        for slot in self.apart.slots():
            self.similarity[slot, np.isin(self.ids[slot], self.apart.of(slot))] = _LOWEST
        self.nearest, self.best = np.full(n, -1), np.full(n, _LOWEST)
        self.is_certain = np.zeros(n, dtype=bool)
        self._settle(np.arange(n))

    def certain_pairs(self, among: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Returns the slots of the pairs, one of them among these slots, that are each other's nearest for certain."""
        one = among[self.is_certain[among] & self.alive[among]]
        other = self.nearest[one]
        mutual = self.is_certain[other] & (self.nearest[other] == one)
        one, other = one[mutual], other[mutual]
        n = len(self.alive)
        low, high = np.divmod(np.unique(np.minimum(one, other) * n + np.maximum(one, other)), n)
        return low, high

    def merge(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Merges these pairs of slots into the first of each; returns the slots whose nearest group may be another."""
        self._round += 1
        share = self.sizes[low] / (self.sizes[low] + self.sizes[high])
        for start in range(0, len(low), _GATHERED):
            part = slice(start, start + _GATHERED)
            self._take_means(low[part], high[part], share[part].astype(np.float32))
        self.sizes[low] += self.sizes[high]
        self.alive[high], self.n_alive = False, self.n_alive - len(low)
        self._now[high] = low
        self._merged[low] = self._merged[high] = self._round
        self.apart.merge(low, high)
        bound = (share * self.bound[low] + (1 - share) * self.bound[high]).astype(np.float32)
        for start in range(0, len(low), _GATHERED):
            part = slice(start, start + _GATHERED)
            self._take_lists(low[part], high[part], bound[part])
        others = np.flatnonzero(self.alive)
        others = others[self._merged[self.nearest[others]] == self._round]
        others = np.setdiff1d(others, low, assume_unique=True)
        for start in range(0, len(others), _GATHERED):
            self._renew(others[start : start + _GATHERED])
        changed = np.concatenate([low, others])
        self._settle(changed)
        return changed

    def search(self) -> np.ndarray:
        """Searches the nearest groups of all slots that are not certain of theirs; returns these slots.

        A group that may not merge with any other one is finished: it is alive no longer.
        """
        active = np.flatnonzero(self.alive)
        slots = active[~self.is_certain[active]]
        if not len(slots):
            return slots
        means, offsets = self.means[active], self.offsets[active]
        rows = max(1, min(BLOCK_ROWS, _MOST_IN_TILE // len(active)))
        for start in range(0, len(slots), rows):
            look(self._progress)
            block = slots[start : start + rows]
            places = np.searchsorted(active, block)
            tile = similarity_tile(means, offsets, places, slice(None))
            tile[np.arange(len(block)), places] = _LOWEST
            for line in np.flatnonzero(self.apart.has(block)):
                tile[line, np.searchsorted(active, self.apart.of(int(block[line])))] = _LOWEST
            places, self.similarity[block] = top_of(tile, np.broadcast_to(active, tile.shape), LIST_LENGTH)
            self.ids[block] = places
            self.bound[block] = self.similarity[block].min(axis=1)
        self._seen[slots] = self._round
        self._settle(slots)
        finished = slots[self.best[slots] == _LOWEST]
        self.alive[finished], self.n_alive = False, self.n_alive - len(finished)
        self.apart.forget(finished)
        return slots

    def _settle(self, slots: np.ndarray) -> None:
        """Notes the nearest group of these slots, whose lists are up to date."""
        place = self.similarity[slots].argmax(axis=1)
        self.nearest[slots], self.best[slots] = self.ids[slots, place], self.similarity[slots, place]
        # Minus infinity is the similarity of groups that never merge, and of a place in the list that is empty.
        self.is_certain[slots] = (self.best[slots] >= self.bound[slots]) & (self.best[slots] > _LOWEST)

    def _take_means(self, low: np.ndarray, high: np.ndarray, share: np.ndarray) -> None:
        self.means[low] = self.means[low] * share[:, None] + self.means[high] * (1 - share[:, None])
        self.offsets[low] = self.offsets[low] * share + self.offsets[high] * (1 - share)

    def _take_lists(self, low: np.ndarray, high: np.ndarray, bound: np.ndarray) -> None:
        """Gives merged groups the best of both lists, and the bound for all that is left out."""
        ids = np.concatenate([self.ids[low], self.ids[high]], axis=1)
        ids, similarity = self._up_to_date(low, ids, np.full(ids.shape, _LOWEST), np.full(ids.shape, -1))
        order = np.argsort(-similarity, axis=1)
        left_out = np.take_along_axis(similarity, order[:, LIST_LENGTH : LIST_LENGTH + 1], axis=1)[:, 0]
        order = order[:, :LIST_LENGTH]
        self.ids[low] = np.take_along_axis(ids, order, axis=1)
        self.similarity[low] = np.take_along_axis(similarity, order, axis=1)
        self.bound[low] = np.maximum(bound, left_out)
        self._seen[low] = self._round

    def _renew(self, slots: np.ndarray) -> None:
        self.ids[slots], self.similarity[slots] = self._up_to_date(
            slots, self.ids[slots], self.similarity[slots], self._seen[slots]
        )
        self._seen[slots] = self._round

    def _up_to_date(
        self, slots: np.ndarray, ids: np.ndarray, similarity: np.ndarray, seen: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Returns lists in which every group stands once, by its slot of today, with its similarity of today."""
        ids = np.where(ids >= 0, self._slots_now(ids), -1)
        ids[ids == slots[:, None]] = -1
        order = np.argsort(ids, axis=1, kind="stable")
        ids, similarity, seen = (np.take_along_axis(array, order, axis=1) for array in (ids, similarity, seen))
        again = np.zeros(ids.shape, dtype=bool)
        again[:, 1:] = ids[:, 1:] == ids[:, :-1]
        ids[again] = -1
        # An entry under a slot that is gone was seen before the merge, so it is computed again as well.
        line, place = np.nonzero((ids >= 0) & (seen < self._merged[ids]))
        similarity[ids < 0] = _LOWEST
        similarity[line, place] = self._similarities(slots[line], ids[line, place])
        return ids.astype(np.int32), similarity

    def _slots_now(self, ids: np.ndarray) -> np.ndarray:
        slots, further = ids, self._now[ids]
        while not np.array_equal(slots, further):
            slots, further = further, self._now[further]
        return slots

    def _similarities(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        found = np.empty(len(one), np.float32)
        for start in range(0, len(one), _GATHERED):
            a, b = one[start : start + _GATHERED], other[start : start + _GATHERED]
            found[start : start + _GATHERED] = np.einsum("ij,ij->i", self.means[a], self.means[b])
            found[start : start + _GATHERED] -= self.offsets[a] + self.offsets[b]
        found[self.apart.are(one, other)] = _LOWEST
        return found


def _neighbours(rows: np.ndarray, offsets: np.ndarray, progress: Progress) -> NeighbourLists:
    lists = nearest_lists(rows, offsets, LIST_LENGTH, progress)
    lists.sort()
    return NeighbourLists(lists.ids, lists.similarity)
