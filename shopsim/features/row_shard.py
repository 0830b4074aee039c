"""One file of feature rows, each with its photo's digest and a checksum.

The file has the m rows, the m entries (photo, checksum of its row), and a seal of the entries. The number of rows
follows from the file's size. So no header can be damaged, and a damaged row costs no other row.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from xxhash import xxh3_64_intdigest

from shopsim.base.disk.damage import remove_damaged
from shopsim.base.disk.files import replacing
from shopsim.base.disk.sealed import SEAL_BYTES, seal_of, without_seal

SUFFIX = ".rows"
PHOTO_TYPE = np.dtype("S32")
_ENTRY = np.dtype([("photo", PHOTO_TYPE), ("sum", "<u8")])


@dataclass(frozen=True, eq=False)
class Shard:
    """A file whose entries are intact; its rows are checked when they are read.

    photos: (m,) digests; sums: (m,) uint64, the checksum of each row; n_features, row_type: length and type of a row.
    """

    path: Path
    photos: np.ndarray
    sums: np.ndarray
    n_features: int
    row_type: np.dtype

    @property
    def name(self) -> str:
        """The file's name without its suffix."""
        return self.path.name.removesuffix(SUFFIX)

    def rows(self) -> np.ndarray | None:
        """(m, n_features) rows, mapped from the disk and not checked; None if the file is gone."""
        try:
            mapped = np.memmap(self.path, self.row_type, "r", shape=(len(self.photos), self.n_features))
        except (OSError, ValueError):  # NumPy raises ValueError for a file that has become too short.
            return None
        # A row of a plain array is read in a tenth of the time that a memmap takes.
        return np.asarray(mapped)

    def remove(self) -> None:
        """Deletes the file; another process may already have done so."""
        with suppress(OSError):
            self.path.unlink()


def write_shard(path: Path, photos: Sequence[str], rows: np.ndarray) -> None:
    """Writes (m, n_features) C-contiguous rows of m photos. Raises ShopsimError as `replacing` does."""
    entries = np.empty(len(photos), _ENTRY)
    entries["photo"], entries["sum"] = photos, row_sums(rows, len(rows))
    with replacing(path) as file:
        file.write(rows.data.cast("B"))
        file.write(entries.tobytes())
        file.write(seal_of([entries.tobytes()], path.name))


def open_shard(path: Path, n_features: int, row_type: np.dtype) -> Shard | None:
    """Returns the shard, or None if the file is gone. A file with damaged entries is removed and reported."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            n_rows = max(0, size - SEAL_BYTES) // (n_features * row_type.itemsize + _ENTRY.itemsize)
            file.seek(n_rows * n_features * row_type.itemsize)
            end = np.frombuffer(file.read(), np.uint8)
    except (OSError, MemoryError):
        return None
    content = without_seal(end, path.name) if n_rows else None
    if content is None or len(content) != n_rows * _ENTRY.itemsize:
        remove_damaged(path)
        return None
    entries = content.view(_ENTRY)
    return Shard(path, entries["photo"].copy(), entries["sum"].copy(), n_features, row_type)


def let_go(rows: np.ndarray) -> None:
    """Drops the pages of mapped rows from this process; does nothing on systems that have no such call."""
    mapped = getattr(rows.base, "_mmap", None)
    if mapped is not None and hasattr(mmap, "MADV_DONTNEED"):
        mapped.madvise(mmap.MADV_DONTNEED)


def row_sums(rows: Iterable[np.ndarray], count: int) -> np.ndarray:
    """(count,) uint64, the checksum of each of `count` (n_features,) rows."""
    return np.fromiter(map(xxh3_64_intdigest, rows), np.uint64, count)
