"""Scales rows to length 1, and finds equal rows."""

from __future__ import annotations

import numpy as np


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
    # Whole rows are dictionary keys: several times faster than sorting them. Adding 0 turns -0.0 into 0.0.
    rows = np.ascontiguousarray(vectors + np.zeros(1, dtype=vectors.dtype))
    numbers: dict[bytes, int] = {}
    inverse = np.fromiter((numbers.setdefault(row.tobytes(), len(numbers)) for row in rows), np.int64, len(rows))
    return np.unique(inverse, return_index=True)[1], inverse
