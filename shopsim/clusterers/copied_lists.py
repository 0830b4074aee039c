"""Neighbour lists of photos, from those of their distinct rows."""

from __future__ import annotations

import numpy as np

from shopsim.clusterers.neighbour_lists import NeighbourLists


def lists_of_copies(lists: NeighbourLists, row_of: np.ndarray, k: int) -> NeighbourLists | None:
    """Returns the k nearest other photos of each photo, or None if a list is too short for that.

    lists: of distinct rows. row_of: (m,) int64, the row of each photo; a row can have any number of photos. The photos
    of the same row come first, with similarity 1, then those of each neighbour, in their order. Rows of zeros have no
    cosine, but copies of one are alike too, as everywhere: only equal rows are 0 apart.
    """
    n, k = len(lists.ids), max(min(k, len(row_of) - 1), 0)
    itself_first = np.concatenate([np.arange(n, dtype=np.int32)[:, None], lists.ids], axis=1)
    with_one = np.concatenate([np.ones((n, 1), np.float32), lists.similarity], axis=1)
    found = photos_of_rows(NeighbourLists(itself_first, with_one), row_of, k + 1)
    ids, similarity = found.ids[row_of], found.similarity[row_of]
    is_itself = ids == np.arange(len(row_of))[:, None]
    # A photo with more copies than that is not in its own list.
    is_itself[~is_itself.any(axis=1), -1] = True
    shape = len(row_of), k
    ids, similarity = ids[~is_itself].reshape(shape), similarity[~is_itself].reshape(shape)
    return None if (ids < 0).any() else NeighbourLists(ids, similarity)


def photos_of_rows(lists: NeighbourLists, row_of: np.ndarray, k: int) -> NeighbourLists:
    """Returns the first k photos of the rows in each list, -1 and -inf where there are fewer.

    lists: of n rows. row_of: (m,) int64, the row of each photo; a row can have any number of photos. Those of one row
    have the same similarity and come in rising order.
    """
    n = len(lists.ids)
    photos = np.argsort(row_of, kind="stable")
    size = np.bincount(row_of, minlength=n)
    begin = np.cumsum(size) - size
    count = size[lists.ids]
    place = np.cumsum(count, axis=1) - count
    line, entry = np.nonzero((place < k) & (count > 0))
    place, row, value = place[line, entry], lists.ids[line, entry], lists.similarity[line, entry]
    count = np.minimum(size[row], k - place)
    offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    at = np.repeat(line, count), np.repeat(place, count) + offset
    ids, similarity = np.full((n, k), -1, np.int32), np.full((n, k), -np.inf, np.float32)
    ids[at] = photos[np.repeat(begin[row], count) + offset]
    similarity[at] = np.repeat(value, count)
    return NeighbourLists(ids, similarity)
