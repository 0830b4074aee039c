"""Rows as directions: made one long, or told apart."""

from __future__ import annotations

import numpy as np


def unit_rows(vectors: np.ndarray) -> np.ndarray:
    """(n, d) -> (n, d) float32, each row one long; a row of zeros stays zero, NaN stays NaN."""
    vectors = np.asarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms != 0)


def distinct_rows(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which rows are equal, number by number.

    Returns `first` (m,) int64, where each distinct row stands first, rising, and `inverse` (n,) int64 from 0 to
    m-1 by first appearance, so that `vectors[first][inverse]` equals `vectors`.
    """
    # Whole rows as dictionary keys: several times faster than sorting them. Adding 0 turns -0.0 into 0.0.
    rows = np.ascontiguousarray(vectors + np.zeros(1, dtype=vectors.dtype))
    numbers: dict[bytes, int] = {}
    inverse = np.fromiter((numbers.setdefault(row.tobytes(), len(numbers)) for row in rows), np.int64, len(rows))
    return np.unique(inverse, return_index=True)[1], inverse
