"""Says what becomes of groups when all photos are grouped from scratch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Difference:
    """What changed from one grouping of the same photos to another.

    heir: (n_after,) int64, for each group afterwards the group before that it continues, -1 of a new one: the group
    before with which it shares most photos, if that group has no larger part elsewhere.
    same, grew, shrank: groups before that go on with the same photos, with more, or with fewer, (k,) int64.
    split: groups before whose photos are in several groups afterwards. merged: groups afterwards with photos of several
    groups before. new: groups afterwards that continue none. gone: groups before that no group continues.
    moved: (k,) int64 places of the photos that are not in the group that continues theirs.
    """

    heir: np.ndarray
    same: np.ndarray
    grew: np.ndarray
    shrank: np.ndarray
    split: np.ndarray
    merged: np.ndarray
    new: np.ndarray
    gone: np.ndarray
    moved: np.ndarray


def difference(before: np.ndarray, after: np.ndarray) -> Difference:
    """Compares two groupings of the same n photos, both (n,) int64; numbers of groups may have gaps."""
    olds, news = np.unique(before), np.unique(after)
    pairs, shared = np.unique(np.stack([before, after]), axis=1, return_counts=True)
    heir = _heirs(pairs, shared)
    continued = {old: new for new, old in heir.items()}
    size_before, size_after = _sizes(before), _sizes(after)
    parts = np.unique(pairs[0], return_counts=True)
    sources = np.unique(pairs[1], return_counts=True)
    kept = {
        old: n for (old, new), n in zip(pairs.T.tolist(), shared.tolist(), strict=True) if continued.get(old) == new
    }
    kinds: dict[str, list[int]] = {"same": [], "grew": [], "shrank": []}
    for old, new in sorted(continued.items()):
        if size_before[old] == size_after[new] == kept[old]:
            kinds["same"].append(old)
        elif size_after[new] != size_before[old]:
            kinds["grew" if size_after[new] > size_before[old] else "shrank"].append(old)
    heirs = np.array([heir.get(new, -1) for new in news.tolist()], np.int64)
    stays = np.array([heir.get(new, -1) for new in after.tolist()], np.int64) == before
    return Difference(
        heirs,
        *(np.array(kinds[kind], np.int64) for kind in ("same", "grew", "shrank")),
        split=parts[0][parts[1] > 1],
        merged=sources[0][sources[1] > 1],
        new=news[heirs < 0],
        gone=np.array([old for old in olds.tolist() if old not in continued], np.int64),
        moved=np.flatnonzero(~stays),
    )


def _heirs(pairs: np.ndarray, shared: np.ndarray) -> dict[int, int]:
    """Returns the group before by the group afterwards that continues it; the pairs that share most come first."""
    heir: dict[int, int] = {}
    taken: set[int] = set()
    for place in np.lexsort((pairs[1], pairs[0], -shared)).tolist():
        old, new = pairs[:, place].tolist()
        if old not in taken and new not in heir:
            heir[new] = old
            taken.add(old)
    return heir


def _sizes(labels: np.ndarray) -> dict[int, int]:
    groups, counts = np.unique(labels, return_counts=True)
    return dict(zip(groups.tolist(), counts.tolist(), strict=True))
