"""One file of rows of numbers, each with the photo it is of and a checksum of its own.

The file is the m rows, the m entries (photo, checksum of its row), and a seal of the entries. How many rows there are
follows from the file's size, so there is no header to be damaged, and a damaged row costs no other.
"""

from __future__ import annotations

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
    """A file whose entries are as they were written; its rows are checked as they are read.

    photos: (m,) digests; sums: (m,) uint64, of each row; n_features, row_type: of the rows.
    """

    path: Path
    photos: np.ndarray
    sums: np.ndarray
    n_features: int
    row_type: np.dtype

    @property
    def name(self) -> str:
        """The file's, without its suffix."""
        return self.path.name.removesuffix(SUFFIX)

    def rows(self) -> np.ndarray | None:
        """(m, n_features), mapped from the disk and not checked; None if the file is gone."""
        try:
            mapped = np.memmap(self.path, self.row_type, "r", shape=(len(self.photos), self.n_features))
        except (OSError, ValueError):  # NumPy says ValueError for a file that has become too short.
            return None
        # One row of a plain array is taken in a tenth of the time.
        return np.asarray(mapped)

    def remove(self) -> None:
        """Away with it; another process may have been faster."""
        with suppress(OSError):
            self.path.unlink()


def write_shard(path: Path, photos: Sequence[str], rows: np.ndarray) -> None:
    """Keep (m, n_features) C-contiguous rows of m photos. Raises ShopsimError as `replacing` does."""
    entries = np.empty(len(photos), _ENTRY)
    entries["photo"], entries["sum"] = photos, row_sums(rows, len(rows))
    with replacing(path) as file:
        file.write(rows.data.cast("B"))
        file.write(entries.tobytes())
        file.write(seal_of([entries.tobytes()], path.name))


def open_shard(path: Path, n_features: int, row_type: np.dtype) -> Shard | None:
    """The shard; None if the file is gone. One whose entries are damaged is removed, said, and None."""
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


def row_sums(rows: Iterable[np.ndarray], count: int) -> np.ndarray:
    """(count,) uint64 checksums of so many (n_features,) rows."""
    return np.fromiter(map(xxh3_64_intdigest, rows), np.uint64, count)
