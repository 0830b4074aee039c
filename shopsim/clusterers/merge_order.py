"""Puts the merges of a linkage into SciPy's order, and closes a forest with merges that no cut takes."""

from __future__ import annotations

import numpy as np

from shopsim.clusterers.merge_tree import APART_HEIGHT


def joined_first(
    labels: np.ndarray, names: np.ndarray, sizes: np.ndarray, next_name: int, height: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Joins groups with equal labels. Returns these merges, and the names and the sizes of what is there after them.

    labels: (m,) int64, numbered by first appearance; names: (m,) int64; sizes: (m,) float64. The merges are (k, 4)
    float64 of names, height and size, and are called next_name, next_name + 1 and so on.
    """
    first = np.unique(labels, return_index=True)[1]
    after, sizes_after = names[first].copy(), sizes[first].copy()
    more = np.setdiff1d(np.arange(len(labels)), first)
    merges = np.empty((len(more), 4))
    for number, group in enumerate(more.tolist()):
        label = labels[group]
        sizes_after[label] += sizes[group]
        merges[number] = after[label], names[group], height, sizes_after[label]
        after[label] = next_name + number
    return merges, after, sizes_after


def in_order(merges: np.ndarray, n: int) -> np.ndarray:
    """Returns (n - 1, 4) float64 merges as SciPy has them: by rising height, and named in that order.

    merges: (m, 4) float64 of names, height and size; the merge in row i is named n + i, and its parts stand before it.
    Where there are fewer than n - 1 of them, the groups that are left are joined at APART_HEIGHT.
    """
    merges = np.concatenate([merges, _joins_of_the_rest(merges, n)])
    left, right = merges[:, :2].astype(np.int64).T.tolist()
    heights = [-np.inf] * n
    for one, other, own in zip(left, right, merges[:, 2].tolist(), strict=True):
        # Rounding could let a group's height fall below that of its parts.
        heights.append(max(own, heights[one], heights[other]))
    height = np.array(heights[n:])
    order = np.argsort(height, kind="stable")
    names = np.arange(2 * n - 1)
    names[n + order] = np.arange(n, 2 * n - 1)
    parts = np.sort(names[merges[:, :2].astype(np.int64)], axis=1)[order]
    return np.concatenate([parts, height[order, None], merges[order, 3:]], axis=1)


def _joins_of_the_rest(merges: np.ndarray, n: int) -> np.ndarray:
    is_part = np.zeros(n + len(merges), dtype=bool)
    is_part[merges[:, :2].astype(np.int64)] = True
    roots = np.flatnonzero(~is_part)
    sizes = np.concatenate([np.ones(n), merges[:, 3]])[roots]
    one_label = np.zeros(len(roots), dtype=np.int64)
    return joined_first(one_label, roots, sizes, n + len(merges), APART_HEIGHT)[0]
