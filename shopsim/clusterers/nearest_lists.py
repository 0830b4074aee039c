"""The most similar others of each row, by a blocked search over all pairs, without a square matrix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from shopsim.base.work.progress import Progress, look, say, silent

BLOCK_ROWS = 1024
TILE_COLUMNS = 4096
# Where nothing is known of a row yet, the maxima of so many parts or more bound its k-th similarity from below.
_PARTS = 64
# Of so many rows on, the search takes long enough to say how far it is.
_LONG = 10_000
_LOWEST = np.float32(-np.inf)
_SIGN, _ALL, _WIDTH = np.uint32(1 << 31), np.uint32((1 << 32) - 1), np.uint64(32)


class NearestLists:
    """For each row the k most similar others seen so far, in no order; of equally similar ones the first rows.

    keys: (n, k) uint64, see `_key_of`. least: (n,) float32, the lowest similarity in each list; -inf for a list that is
    not full.
    """

    def __init__(self, n_rows: int, k: int) -> None:
        self.keys = np.full((n_rows, k), _key_of(_LOWEST, np.int32(-1)))
        self.least = np.full(n_rows, _LOWEST, np.float32)

    @property
    def ids(self) -> np.ndarray:
        """(n, k) int32 numbers of the rows, -1 where there is none."""
        return (_ALL - self.keys.astype(np.uint32)).view(np.int32)

    @property
    def similarity(self) -> np.ndarray:
        """(n, k) float32, -inf where there is none."""
        return _similarity_in(self.keys)

    def offer(self, rows: np.ndarray, ids: np.ndarray, similarity: np.ndarray) -> None:
        """Takes those of these pairs into the lists that are among the k best. rows: (m,) int64, rising."""
        if not len(rows):
            return
        k = self.keys.shape[1]
        which, start, count = np.unique(rows, return_index=True, return_counts=True)
        line = np.repeat(np.arange(len(which)), count)
        place = k + np.arange(len(rows)) - np.repeat(start, count)
        keys = np.zeros((len(which), k + int(count.max())), np.uint64)
        keys[:, :k] = self.keys[which]
        keys[line, place] = _key_of(similarity, ids.astype(np.int32))
        keys.partition(keys.shape[1] - k, axis=1)
        self.keys[which] = keys[:, -k:]
        self.least[which] = _similarity_in(keys[:, -k])

    def join(self, keys: np.ndarray, first: int) -> None:
        """Takes in the lists of other pairs of the same rows. keys: (m, k) uint64; first: the row of the first one."""
        here, k = slice(first, first + len(keys)), keys.shape[1]
        both = np.concatenate([self.keys[here], keys], axis=1)
        both.partition(k, axis=1)
        self.keys[here] = both[:, k:]
        self.least[here] = _similarity_in(both[:, k])

    def sort(self) -> None:
        """Puts the nearest first; of equally near ones the first row."""
        self.keys.sort(axis=1)
        self.keys = np.ascontiguousarray(self.keys[:, ::-1])


def _key_of(similarity: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """Returns uint64 numbers in the order of (similarity, -id), so that one partition sorts both."""
    # Adding 0 turns -0.0 into 0.0. The bits of floats rise with the floats, those of negative ones fall.
    bits = (np.asarray(similarity, np.float32) + np.float32(0)).view(np.uint32)
    rising = np.where(bits & _SIGN, ~bits, bits | _SIGN)
    return rising.astype(np.uint64) << _WIDTH | (_ALL - ids.view(np.uint32))


def _similarity_in(keys: np.ndarray) -> np.ndarray:
    rising = (keys >> _WIDTH).astype(np.uint32)
    return np.where(rising & _SIGN, rising ^ _SIGN, ~rising).view(np.float32)


@dataclass(frozen=True, eq=False)
class Part:
    """Some rows that follow each other, and their lists.

    rows: (m, d) float32; offsets: (m,) float32; first: the number of the first row among all n, as ids count; lists: m.
    """

    rows: np.ndarray
    offsets: np.ndarray
    first: int
    lists: NearestLists


NearestSearch = Callable[[np.ndarray, np.ndarray, int, Progress], NearestLists]
"""Gives the same bytes as `nearest_lists` for the same arguments."""


def nearest_lists(rows: np.ndarray, offsets: np.ndarray, k: int, progress: Progress = silent) -> NearestLists:
    """Returns the k most similar others of each row; the similarity is rows @ rows.T, less both rows' offsets.

    rows: (n, d) float32; offsets: (n,) float32. progress: is told how far a long search is, and may stop it.
    Time: n * n * d / 2 multiplications, since each pair is computed once. Memory: the lists, and a tile of 17 MB.
    """
    whole = Part(rows, offsets, 0, NearestLists(len(rows), k))
    compare(whole, whole, progress=progress)
    return whole.lists


def compare(
    one: Part, other: Part, first_tile: int = 0, n_tiles: int | None = None, progress: Progress = silent
) -> None:
    """Compares each row of `one` with later rows, which `other` has, and offers each to the list of its counterpart.

    A block of rows is compared in tiles of TILE_COLUMNS rows from the block itself on. Only the tiles from first_tile
    on are computed, n_tiles of them or all. A search by parts so computes the same tiles, and the same bytes.
    """
    for start in range(0, len(one.rows), BLOCK_ROWS):
        if one is other:
            _tell(progress, start, len(one.rows))
        end = min(start + BLOCK_ROWS, len(one.rows))
        block = one.first + start - other.first  # As the other part counts.
        begin = block + first_tile * TILE_COLUMNS
        last = len(other.rows) if n_tiles is None else min(begin + n_tiles * TILE_COLUMNS, len(other.rows))
        for left in range(begin, last, TILE_COLUMNS):
            right = min(left + TILE_COLUMNS, last)
            tile = _tile(one, other, slice(start, end), slice(left, right))
            if left == block:
                np.fill_diagonal(tile, _LOWEST)
            _offer_rows(one.lists, tile, start, other.first + left)
            first = max(block + end - start, left)  # The block itself has told both of its sides already.
            if first < right:
                _offer_columns(other.lists, tile[:, first - left :], one.first + start, first)


def _tell(progress: Progress, start: int, n: int) -> None:
    look(progress)
    if n >= _LONG:
        # A row is compared with those after it, so the first rows take longest.
        say(progress, f"comparing {n:,} photos with each other, {1 - (1 - start / n) ** 2:.0%} done")


def similarity_tile(rows: np.ndarray, offsets: np.ndarray, one: slice | np.ndarray, other: slice) -> np.ndarray:
    """Returns the similarities of some rows (as rows of the tile) with others (as its columns), float32."""
    return _less_offsets(rows[one] @ rows[other].T, offsets[one], offsets[other])


def _tile(one: Part, other: Part, some: slice, others: slice) -> np.ndarray:
    return _less_offsets(one.rows[some] @ other.rows[others].T, one.offsets[some], other.offsets[others])


def _less_offsets(tile: np.ndarray, of_rows: np.ndarray, of_columns: np.ndarray) -> np.ndarray:
    tile -= of_rows[:, None]
    tile -= of_columns[None]
    return tile


def top_of(values: np.ndarray, names: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns the names and values of the k largest values per row, in no order; there are at least k columns."""
    if values.shape[1] > k:
        top = np.argpartition(values, values.shape[1] - k, axis=1)[:, -k:]
        values, names = np.take_along_axis(values, top, axis=1), np.take_along_axis(names, top, axis=1)
    return names, values


def _offer_rows(lists: NearestLists, tile: np.ndarray, start: int, left: int) -> None:
    """Offers the columns of a tile to the lists of its rows. start: of the first row; left: the first column's id."""
    least = lists.least[start : start + len(tile)]
    if np.isneginf(least).any():
        least = np.maximum(least, _just_below(_kth_of_parts(tile.T, lists.ids.shape[1])))
    row, column = np.divmod(np.flatnonzero(tile > least[:, None]), tile.shape[1])
    lists.offer(row + start, column + left, tile[row, column])


def _offer_columns(lists: NearestLists, tile: np.ndarray, start: int, left: int) -> None:
    """Offers the rows of a tile to the lists of its columns. start: the first row's id; left: of the first column."""
    least = lists.least[left : left + tile.shape[1]]
    if np.isneginf(least).any():
        least = np.maximum(least, _just_below(_kth_of_parts(tile, lists.ids.shape[1])))
    row, column = np.divmod(np.flatnonzero(tile > least), tile.shape[1])
    by_column = np.argsort(column, kind="stable")
    row, column = row[by_column], column[by_column]
    lists.offer(column + left, row + start, tile[row, column])


def _kth_of_parts(tile: np.ndarray, k: int) -> np.ndarray:
    """Returns a lower bound for the k-th largest value of each column: the k-th largest of the maxima of its parts."""
    parts = min(max(_PARTS, 2 * k), len(tile))
    if k > parts:
        return np.full(tile.shape[1], _LOWEST)
    whole = len(tile) // parts * parts
    maxima = tile[:whole].reshape(parts, whole // parts, -1).max(axis=1)
    return np.partition(maxima, parts - k, axis=0)[parts - k]


def _just_below(values: np.ndarray) -> np.ndarray:
    return np.nextafter(values, _LOWEST)
