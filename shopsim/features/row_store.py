"""Stores feature rows on disk, one per (extractor key, photo digest), in files called shards.

A shard is one file, `NAME.rows`. NAME is a digest of the photos, so two processes that write the same photos write the
same file. Small shards are merged into large ones: the large one is written before the small ones are deleted. A reader
that sees the folder change meanwhile looks again. A row with a wrong checksum is a miss and is removed from its shard.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
"""Shards that are joined at once are in memory three times."""
_MERGE_FROM = 16
_LOOKS = 8
_FORM = "rows 2"
"""Part of the folder's name; earlier versions wrote rows without checksums, which are not read."""


class RowStore:
    """The rows of one extractor.

    kind: the name of their folder in `root`; row_type: the type of a number, float16 where that is precise enough.
    """

    def __init__(
        self, root: Path, key: str, n_features: int, kind: str = "features", row_type: type = np.float32
    ) -> None:
        self.n_features = n_features
        self.root, self.key = root, key
        self._folder = root / kind / digest_of(_FORM, key, n_features)
        self._type = np.dtype(row_type)

    def files(self) -> tuple[Path, ...]:
        """The shards that are there now."""
        return tuple(self._listing())

    def lists(self, digests: Sequence[str] | np.ndarray) -> bool:
        """Whether there is a row of every photo; rows are not read, so a damaged one counts."""
        wanted = np.array(digests, PHOTO_TYPE)
        return any(np.isin(wanted, _photos(shards)).all() for shards in self._looks())

    def holds(self, digests: Sequence[str]) -> np.ndarray:
        """(n,) bool, whether there is an intact row of each photo; rows are checked on disk and not copied."""
        return self._find(digests, None)

    def read(self, digests: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """((n,) bool found, (n, n_features) rows, zeros where not found)."""
        rows = np.zeros((len(digests), self.n_features), self._type)
        return self._find(digests, rows), rows

    def reader(self, digests: Sequence[str] | np.ndarray, lets_go: bool = False) -> RowReader:
        """Returns a reader of these photos' rows; lets_go: as there. Raises KeyError if a row is missing."""
        wanted = np.array(digests, PHOTO_TYPE)
        for shards in self._looks():
            opened = [(shard, rows) for shard in shards if (rows := shard.rows()) is not None]
            photos = _photos([shard for shard, _ in opened])
            order = np.argsort(photos, kind="stable")
            place = np.minimum(np.searchsorted(photos, wanted, sorter=order), max(len(order) - 1, 0))
            if len(photos) and (photos[order[place]] == wanted).all():
                sums = np.concatenate([shard.sums for shard, _ in opened])
                return RowReader([rows for _, rows in opened], order[place], sums, lets_go)
        raise KeyError("not every photo has its row")

    def write(self, digests: Sequence[str], rows: np.ndarray) -> str:
        """Stores rows (m, n_features) of m different photos; returns the shard's name.

        Raises ShopsimError if the disk refuses.
        """
        if not (said := self._folder / "key.txt").is_file():
            write_bytes(said, self.key.encode())
        name = digest_of(*digests)
        write_shard(self._folder / f"{name}{SUFFIX}", digests, np.ascontiguousarray(rows, self._type))
        return name

    def merge(self) -> None:
        """Joins small shards once there are many, so that opening 10,000 photos opens only a few files."""
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
        """Writes the intact rows as one shard, then removes the old shards; another process may have joined some."""
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
        """(m,) bool, which rows of a shard are intact; reports the damage if one is not."""
        sound = row_sums(rows, len(rows)) == shard.sums
        if not sound.all():
            note_damage(shard.path)
        return sound

    def _find(self, digests: Sequence[str], rows: np.ndarray | None) -> np.ndarray:
        """(n,) bool, which photos have an intact row; copies it into `rows` (n, n_features) if given."""
        wanted = np.array(digests, PHOTO_TYPE)
        found = np.zeros(len(wanted), bool)
        for shards in self._looks():
            for shard in self._find_among(shards, wanted, found, rows):
                with suppress(ShopsimError):  # A read-only cache stays as it is.
                    self._join([shard])
            if found.all():
                break
        return found

    def _find_among(
        self, shards: list[Shard], wanted: np.ndarray, found: np.ndarray, rows: np.ndarray | None
    ) -> list[Shard]:
        """Searches all photos; again without damaged rows, which other shards may have. Returns the damaged shards."""
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

    def _looks(self) -> Iterator[list[Shard]]:
        """The shards; once more each time that the folder has changed meanwhile, _LOOKS times at most."""
        for _ in range(_LOOKS):
            listing = self._listing()
            yield self._shards(listing)
            if self._listing() == listing:
                return

    def _listing(self) -> list[Path]:
        try:
            return sorted(self._folder.glob(f"*{SUFFIX}"))
        except FileNotFoundError:  # Somebody clears the cache just now.
            return []

    def _shards(self, paths: list[Path]) -> list[Shard]:
        """The shards that still exist and have intact entries."""
        opened = (open_shard(path, self.n_features, self._type) for path in paths)
        return [shard for shard in opened if shard is not None]


def _take(shard: Shard, local: np.ndarray, seeking: np.ndarray, found: np.ndarray, rows: np.ndarray | None) -> bool:
    """Marks the shard's intact rows as found, copies them to `rows[seeking]` if given; returns whether all are intact.

    A missing or damaged row loses its photo here, so that the next search does not find it again.
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
    """(m,) photo digests of all rows, shard by shard."""
    return np.concatenate([np.empty(0, PHOTO_TYPE), *(shard.photos for shard in shards)])
