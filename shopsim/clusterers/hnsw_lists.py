"""Neighbour lists of a million rows by an HNSW index: nearly all neighbours in a part of the time."""

from __future__ import annotations

import importlib.util

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.base.work.progress import Progress, look, say
from shopsim.clusterers.nearest_lists import NearestLists

# Links per row, and the candidates looked at while the index is built and while one of 100,000 rows is searched.
_LINKS, _BUILT_WITH, _SEARCHED_WITH, _OF_ROWS = 24, 80, 64, 100_000
HNSW_VERSION = 2
"""Raised when the same rows get other lists; a part of the key of a recipe that searches so."""

# So many rows are added, searched or mirrored between two looks at the progress.
_ROWS = 20_000
# The lists of so many rows are compared with an exact search, so many rows at a time.
_CHECKED, _CHECKED_AT_ONCE = 1000, 50
_ROUNDING = 1e-6


def check_faiss() -> None:
    """Raises ShopsimError if the package that builds the index is missing."""
    if importlib.util.find_spec("faiss") is None:
        raise ShopsimError("The neighbour search 'hnsw' needs faiss-cpu; type: pip install faiss-cpu")


def hnsw_memory(n_images: int, n_features: int) -> int:
    """Returns the bytes of the index: rows of two bytes per number, the links, and what is mirrored at a time."""
    return n_images * (2 * n_features + 2 * 4 * _LINKS + 64) + 256 * 2**20


def hnsw_lists(units: np.ndarray, k: int, progress: Progress) -> tuple[NearestLists, float]:
    """Returns the k most similar others of each row as far as found, and which share of neighbours the search found.

    units: (n, d) float32 unit rows. The lists are mirrored: a row that has another in its list enters that one's list.
    The share is measured on 1,000 rows, which are compared with all others. (What mirroring adds is no measure of it:
    at 30,000 rows it found 0.2 % missing, where 2 % were.)
    The same rows give the same lists. Similarities are those of the rows, not of the index's shorter numbers.
    Source: Malkov and Yashunin, Efficient and robust approximate nearest neighbor search using HNSW graphs (2018).
    """
    check_faiss()
    ids = _searched(units, k, progress)
    lists = NearestLists(len(units), k)
    for start in range(0, len(units), _ROWS):
        look(progress)
        row, place = np.nonzero(ids[start : start + _ROWS] >= 0)
        other = ids[start + row, place]
        lists.offer(start + row, other, _similarities(units, start + row, other))
    say(progress, f"entering the neighbours of {len(units):,} photos in each other's lists")
    _mirror(lists, ids, units, progress)
    return lists, _share_found(lists, units, progress)


def _searched(units: np.ndarray, k: int, progress: Progress) -> np.ndarray:
    """Returns (n, k) int32 neighbours, -1 where none was found."""
    import faiss

    n, d = units.shape
    index = faiss.IndexHNSWSQ(d, faiss.ScalarQuantizer.QT_fp16, _LINKS, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction, index.hnsw.efSearch = _BUILT_WITH, _looked_at(n, k)
    index.train(units[:1])
    threads = faiss.omp_get_max_threads()
    try:
        # Several threads would add rows in an order that varies, and then other neighbours are found.
        faiss.omp_set_num_threads(1)
        for start in range(0, n, _ROWS):
            look(progress)
            say(progress, f"building an index of {n:,} photos, {start / n:.0%} done")
            index.add(units[start : start + _ROWS])
    finally:
        faiss.omp_set_num_threads(threads)
    ids = np.full((n, k), -1, np.int32)
    for start in range(0, n, _ROWS):
        look(progress)
        say(progress, f"looking up the neighbours of {n:,} photos, {start / n:.0%} done")
        found = index.search(units[start : start + _ROWS], k + 1)[1].astype(np.int32)
        ids[start : start + _ROWS] = _without_themselves(found, start)
    return ids


def _looked_at(n: int, k: int) -> int:
    """Returns the candidates looked at per search; more rows need more: 64 found .968 of a million's nearest rows."""
    return max(round(_SEARCHED_WITH * max(n / _OF_ROWS, 1) ** 0.5), 2 * k)


def _without_themselves(found: np.ndarray, start: int) -> np.ndarray:
    """Returns (r, k) of (r, k + 1) rows: each without its own number, or without the last."""
    itself = found == start + np.arange(len(found))[:, None]
    itself[~itself.any(axis=1), -1] = True
    return found[~itself].reshape(len(found), -1)


def _mirror(lists: NearestLists, ids: np.ndarray, units: np.ndarray, progress: Progress) -> None:
    """Enters each row in the lists of those in its own list, where it is more similar than another there."""
    for start in range(0, len(ids), _ROWS):
        look(progress)
        row, place = np.nonzero(ids[start : start + _ROWS] >= 0)
        other, row = ids[start + row, place], (start + row).astype(np.int32)
        new = ~(ids[other] == row[:, None]).any(axis=1)
        other, row = other[new], row[new]
        order = np.argsort(other, kind="stable")
        other, row = other[order].astype(np.int64), row[order]
        lists.offer(other, row, _similarities(units, other, row))


def _share_found(lists: NearestLists, units: np.ndarray, progress: Progress) -> float:
    (n, k), values = lists.keys.shape, lists.similarity
    rows = np.random.default_rng(0).permutation(n)[:_CHECKED]
    n_found = 0
    for start in range(0, len(rows), _CHECKED_AT_ONCE):
        look(progress)
        block = rows[start : start + _CHECKED_AT_ONCE]
        similarity = units[block] @ units.T
        similarity[np.arange(len(block)), block] = -np.inf
        least = np.partition(similarity, n - k, axis=1)[:, n - k]
        n_found += int(np.count_nonzero(values[block] >= least[:, None] - _ROUNDING))
    return n_found / (len(rows) * k)


def _similarities(units: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    found = np.empty(len(one), np.float32)
    for start in range(0, len(one), _ROWS):
        part = slice(start, start + _ROWS)
        found[part] = np.einsum("ij,ij->i", units[one[part]], units[other[part]])
    return found
