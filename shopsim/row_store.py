"""Rows of numbers on disk, one for each (extractor key, photo digest), batched into shards.

A shard is two files: `NAME.npy` (m rows) and, written after it and removed before it, `NAME.ids.npy` (m digests), so
that ids without rows mean a damaged shard. NAME is a digest of the ids: two processes that write the same photos
write the same files. Small shards are merged into large ones, the large one written before the small ones go; a
reader that sees the folder change meanwhile looks again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from shopsim.atomic import sweep_abandoned, write_bytes
from shopsim.store import digest_of, load_array, save_array

_SMALL = 2048
_LARGE = 8192
_LARGE_BYTES = 2**28
"""What is joined at once is in memory three times over."""
_MERGE_FROM = 16
_LOOKS = 8
_IDS = ".ids.npy"
_ID_TYPE = np.dtype("S32")
# Half-written files older than this belong to a process that was killed.
_ABANDONED_S = 3600.0


@dataclass(frozen=True)
class _Shard:
    folder: Path
    name: str
    ids: np.ndarray

    def remove(self) -> None:
        (self.folder / f"{self.name}{_IDS}").unlink(missing_ok=True)
        (self.folder / f"{self.name}.npy").unlink(missing_ok=True)


class RowReader:
    """Rows on disk by number, none held in memory; what is read stays readable if shards are merged meanwhile."""

    def __init__(self, shards: Sequence[np.ndarray], places: np.ndarray) -> None:
        self._shards = shards
        self._starts = np.cumsum([0] + [len(rows) for rows in shards])
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, numbers: np.ndarray) -> np.ndarray:
        """(b,) numbers of photos -> (b, n_features) rows."""
        places = self._places[numbers]
        holder = np.searchsorted(self._starts, places, side="right") - 1
        rows = np.empty((len(places), self._shards[0].shape[1]), self._shards[0].dtype)
        for number in np.unique(holder):
            here = holder == number
            rows[here] = self._shards[number][places[here] - self._starts[number]]
        return rows


class RowStore:
    """The rows of one extractor.

    kind: the folder of `root` they lie in; row_type: of a number, float16 where rows are long and need no more.
    """

    def __init__(
        self, root: Path, key: str, n_features: int, kind: str = "features", row_type: type = np.float32
    ) -> None:
        self.n_features = n_features
        self._folder = root / kind / digest_of(key, n_features)
        self._key = key
        self._type = np.dtype(row_type)

    def holds(self, digests: Sequence[str]) -> np.ndarray:
        """(n,) bool, whether there is a row of each photo; no row is read."""
        return self._find(digests, None)

    def read(self, digests: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """((n,) bool found, (n, n_features) rows, zero where not found)."""
        rows = np.zeros((len(digests), self.n_features), self._type)
        return self._find(digests, rows), rows

    def reader(self, digests: Sequence[str]) -> RowReader:
        """Reads rows of these photos as they are asked for. Raises KeyError if one is not there."""
        wanted = np.array(digests, _ID_TYPE)
        shards = self._shards(self._listing())
        opened = [(shard, rows) for shard in shards if (rows := self._rows(shard, mmap=True)) is not None]
        ids = np.concatenate([np.empty(0, _ID_TYPE), *(shard.ids for shard, _ in opened)])
        order = np.argsort(ids, kind="stable")
        place = np.minimum(np.searchsorted(ids, wanted, sorter=order), max(len(order) - 1, 0))
        if not len(ids) or (ids[order[place]] != wanted).any():
            raise KeyError("not every photo has its row")
        return RowReader([rows for _, rows in opened], order[place])

    def write(self, digests: Sequence[str], rows: np.ndarray) -> str:
        """Keep rows (m, n_features) of m different photos; gives the shard's name.

        Raises ShopsimError if the disk refuses.
        """
        if not (self._folder / "key.txt").is_file():
            write_bytes(self._folder / "key.txt", self._key.encode())
        name = digest_of(*digests)
        save_array(self._folder / f"{name}.npy", np.asarray(rows, self._type))
        save_array(self._folder / f"{name}{_IDS}", np.array(digests, _ID_TYPE))
        return name

    def merge(self) -> None:
        """Join small shards once there are many, so that opening 10,000 photos opens a few files."""
        large = max(2, min(_LARGE, _LARGE_BYTES // max(1, self.n_features * self._type.itemsize)))
        small = [shard for shard in self._shards(self._listing()) if len(shard.ids) < min(_SMALL, large)]
        loaded = [(shard, self._rows(shard, mmap=True)) for shard in small]
        # A damaged shard stays; so does one whose rows another process is just merging away.
        whole = [shard for shard, rows in loaded if rows is not None]
        del loaded
        if len(whole) >= _MERGE_FROM:
            while whole:
                batch: list[_Shard] = []
                while whole and sum(len(shard.ids) for shard in batch) < large:
                    batch.append(whole.pop())
                self._join(batch)
        sweep_abandoned(self._folder, ".*.tmp", _ABANDONED_S)

    def _join(self, shards: list[_Shard]) -> None:
        """Write the shards as one, then remove them; one that has gone meanwhile is in another's joined one."""
        parts = [(shard, rows) for shard in shards if (rows := self._rows(shard)) is not None]
        if not parts:
            return
        ids, first = np.unique(np.concatenate([shard.ids for shard, _ in parts]), return_index=True)
        rows = np.concatenate([part for _, part in parts])[first]
        kept = self.write([digest.decode() for digest in ids], rows)
        for shard, _ in parts:
            if shard.name != kept:
                shard.remove()

    def _find(self, digests: Sequence[str], rows: np.ndarray | None) -> np.ndarray:
        """(n,) bool, which photos have a row; copies it into `rows` (n, n_features) if given."""
        wanted = np.array(digests, _ID_TYPE)
        found = np.zeros(len(wanted), bool)
        for _ in range(_LOOKS):
            listing = self._listing()
            self._find_among(self._shards(listing), wanted, found, rows)
            if found.all() or self._listing() == listing:
                break
        return found

    def _find_among(self, shards: list[_Shard], wanted: np.ndarray, found: np.ndarray, rows: np.ndarray | None) -> None:
        """One search over all ids; searched again without the damaged shards, whose photos others may hold."""
        while shards and not found.all():
            ids = np.concatenate([shard.ids for shard in shards])
            starts = np.cumsum([0] + [len(shard.ids) for shard in shards])
            order = np.argsort(ids, kind="stable")
            seeking = np.flatnonzero(~found)
            place = order[np.minimum(np.searchsorted(ids, wanted[seeking], sorter=order), len(order) - 1)]
            hit = ids[place] == wanted[seeking]
            seeking, place = seeking[hit], place[hit]
            holder = np.searchsorted(starts, place, side="right") - 1
            damaged = set()
            for number in np.unique(holder).tolist():
                stored = self._rows(shards[number], mmap=True)
                if stored is None:
                    damaged.add(number)
                    continue
                here = holder == number
                if rows is not None:
                    rows[seeking[here]] = stored[place[here] - starts[number]]
                found[seeking[here]] = True
            if not damaged:
                return
            shards = [shard for number, shard in enumerate(shards) if number not in damaged]

    def _listing(self) -> list[str]:
        try:
            names = sorted(path.name.removesuffix(_IDS) for path in self._folder.glob(f"*{_IDS}"))
        except FileNotFoundError:  # It is being cleared.
            names = []
        return names

    def _shards(self, names: list[str]) -> list[_Shard]:
        """Those whose ids can be read."""
        shards = []
        for name in names:
            ids = load_array(self._folder / f"{name}{_IDS}")
            if ids is not None and ids.dtype == _ID_TYPE and ids.ndim == 1 and len(ids):
                shards.append(_Shard(self._folder, name, ids))
        return shards

    def _rows(self, shard: _Shard, mmap: bool = False) -> np.ndarray | None:
        """(m, n_features), or None if they are gone or damaged."""
        rows = load_array(shard.folder / f"{shard.name}.npy", mmap)
        fits = rows is not None and rows.shape == (len(shard.ids), self.n_features) and rows.dtype == self._type
        return rows if fits else None
