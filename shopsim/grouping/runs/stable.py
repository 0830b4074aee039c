"""Gives groups the numbers that they had in the run before, by the photos that they share with its groups."""

from __future__ import annotations

import numpy as np


def successors(before: np.ndarray, after: np.ndarray) -> dict[int, int]:
    """Says which group after is which group before: {group after: group before}, one to one.

    before, after: (k,) integer groups of the same photos. The pair with the most photos in common is taken first, of
    equals the pair with the larger share of common photos, then the lower number. A pair counts if it has more than
    half of the photos of one of its two groups.
    """
    if not len(before):
        return {}
    pairs, counts = np.unique(np.stack([before, after]), axis=1, return_counts=True)
    of_before = _sizes(before)[np.searchsorted(np.unique(before), pairs[0])]
    of_after = _sizes(after)[np.searchsorted(np.unique(after), pairs[1])]
    share = counts / (of_before + of_after - counts)
    counts_enough = (2 * counts > of_before) | (2 * counts > of_after)
    found: dict[int, int] = {}
    taken: set[int] = set()
    for at in np.lexsort((pairs[1], pairs[0], -share, -counts)).tolist():
        old, new = int(pairs[0, at]), int(pairs[1, at])
        if counts_enough[at] and new not in found and old not in taken:
            found[new] = old
            taken.add(old)
    return found


def renumbered(labels_pred: np.ndarray, lent: dict[int, int], first_free: int) -> np.ndarray:
    """(n,) int64: the groups under the numbers that `successors` found; others are numbered from `first_free`."""
    numbers, free = dict(lent), first_free
    for group in np.unique(labels_pred).tolist():
        if group not in numbers:
            numbers[group] = free
            free += 1
    groups, inverse = np.unique(labels_pred, return_inverse=True)
    return np.array([numbers[group] for group in groups.tolist()], np.int64)[inverse]


def _sizes(groups: np.ndarray) -> np.ndarray:
    return np.unique(groups, return_counts=True)[1]
