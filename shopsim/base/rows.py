"""Scales rows to length 1, and finds equal rows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import numpy as np
from xxhash import xxh3_128_digest

_BLOCK_ROWS = 4096


def unit_rows(vectors: np.ndarray) -> np.ndarray:
    """Scales each row of (n, d) to length 1, as float32. A row of zeros stays zero, and NaN stays NaN."""
    vectors = np.asarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms != 0)


def distinct_rows(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Finds the distinct rows. Two rows are equal if all their numbers are equal.

    Returns `first` (m,) int64 and `inverse` (n,) int64. `first` has the place where each distinct row appears first, in
    rising order. `inverse` numbers the distinct rows from 0: `vectors[first][inverse]` equals `vectors`.
    """
    # A checksum of 128 bits stands for the row: the rows themselves as keys would take as much memory as all vectors.
    numbers: dict[bytes, int] = {}
    sums = chain.from_iterable(map(xxh3_128_digest, block) for block in _blocks_with_one_zero(vectors))
    inverse = np.fromiter((numbers.setdefault(known, len(numbers)) for known in sums), np.int64, len(vectors))
    return np.unique(inverse, return_index=True)[1], inverse


def _blocks_with_one_zero(vectors: np.ndarray) -> Iterator[np.ndarray]:
    """Returns the rows block by block, contiguous; adding 0 turns -0.0 into 0.0."""
    zero = np.zeros(1, dtype=vectors.dtype)
    for start in range(0, len(vectors), _BLOCK_ROWS):
        yield np.ascontiguousarray(vectors[start : start + _BLOCK_ROWS] + zero)
