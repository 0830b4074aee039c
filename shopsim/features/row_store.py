"""Rows of numbers on disk, one for each (extractor key, photo digest), batched into shards.

A shard is one file, `NAME.rows`; NAME is a digest of the photos: two processes that write the same photos write the
same file. Small shards are merged into large ones, the large one written before the small ones go; a reader that sees
the folder change meanwhile looks again. A row whose checksum is wrong is a miss and is taken out of its shard.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from shopsim.base.disk.damage import note_damage
from shopsim.base.disk.files import write_bytes
from shopsim.base.disk.store import digest_of
from shopsim.base.disk.sweep import sweep_unfinished
from shopsim.base.errors import ShopsimError
from shopsim.features.row_reader import RowReader
from shopsim.features.row_shard import PHOTO_TYPE, SUFFIX, Shard, open_shard, row_sums, write_shard

_SMALL = 2048
_LARGE = 8192
_LARGE_BYTES = 2**28
"""What is joined at once is in memory three times over."""
_MERGE_FROM = 16
_LOOKS = 8
_FORM = "rows 2"
"""Part of the folder's name: what earlier versions wrote has no checksums and is not read."""


class RowStore:
    """The rows of one extractor.

    kind: the folder of `root` they lie in; row_type: of a number, float16 where rows are long and need no more.
    """

    def __init__(
        self, root: Path, key: str, n_features: int, kind: str = "features", row_type: type = np.float32
    ) -> None:
        self.n_features = n_features
        self._folder = root / kind / digest_of(_FORM, key, n_features)
        self._key = key
        self._type = np.dtype(row_type)

    def holds(self, digests: Sequence[str]) -> np.ndarray:
        """(n,) bool, whether there is a sound row of each photo; rows are looked at on the disk, none is copied."""
        return self._find(digests, None)

    def read(self, digests: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """((n,) bool found, (n, n_features) rows, zero where not found)."""
        rows = np.zeros((len(digests), self.n_features), self._type)
        return self._find(digests, rows), rows

    def reader(self, digests: Sequence[str]) -> RowReader:
        """Reads rows of these photos as they are asked for. Raises KeyError if one is not there."""
        wanted = np.array(digests, PHOTO_TYPE)
        opened = [(shard, rows) for shard in self._shards(self._listing()) if (rows := shard.rows()) is not None]
        photos = _photos([shard for shard, _ in opened])
        order = np.argsort(photos, kind="stable")
        place = np.minimum(np.searchsorted(photos, wanted, sorter=order), max(len(order) - 1, 0))
        if not len(photos) or (photos[order[place]] != wanted).any():
            raise KeyError("not every photo has its row")
        return RowReader(
            [rows for _, rows in opened], order[place], np.concatenate([shard.sums for shard, _ in opened])
        )

    def write(self, digests: Sequence[str], rows: np.ndarray) -> str:
        """Keep rows (m, n_features) of m different photos; gives the shard's name.

        Raises ShopsimError if the disk refuses.
        """
        if not (self._folder / "key.txt").is_file():
            write_bytes(self._folder / "key.txt", self._key.encode())
        name = digest_of(*digests)
        write_shard(self._folder / f"{name}{SUFFIX}", digests, np.ascontiguousarray(rows, self._type))
        return name

    def merge(self) -> None:
        """Join small shards once there are many, so that opening 10,000 photos opens a few files."""
        large = max(2, min(_LARGE, _LARGE_BYTES // max(1, self.n_features * self._type.itemsize)))
        small = [shard for shard in self._shards(self._listing()) if len(shard.photos) < min(_SMALL, large)]
        if len(small) >= _MERGE_FROM:
            while small:
                batch: list[Shard] = []
                while small and sum(len(shard.photos) for shard in batch) < large:
                    batch.append(small.pop())
                self._join(batch)
        sweep_unfinished(self._folder)

    def _join(self, shards: Sequence[Shard]) -> None:
        """Write the sound rows as one shard, then remove theirs; one that has gone meanwhile is in another's."""
        parts = [(shard, rows, self._sound(shard, rows)) for shard in shards if (rows := shard.rows()) is not None]
        photos = np.concatenate([np.empty(0, PHOTO_TYPE), *(shard.photos[sound] for shard, _, sound in parts)])
        kept = ""
        if len(photos):
            photos, first = np.unique(photos, return_index=True)
            rows = np.concatenate([rows[sound] for _, rows, sound in parts])[first]
            kept = self.write([digest.decode() for digest in photos], rows)
        for shard, _, _ in parts:
            if shard.name != kept:
                shard.remove()

    def _sound(self, shard: Shard, rows: np.ndarray) -> np.ndarray:
        """(m,) bool, which of all rows of a shard are as they were written; says so if one is not."""
        sound = row_sums(rows, len(rows)) == shard.sums
        if not sound.all():
            note_damage(shard.path)
        return sound

    def _find(self, digests: Sequence[str], rows: np.ndarray | None) -> np.ndarray:
        """(n,) bool, which photos have a sound row; copies it into `rows` (n, n_features) if given."""
        wanted = np.array(digests, PHOTO_TYPE)
        found = np.zeros(len(wanted), bool)
        for _ in range(_LOOKS):
            listing = self._listing()
            damaged = self._find_among(self._shards(listing), wanted, found, rows)
            for shard in damaged:
                with suppress(ShopsimError):  # A cache that can only be read stays as it is.
                    self._join([shard])
            if found.all() or self._listing() == listing:
                break
        return found

    def _find_among(
        self, shards: list[Shard], wanted: np.ndarray, found: np.ndarray, rows: np.ndarray | None
    ) -> list[Shard]:
        """One search over all photos; again without damaged rows, whose photos others may hold. Shards with such."""
        damaged = []
        while shards and not found.all():
            photos = _photos(shards)
            starts = np.cumsum([0] + [len(shard.photos) for shard in shards])
            order = np.argsort(photos, kind="stable")
            seeking = np.flatnonzero(~found)
            place = order[np.minimum(np.searchsorted(photos, wanted[seeking], sorter=order), len(order) - 1)]
            hit = photos[place] == wanted[seeking]
            if not hit.any():
                break
            seeking, place = seeking[hit], place[hit]
            holder = np.searchsorted(starts, place, side="right") - 1
            for number in np.unique(holder).tolist():
                here = holder == number
                if not _take(shards[number], place[here] - starts[number], seeking[here], found, rows):
                    damaged.append(shards[number])
        return damaged

    def _listing(self) -> list[Path]:
        try:
            return sorted(self._folder.glob(f"*{SUFFIX}"))
        except FileNotFoundError:  # It is being cleared.
            return []

    def _shards(self, paths: list[Path]) -> list[Shard]:
        """Those that are still there and whose entries are sound."""
        opened = (open_shard(path, self.n_features, self._type) for path in paths)
        return [shard for shard in opened if shard is not None]


def _take(shard: Shard, local: np.ndarray, seeking: np.ndarray, found: np.ndarray, rows: np.ndarray | None) -> bool:
    """Note as found, and copy to `rows[seeking]` if given, those of the shard's rows that are sound; whether all are.

    What is gone or damaged loses its photo here, so that the next search does not find it again.
    """
    stored = shard.rows()
    if stored is None:
        shard.photos[:] = b""
        return True
    taken = (stored[row] for row in local) if rows is None else stored[local]
    sound = row_sums(taken, len(local)) == shard.sums[local]
    if rows is not None:
        rows[seeking[sound]] = taken if sound.all() else taken[sound]
    found[seeking[sound]] = True
    shard.photos[local[~sound]] = b""
    return bool(sound.all())


def _photos(shards: Sequence[Shard]) -> np.ndarray:
    """(m,) digests of all rows, one shard after the other."""
    return np.concatenate([np.empty(0, PHOTO_TYPE), *(shard.photos for shard in shards)])
