"""Feature rows on disk, one for each (extractor key, photo digest), batched into shards.

A shard is two files: `NAME.ids.npy` (m digests) and, written after it, `NAME.npy` (m rows); NAME is a digest of the
ids, so that two processes that write the same batch write the same files. Many small shards are merged into large
ones; a reader that meets a shard just merged away looks again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from shopsim.atomic import write_bytes
from shopsim.store import digest_of, load_array, save_array

_SMALL = 2048
_LARGE = 8192
_MERGE_FROM = 16
_IDS = ".ids.npy"


@dataclass(frozen=True)
class _Shard:
    ids_path: Path
    ids: np.ndarray

    @property
    def rows_path(self) -> Path:
        return self.ids_path.with_name(self.ids_path.name.removesuffix(_IDS) + ".npy")


class RowStore:
    """The rows of one extractor."""

    def __init__(self, root: Path, key: str, n_features: int) -> None:
        self.n_features = n_features
        self._folder = root / "features" / digest_of(key, n_features)
        self._key = key

    def read(self, digests: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """((n,) bool found, (n, n_features) float32 rows, zero where not found)."""
        wanted = np.array(digests, dtype="S32")
        found = np.zeros(len(wanted), bool)
        rows = np.zeros((len(wanted), self.n_features), np.float32)
        for _ in range(3):
            if self._read_once(wanted, found, rows):
                break
        return found, rows

    def write(self, digests: Sequence[str], rows: np.ndarray) -> None:
        """Keep rows (m, n_features) of m different photos. Raises ShopsimError if the disk refuses."""
        if not (self._folder / "key.txt").is_file():
            write_bytes(self._folder / "key.txt", self._key.encode())
        name = digest_of(*digests)
        save_array(self._folder / f"{name}{_IDS}", np.array(digests, dtype="S32"))
        save_array(self._folder / f"{name}.npy", np.asarray(rows, np.float32))

    def merge(self) -> None:
        """Join small shards once there are many, so that opening 10,000 photos opens a few files."""
        small = [shard for shard in self._shards() if len(shard.ids) < _SMALL]
        if len(small) < _MERGE_FROM:
            return
        while small:
            batch: list[_Shard] = []
            while small and sum(len(shard.ids) for shard in batch) < _LARGE:
                batch.append(small.pop())
            rows = [self._rows(shard) for shard in batch]
            whole = [(shard, part) for shard, part in zip(batch, rows, strict=True) if part is not None]
            ids = np.concatenate([shard.ids for shard, _ in whole] or [np.zeros(0, "S32")])
            ids, first = np.unique(ids, return_index=True)
            if len(ids):
                self.write([value.decode() for value in ids], np.concatenate([part for _, part in whole])[first])
            kept = digest_of(*[value.decode() for value in ids])
            for shard in batch:
                if shard.rows_path.stem != kept:
                    shard.rows_path.unlink(missing_ok=True)
                    shard.ids_path.unlink(missing_ok=True)

    def _read_once(self, wanted: np.ndarray, found: np.ndarray, rows: np.ndarray) -> bool:
        """Fill in what is still missing; False if a shard vanished in between."""
        complete = True
        for shard in self._shards():
            if found.all():
                break
            order = np.argsort(shard.ids)
            place = np.searchsorted(shard.ids, wanted, sorter=order)
            source = order[np.minimum(place, len(order) - 1)]
            here = (shard.ids[source] == wanted) & ~found
            if here.any():
                stored = self._rows(shard)
                if stored is None:
                    complete = complete and shard.rows_path.exists()
                    continue
                rows[here] = stored[source[here]]
                found |= here
        return complete

    def _shards(self) -> list[_Shard]:
        shards = []
        for path in sorted(self._folder.glob(f"*{_IDS}")):
            ids = load_array(path)
            if ids is not None and ids.dtype == np.dtype("S32") and ids.ndim == 1 and len(ids):
                shards.append(_Shard(path, ids))
        return shards

    def _rows(self, shard: _Shard) -> np.ndarray | None:
        rows = load_array(shard.rows_path, mmap=True)
        fits = rows is not None and rows.shape == (len(shard.ids), self.n_features) and rows.dtype == np.float32
        return rows if fits else None
