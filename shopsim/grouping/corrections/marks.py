"""Names and approvals: each is given to a set of photos, and finds its group again by these photos."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from shopsim.grouping.corrections.action import Action


@dataclass(frozen=True)
class Mark:
    """The name or the approval of one group.

    action: the one that gave it. n_joined: photos of the group that were not there then. n_left: photos that were
    there then, and are in another group now. Photos that are not in the catalogue count for neither.
    """

    action: Action
    n_joined: int
    n_left: int

    @property
    def has_changed(self) -> bool:
        """Whether the group has other photos than when it got the mark."""
        return bool(self.n_joined or self.n_left)


def marks_of(actions: Iterable[Action], kind: str, keys: Sequence[str], labels_pred: np.ndarray) -> dict[int, Mark]:
    """Returns the marks of one kind, NAME or APPROVE, by the number of the group.

    keys: of the photos; labels_pred: (n,) int64 groups from 0. A mark goes to the group that has more than half of its
    photos, else it has no group for now. Of several marks of one group, the latest counts.
    """
    rows: dict[str, list[int]] = {}
    for row, key in enumerate(keys):
        rows.setdefault(key, []).append(row)
    sizes, found = np.bincount(labels_pred), dict[int, Mark]()
    valid = (each for each in actions if each.kind == kind and not each.undone)
    for each in sorted(valid, key=lambda given: -given.number):
        present = [row for key in each.photos for row in rows.get(key, ())]
        if not present:
            continue
        counts = np.bincount(labels_pred[present])
        group, inside = int(counts.argmax()), int(counts.max())
        if 2 * inside > len(present) and group not in found:
            found[group] = Mark(each, int(sizes[group]) - inside, len(present) - inside)
    return found
