"""Files that show whether they are still as they were written: the content, a mark, and a checksum.

The checksum is seeded with the file's name, so that the content of another file is noticed too.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from xxhash import xxh3_64, xxh3_64_intdigest

from shopsim.base.disk.damage import remove_damaged
from shopsim.base.disk.files import replacing

SEALED = ".sealed"
"""Stands in the names of such files: those of earlier versions, without a seal, are never read as damaged ones."""
MARK = b"\nxxh3_64"
SEAL_BYTES = len(MARK) + 8


def write_sealed(path: Path, *parts: bytes | np.ndarray, durable: bool = False) -> None:
    """Make these parts, one after the other, the content; durable as in `replacing`, and it raises as that does."""
    with replacing(path, durable) as file:
        for part in parts:
            file.write(part)
        file.write(seal_of(parts, path.name))


def read_sealed(path: Path) -> np.ndarray | None:
    """(n_bytes,) uint8, the content; None if there is none. A damaged file is removed, said, and None."""
    data = read_whole(path)
    if data is None:
        return None
    content = without_seal(data, path.name)
    if content is None:
        remove_damaged(path)
    return content


def read_whole(path: Path) -> np.ndarray | None:
    """(n_bytes,) uint8, everything in the file; None if it cannot be read."""
    try:
        with path.open("rb") as file:
            data = np.empty(os.fstat(file.fileno()).st_size, np.uint8)
            return data[: file.readinto(data)]
    except (OSError, MemoryError):
        return None


def without_seal(data: np.ndarray, name: str) -> np.ndarray | None:
    """The content of (n_bytes,) uint8 read from the file of that name; None if it is not as it was written."""
    content, seal = data[:-SEAL_BYTES], data[-SEAL_BYTES:]
    return content if seal.tobytes() == seal_of([content], name) else None


def is_sealed(data: np.ndarray) -> bool:
    """Whether the (n_bytes,) uint8 end with a seal, be it the right one or not."""
    return data[-SEAL_BYTES:-8].tobytes() == MARK


def seal_of(parts: Iterable[bytes | np.ndarray], name: str) -> bytes:
    """What follows the content in the file of that name."""
    known = xxh3_64(seed=xxh3_64_intdigest(os.fsencode(name)))
    for part in parts:
        known.update(part)
    return MARK + known.digest()
