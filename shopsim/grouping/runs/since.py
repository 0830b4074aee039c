"""Says exactly which photos changed since a run was kept, and whether the same settings still give the same groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shopsim.base.labels import by_first_appearance
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.runs.making import as_in
from shopsim.grouping.runs.record import Photos, Run
from shopsim.grouping.runs.same_photos import photos_of, same_photos

_MOST_NAMED = 3


@dataclass(frozen=True)
class Since:
    """What changed since a run was kept.

    added, removed, changed: image_ids; renamed: (old, new) pairs of them. same_groups: whether the photos that are
    still the same are grouped as they were.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    same_groups: bool = True

    @property
    def sentences(self) -> list[str]:
        """Says it for people: one sentence per kind of change, or one that nothing changed."""
        told = [
            _told(names, one, many)
            for names, one, many in (
                (self.added, "1 photo is new: {names}.", "{n:,} photos are new: {names}."),
                (self.removed, "1 photo is gone: {names}.", "{n:,} photos are gone: {names}."),
                (self.changed, "1 photo has other content: {names}.", "{n:,} photos have other content: {names}."),
                (
                    tuple(f"{old} → {new}" for old, new in self.renamed),
                    "1 photo has another name: {names}.",
                    "{n:,} photos have other names: {names}.",
                ),
            )
            if names
        ]
        if not told:
            told = ["The photos are the same as when the run was kept."]
        return [*told, _GROUPS[self.same_groups]]


_GROUPS = {
    True: "The groups of these photos are the same as in the run.",
    False: "The groups of these photos are not the same as in the run.",
}


def photos_since(run: Run, photos: Photos) -> Since:
    """Compares the photos of a run with the photos as they are now; groups are not looked at."""
    same = same_photos(run.photos, photos)
    old, new = run.photos.image_ids, photos.image_ids
    return Since(
        tuple(new[row] for row in same.added),
        tuple(old[row] for row in same.removed),
        tuple(new[row] for _, row in same.changed),
        tuple((old[before], new[after]) for before, after in same.renamed),
    )


def grouped_since(run: Run, grouping: Grouping) -> tuple[np.ndarray, Since]:
    """Returns (n,) int64 groups of the grouping under the numbers of the run, and what changed since."""
    photos = photos_of(grouping.fitted.catalog)
    same, since = same_photos(run.photos, photos), photos_since(run, photos)
    before = by_first_appearance(run.groups[same.before])
    after = by_first_appearance(grouping.labels_pred[same.after])
    numbered = as_in(run, photos, grouping.labels_pred)
    kept = Since(since.added, since.removed, since.changed, since.renamed, bool((before == after).all()))
    return numbered, kept


def _told(names: tuple[str, ...], one: str, many: str) -> str:
    listed = ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")
    return (one if len(names) == 1 else many).format(n=len(names), names=listed)
