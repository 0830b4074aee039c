"""The groups that never merge with each other, while groups merge."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np


class ApartGroups:
    """For each slot the slots whose groups never merge with its group. They are few, since people name them."""

    def __init__(self, pairs: np.ndarray, n_slots: int) -> None:
        """pairs: (m, 2) int64 slots."""
        self._others: dict[int, set[int]] = {}
        for one, other in pairs.tolist():
            self._others.setdefault(one, set()).add(other)
            self._others.setdefault(other, set()).add(one)
        self._has = np.zeros(n_slots, dtype=bool)
        self._has[list(self._others)] = True

    def slots(self) -> list[int]:
        """Every slot that never merges with some other one."""
        return list(self._others)

    def of(self, slot: int) -> np.ndarray:
        """(m,) int64 slots that never merge with this one."""
        return np.fromiter(self._others.get(slot, ()), np.int64)

    def has(self, slots: np.ndarray) -> np.ndarray:
        """(m,) bool: whether each slot never merges with some other one."""
        return self._has[slots]

    def are(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """(m,) bool: whether each pair of slots never merges."""
        result = self._has[one] & self._has[other]
        for place in np.flatnonzero(result).tolist():
            result[place] = int(other[place]) in self._others[int(one[place])]
        return result

    def pairs(self) -> np.ndarray:
        """(m, 2) int64 pairs of slots, each once."""
        found = [(one, other) for one, others in self._others.items() for other in others if one < other]
        return np.array(found, dtype=np.int64).reshape(-1, 2)

    def merge(self, low: np.ndarray, high: np.ndarray) -> None:
        """Gives the first slot of each pair what the second one had."""
        for kept, gone in zip(low[self._has[high]].tolist(), high[self._has[high]].tolist(), strict=True):
            others = self._take(gone)
            for other in others:
                self._others[other].add(kept)
            self._others.setdefault(kept, set()).update(others)
            self._has[kept] = True

    def forget(self, slots: Iterable[int]) -> None:
        """Leaves out groups that are finished."""
        for slot in map(int, slots):
            self._take(slot)

    def _take(self, slot: int) -> set[int]:
        others = self._others.pop(slot, set())
        self._has[slot] = False
        for other in others:
            self._others[other].discard(slot)
        return others
