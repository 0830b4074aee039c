"""Says what changed from one run to another: groups that grew, split, merged or vanished, and photos that moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from shopsim.grouping.runs.record import Run
from shopsim.grouping.runs.same_photos import SamePhotos, same_photos
from shopsim.grouping.runs.stable import successors

KINDS = ("merged", "split", "grew", "shrank", "new", "vanished")
OF_BEFORE = ("shrank", "vanished")
"""Kinds of changes whose photos are gone, or stand in a group that is."""


@dataclass(frozen=True)
class GroupChange:
    """One change of one group.

    before, after: the numbers of the groups that it is about, in each of the two runs.
    rows: rows of the photos it is about: in the later run, but for OF_BEFORE in the earlier one.
    """

    kind: str
    before: tuple[int, ...]
    after: tuple[int, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class RunChanges:
    """What changed from one run to another.

    photos: which photos are in both. groups: the changes of each of KINDS, most photos first; a group may have several.
    moved: (m, 2) int64 rows of the same photo before and after, whose group is not the one that its old group became.
    n_unchanged: groups that hold exactly the same photos.
    """

    photos: SamePhotos
    groups: Mapping[str, tuple[GroupChange, ...]]
    moved: np.ndarray
    n_unchanged: int


def changes_between(before: Run, after: Run) -> RunChanges:
    """Compares two runs, whether or not one lent its numbers to the other.

    Of the photos in both runs, a `merged` group has some of several groups before, and those of a `split` one stand in
    several groups after. A group that `grew` has photos that are new, and one that `shrank` lost photos that are gone.
    `new` is a group that continues none and was not split off from one, `vanished` one that goes on in none.
    """
    same = same_photos(before.photos, after.photos)
    old, new = before.groups[same.before], after.groups[same.after]
    became = {group: successor for successor, group in successors(old, new).items()}  # {group before: group after}
    followed = np.array([became.get(group, -1) for group in old.tolist()], np.int64)
    moved = np.stack([same.before, same.after], axis=1)[followed != new]
    members = _Members(before.groups, after.groups, same)
    found = [
        *members.merged(),
        *members.split(),
        *members.of_successors(became),
        *members.without_partner(became),
    ]
    groups = {kind: _most_photos_first(found, kind) for kind in KINDS}
    return RunChanges(same, groups, moved, members.n_unchanged(became))


class _Members:
    """The photos of each group in both runs: `before` and `after` hold rows by group."""

    def __init__(self, before: np.ndarray, after: np.ndarray, same: SamePhotos) -> None:
        self.before, self.after = _rows_by_group(before), _rows_by_group(after)
        self._came_from = np.full(len(after), -1, np.int64)
        self._came_from[same.after] = before[same.before]
        self._went_to = np.full(len(before), -1, np.int64)
        self._went_to[same.before] = after[same.after]
        self._row_after = np.full(len(before), -1, np.int64)
        self._row_after[same.before] = same.after

    def merged(self) -> list[GroupChange]:
        """Groups with photos of several groups before; the rows are those that are not of the largest of them."""
        found = []
        for group, rows in self.after.items():
            sources, main = _largest(self._came_from[rows])
            if len(sources) > 1:
                others = rows[(self._came_from[rows] != main) & (self._came_from[rows] >= 0)]
                found.append(GroupChange("merged", sources, (group,), _as_rows(others)))
        return found

    def split(self) -> list[GroupChange]:
        """Groups whose photos stand in several groups after; the rows are those outside the largest of them."""
        found = []
        for group, rows in self.before.items():
            targets, main = _largest(self._went_to[rows])
            if len(targets) > 1:
                left = rows[(self._went_to[rows] != main) & (self._went_to[rows] >= 0)]
                found.append(GroupChange("split", (group,), targets, _as_rows(self._row_after[left])))
        return found

    def of_successors(self, became: Mapping[int, int]) -> list[GroupChange]:
        """Groups that go on with new photos, or without photos that are gone: the rows of `shrank` are earlier ones."""
        found = []
        for old, new in became.items():
            gained = self.after[new][self._came_from[self.after[new]] < 0]
            lost = self.before[old][self._went_to[self.before[old]] < 0]
            if len(gained):
                found.append(GroupChange("grew", (old,), (new,), _as_rows(gained)))
            if len(lost):
                found.append(GroupChange("shrank", (old,), (new,), _as_rows(lost)))
        return found

    def without_partner(self, became: Mapping[int, int]) -> list[GroupChange]:
        """Groups that are new, and those that vanished, with the groups that their photos came from or went to."""
        goes_on, found = set(became.values()), []
        for group in self.after.keys() - goes_on:
            rows = self.after[group]
            sources, _ = _largest(self._came_from[rows])
            # One source only: that group was split.
            if len(sources) != 1:
                found.append(GroupChange("new", sources, (group,), _as_rows(rows)))
        for group in self.before.keys() - became.keys():
            rows = self.before[group]
            targets, _ = _largest(self._went_to[rows])
            if len(targets) != 1:
                found.append(GroupChange("vanished", (group,), targets, _as_rows(rows)))
        return found

    def n_unchanged(self, became: Mapping[int, int]) -> int:
        """How many groups hold exactly the same photos."""
        return sum(
            len(self.before[old]) == len(self.after[new]) and bool((self._went_to[self.before[old]] == new).all())
            for old, new in became.items()
        )


def _rows_by_group(groups: np.ndarray) -> dict[int, np.ndarray]:
    order = np.argsort(groups, kind="stable")
    numbers, starts = np.unique(groups[order], return_index=True)
    return dict(zip(numbers.tolist(), np.split(order, starts[1:]), strict=True)) if len(groups) else {}


def _largest(groups: np.ndarray) -> tuple[tuple[int, ...], int]:
    """The distinct groups, the one with most photos first, and that one; -1 stands for no group and is left out."""
    numbers, counts = np.unique(groups[groups >= 0], return_counts=True)
    ordered = numbers[np.argsort(-counts, kind="stable")].tolist()
    return tuple(ordered), ordered[0] if ordered else -1


def _as_rows(rows: np.ndarray) -> tuple[int, ...]:
    return tuple(rows.tolist())


def _most_photos_first(found: list[GroupChange], kind: str) -> tuple[GroupChange, ...]:
    of_kind = [change for change in found if change.kind == kind]
    return tuple(sorted(of_kind, key=lambda change: (-len(change.rows), change.before, change.after)))
