"""Average linkage of many groups of which most pairs have nothing in common, by the list of the other pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shopsim.base.work.progress import Progress, look, silent
from shopsim.clusterers.dense_merges import dense_merges

# So many groups are merged by the square matrix of their similarities: 32 MB.
_FEW_GROUPS = 2000
_BYTES_PER_PAIR = 72


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of groups, each once. one, other: (e,) int64, one < other.

    total: (e,) float64 above 0, the sum of the similarities over all pairs of a photo of each group.
    """

    one: np.ndarray
    other: np.ndarray
    total: np.ndarray


def sparse_merges_memory(n_pairs: int) -> int:
    """Returns the bytes at the peak: the pairs, their numbers while they are sorted, and the last square matrix."""
    return n_pairs * _BYTES_PER_PAIR + 2 * _FEW_GROUPS**2 * 8


def sparse_merges(
    pairs: Pairs,
    sizes: np.ndarray,
    names: np.ndarray,
    next_name: int,
    progress: Progress = silent,
    apart: np.ndarray | None = None,
) -> np.ndarray:
    """Returns the (a - 1, 4) merges of `a` groups into one, in no order, each with names, similarity and size.

    Pairs that are not listed have similarity 0. sizes: (a,) float64. names: (a,) int64; the merges are named next_name,
    next_name + 1 and so on. Exact: all pairs that are each other's nearest merge in one round, as in
    `linkage_by_means`. progress: may stop it.
    apart: (k, 2) int64 pairs of groups that never merge. Then there are fewer merges, and groups at similarity 0 are
    joined only where no more than 2,000 of them are left.
    """
    made, bound = [], apart is not None
    apart = np.zeros((0, 2), np.int64) if apart is None else apart
    pairs = _without(pairs, apart, len(sizes))
    while len(sizes) > _FEW_GROUPS and len(pairs.total):
        look(progress)
        mean = pairs.total / (sizes[pairs.one] * sizes[pairs.other])
        chosen = _mutual(pairs, mean, len(sizes))
        low, high = pairs.one[chosen], pairs.other[chosen]
        size = sizes[low] + sizes[high]
        made.append(np.stack([names[low], names[high], mean[chosen], size], axis=1))
        names, sizes = names.copy(), sizes.copy()
        names[low], sizes[low] = next_name + np.arange(len(low)), size
        next_name += len(low)
        left, now = _left_and_now(low, high, len(sizes))
        names, sizes, apart = names[left], sizes[left], now[apart]
        pairs = _without(_contracted(pairs, now), apart, len(sizes))
    if len(sizes) > _FEW_GROUPS:
        rest = np.zeros((0, 4)) if bound else _with_nothing_in_common(sizes, names, next_name)
        return np.concatenate([*made, rest])
    similarity = np.zeros((len(sizes), len(sizes)))
    mean = pairs.total / (sizes[pairs.one] * sizes[pairs.other])
    similarity[pairs.one, pairs.other] = similarity[pairs.other, pairs.one] = mean
    similarity[apart[:, 0], apart[:, 1]] = similarity[apart[:, 1], apart[:, 0]] = -np.inf
    return np.concatenate([*made, dense_merges(similarity, sizes, names, next_name)])


def _left_and_now(low: np.ndarray, high: np.ndarray, n_groups: int) -> tuple[np.ndarray, np.ndarray]:
    """(n_groups,) bool: which groups are left once `high` are merged into `low`, and int64: the new number of each."""
    left, now = np.ones(n_groups, dtype=bool), np.arange(n_groups)
    left[high], now[high] = False, low
    return left, (np.cumsum(left) - 1)[now]


def _without(pairs: Pairs, apart: np.ndarray, n_groups: int) -> Pairs:
    if not len(apart):
        return pairs
    low, high = np.sort(apart, axis=1).T
    kept = ~np.isin(pairs.one * n_groups + pairs.other, low * n_groups + high)
    return Pairs(pairs.one[kept], pairs.other[kept], pairs.total[kept])


def _mutual(pairs: Pairs, mean: np.ndarray, n_groups: int) -> np.ndarray:
    """Returns the numbers of disjoint pairs that are each other's nearest; of equals as many as a few tries find."""
    best = np.zeros(n_groups)
    np.maximum.at(best, pairs.one, mean)
    np.maximum.at(best, pairs.other, mean)
    open_ = np.flatnonzero((mean == best[pairs.one]) & (mean == best[pairs.other]))
    # In a random order, so that many pairs come first for both of their groups.
    open_ = np.random.default_rng(0).permutation(open_)
    chosen, free = [], np.ones(n_groups, dtype=bool)
    while len(open_):
        one, other, place = pairs.one[open_], pairs.other[open_], np.arange(len(open_))
        first = np.full(n_groups, len(open_))
        np.minimum.at(first, one, place)
        np.minimum.at(first, other, place)
        taken = (first[one] == place) & (first[other] == place)
        chosen.append(open_[taken])
        free[one[taken]] = free[other[taken]] = False
        open_ = open_[free[one] & free[other]]
    return np.concatenate(chosen)


def _contracted(pairs: Pairs, now: np.ndarray) -> Pairs:
    """Returns the pairs of the groups that are left, with summed totals. now: what each group is part of."""
    one, other = np.minimum(now[pairs.one], now[pairs.other]), np.maximum(now[pairs.one], now[pairs.other])
    n = int(now.max()) + 1
    outside = one != other
    code, place = np.unique(one[outside] * n + other[outside], return_inverse=True)
    return Pairs(*np.divmod(code, n), np.bincount(place, pairs.total[outside], len(code)))


def _with_nothing_in_common(sizes: np.ndarray, names: np.ndarray, next_name: int) -> np.ndarray:
    merges = np.zeros((len(sizes) - 1, 4))
    merges[:, 0] = np.concatenate([names[:1], next_name + np.arange(len(sizes) - 2)])
    merges[:, 1], merges[:, 3] = names[1:], np.cumsum(sizes)[1:]
    return merges
