"""Finds the same photos in two lists, whatever their names, and says what changed between the two."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass

import numpy as np

from shopsim.catalog.catalog import Catalog
from shopsim.grouping.runs.record import Photos


@dataclass(frozen=True, eq=False)
class SamePhotos:
    """Photos before and after. All are rows, int64.

    before, after: (k,) rows of the same photos, by their bytes. renamed: (r, 2) those among them with another name.
    changed: (c, 2) rows of one name with other bytes. removed: rows before; added: rows after.
    """

    before: np.ndarray
    after: np.ndarray
    renamed: np.ndarray
    changed: np.ndarray
    removed: np.ndarray
    added: np.ndarray

    @property
    def is_all(self) -> bool:
        """Whether nothing changed at all."""
        return not (len(self.renamed) or len(self.changed) or len(self.removed) or len(self.added))


def photos_of(catalog: Catalog) -> Photos:
    """Returns the photos of a catalogue."""
    images = catalog.images
    return Photos(catalog.image_ids, tuple(image.digest for image in images), tuple(image.model for image in images))


def same_photos(before: Photos, after: Photos) -> SamePhotos:
    """Finds each photo again: by name and bytes, then by bytes alone, so that a renamed photo is the same photo."""
    place = {image_id: row for row, image_id in enumerate(before.image_ids)}
    same, left = [], []
    for row, (image_id, digest) in enumerate(zip(after.image_ids, after.digests, strict=True)):
        old = place.get(image_id)
        found = old is not None and before.digests[old] == digest
        (same if found else left).append((old, row))
    free = set(range(len(before.image_ids))) - {old for old, _ in same}
    of_bytes: dict[str, deque[int]] = defaultdict(deque)
    for old in sorted(free):
        of_bytes[before.digests[old]].append(old)
    renamed = [(of_bytes[digest].popleft(), row) for _, row in left if of_bytes.get(digest := after.digests[row])]
    free -= {old for old, _ in renamed}
    moved = {row for _, row in renamed}
    changed = [(old, row) for old, row in left if row not in moved and old in free]
    gone = free - {old for old, _ in changed}
    met = moved | {row for _, row in changed}
    pairs = _rows(sorted([*same, *renamed], key=lambda pair: pair[1]))
    added = [row for _, row in left if row not in met]
    return SamePhotos(
        pairs[:, 0],
        pairs[:, 1],
        _rows(renamed),
        _rows(changed),
        np.array(sorted(gone), np.int64),
        np.array(added, np.int64),
    )


def _rows(pairs: list[tuple[int, int]]) -> np.ndarray:
    return np.array(pairs, np.int64).reshape(-1, 2)
