"""Scales rows to length 1, and finds equal rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    return distinct_of_blocks(_blocks(vectors), len(vectors))


def distinct_of_blocks(blocks: Iterable[np.ndarray], n_rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns the same of n_rows rows that come block by block."""
    # A checksum of 128 bits stands for the row: the rows themselves as keys would take as much memory as all vectors.
    numbers: dict[bytes, int] = {}
    # Adding 0 turns -0.0 into 0.0.
    with_one_zero = (np.ascontiguousarray(block + np.zeros(1, dtype=block.dtype)) for block in blocks)
    sums = chain.from_iterable(map(xxh3_128_digest, block) for block in with_one_zero)
    inverse = np.fromiter((numbers.setdefault(known, len(numbers)) for known in sums), np.int64, n_rows)
    return np.unique(inverse, return_index=True)[1], inverse


def _blocks(vectors: np.ndarray) -> Iterator[np.ndarray]:
    return (vectors[start : start + _BLOCK_ROWS] for start in range(0, len(vectors), _BLOCK_ROWS))
