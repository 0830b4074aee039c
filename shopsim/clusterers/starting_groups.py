"""The groups that an average linkage by means starts from: photos put together by people, and equal photos."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shopsim.base.labels import by_first_appearance
from shopsim.base.rows import distinct_rows, unit_rows
from shopsim.clusterers.bindings import Bindings
from shopsim.clusterers.merge_order import joined_first
from shopsim.clusterers.merge_tree import BOUND_HEIGHT


@dataclass(frozen=True, eq=False)
class StartingGroups:
    """m groups of n photos, in the order in which they first appear.

    group: (n,) int64, the group of each photo. rows: (m, d) float32, the mean of each group's unit rows. sizes: (m,)
    float64. names: (m,) int64, what merges call them. apart: (k, 2) int64 pairs of groups that never merge.
    merges: (n - m, 4) float64 merges that made them, as `in_order` takes them.
    """

    group: np.ndarray
    rows: np.ndarray
    sizes: np.ndarray
    names: np.ndarray
    apart: np.ndarray
    merges: np.ndarray

    def means_of(self, values: np.ndarray) -> np.ndarray:
        """(m,) float32: each group's mean of (n,) values, one per photo."""
        return (np.bincount(self.group, values) / self.sizes).astype(np.float32)


def starting_groups(vectors: np.ndarray, bindings: Bindings | None) -> StartingGroups:
    """Returns the closures of the bindings, and groups of equal photos. vectors: (n, d) float32.

    Equal photos are joined at height 0. A closure of photos that are not all equal starts as a group of its own.
    """
    first, identity = distinct_rows(vectors)
    group, merges, names, sizes = first_merges(identity, bindings)
    apart = np.zeros((0, 2), np.int64) if bindings is None else apart_groups(bindings, group)
    rows = unit_rows(vectors[first]) if bindings is None else _means(vectors, group)
    return StartingGroups(group, rows, sizes, names, apart, merges)


def first_merges(
    identity: np.ndarray, bindings: Bindings | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Joins closures, then equal photos. identity: (n,) int64 by first appearance, the same number for equal photos.

    Returns the group of each photo by first appearance, the merges, and the names and sizes of the groups.
    """
    n = len(identity)
    if bindings is None:
        return identity, *joined_first(identity, np.arange(n), np.ones(n), n, 0.0)
    bound, names, sizes = joined_first(bindings.closure, np.arange(n), np.ones(n), n, BOUND_HEIGHT)
    of_closure = _groups_of_closures(bindings, identity)
    copies, names, sizes = joined_first(of_closure, names, sizes, n + len(bound), 0.0)
    return of_closure[bindings.closure], np.concatenate([bound, copies]), names, sizes


def apart_groups(bindings: Bindings, group: np.ndarray) -> np.ndarray:
    """(k, 2) int64 pairs of groups that never merge. group: (n,) as `first_merges` gives it."""
    first = np.unique(bindings.closure, return_index=True)[1]
    return np.unique(np.sort(group[first][bindings.apart], axis=1), axis=0)


def _groups_of_closures(bindings: Bindings, identity: np.ndarray) -> np.ndarray:
    """(n_closures,) int64: closures of equal photos share a group, except those that stay apart."""
    first = np.unique(bindings.closure, return_index=True)[1]
    lowest, highest = identity[first].copy(), identity[first].copy()
    np.minimum.at(lowest, bindings.closure, identity)
    np.maximum.at(highest, bindings.closure, identity)
    # A closure of different photos equals nothing else, so its number is one that no photo has.
    kind = np.where(lowest == highest, lowest, len(identity) + np.arange(len(first)))
    others: dict[int, set[int]] = {}
    for one, other in bindings.apart.tolist():
        others.setdefault(one, set()).add(other)
        others.setdefault(other, set()).add(one)
    numbers, made = np.empty(len(kind), np.int64), {}
    for closure, own in enumerate(kind.tolist()):
        # The first group of such photos that holds nothing it must stay apart from.
        groups = made.setdefault(own, [])
        place = next((at for at, (_, held) in enumerate(groups) if not held & others.get(closure, set())), len(groups))
        if place == len(groups):
            groups.append((closure, set()))
        number, held = groups[place]
        held.add(closure)
        numbers[closure] = number
    return by_first_appearance(numbers)


def _means(vectors: np.ndarray, group: np.ndarray) -> np.ndarray:
    first = np.unique(group, return_index=True)[1]
    units = unit_rows(vectors)
    means = units[first]
    order = np.argsort(group, kind="stable")
    ends = np.cumsum(np.bincount(group))
    for number in np.flatnonzero(np.bincount(group) > 1).tolist():
        photos = order[ends[number - 1] if number else 0 : ends[number]]
        if (vectors[photos] != vectors[photos[0]]).any():
            means[number] = units[photos].mean(axis=0, dtype=np.float64)
    return means
