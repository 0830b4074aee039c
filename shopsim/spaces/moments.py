"""Mean and covariance of rows that come block by block, and the principal components of these."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from xxhash import xxh3_128_digest

_MOST_COUNTED = 1 << 16
"""Beyond so many distinct rows nobody asks how many there are."""


@dataclass(frozen=True, eq=False)
class Moments:
    """mean: (d,) float64; covariance: (d, d) float64, with n - 1; n_rows: rows that are not all zeros.

    n_distinct: distinct ones among them; at least _MOST_COUNTED where there are more.
    """

    mean: np.ndarray
    covariance: np.ndarray
    n_rows: int
    n_distinct: int

    def components(self, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Returns directions (count, d) float64, unit rows, and variances (count,) float64, the largest first."""
        variances, directions = np.linalg.eigh(self.covariance)
        directions = directions.T[::-1][:count]
        # A direction and its opposite are equally good; the largest number is positive, as scikit-learn has it.
        largest = np.abs(directions).argmax(axis=1)
        signs = np.sign(directions[np.arange(len(directions)), largest])
        return directions * signs[:, None], variances[::-1][:count].clip(min=0.0)


def moments(blocks: Iterable[np.ndarray]) -> Moments:
    """Returns the moments of (b, d) float32 blocks of rows; rows of zeros are left out. One block is in memory."""
    n_rows, total, products, known = 0, 0.0, 0.0, set()
    for block in blocks:
        # Adding 0 turns -0.0 into 0.0, so that equal rows have one checksum.
        rows = np.ascontiguousarray(block[block.any(axis=1)] + np.float32(0))
        n_rows += len(rows)
        total = total + rows.sum(axis=0, dtype=np.float64)
        products = products + (rows.T @ rows).astype(np.float64)
        if len(known) < _MOST_COUNTED:
            known.update(map(xxh3_128_digest, rows))
    mean = total / max(n_rows, 1)
    covariance = (products - n_rows * np.outer(mean, mean)) / max(n_rows - 1, 1)
    return Moments(np.atleast_1d(mean), covariance, n_rows, len(known))
