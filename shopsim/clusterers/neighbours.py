"""Each photo's nearest photos, and the pairs that are so in both directions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from shopsim.base.rows import unit_rows
from shopsim.clusterers.distances import SMALLEST_DISTANCE, similarity_of

if TYPE_CHECKING:
    from scipy.sparse import csr_array

BLOCK_ROWS = 128


def nearest(vectors: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns the k nearest other rows of each row, nearest first; of equally near ones the first in order.

    vectors: (n, d) rows; k is at most n - 1. Returns `index` (n, k) int64 and `similarity` (n, k) float32, cosines.
    Memory: the result and 128 rows of the square matrix at a time. Raises ValueError for NaN or infinity.
    """
    units = unit_rows(vectors)
    if not np.isfinite(units).all():
        raise ValueError("The vectors must be finite.")
    n, k = len(units), min(k, max(len(units) - 1, 0))
    index, similarity = np.empty((n, k), dtype=np.int64), np.empty((n, k), dtype=np.float32)
    for start in range(0, n if k else 0, BLOCK_ROWS):
        block = units[start : start + BLOCK_ROWS] @ units.T
        places = np.arange(len(block))
        block[places, start + places] = -np.inf
        # All above the k-th largest belong to it; those equal to it follow in their order until there are k.
        least = np.partition(block, n - k, axis=1)[:, n - k, None]
        rank = (block > least).astype(np.int8) * 2 + (block == least)
        found = np.sort(np.argsort(-rank, axis=1, kind="stable")[:, :k], axis=1)
        values = np.take_along_axis(block, found, axis=1)
        order = np.argsort(-values, axis=1, kind="stable")
        index[start : start + len(block)] = np.take_along_axis(found, order, axis=1)
        similarity[start : start + len(block)] = np.take_along_axis(values, order, axis=1)
    return index, similarity


def mutual_neighbours(vectors: np.ndarray, k: int) -> csr_array:
    """(n, n) sparse symmetric distances between rows that are among each other's k nearest, each pair twice.

    vectors: (n, d) distinct rows, because a sparse matrix would read a distance of 0 as no link.
    Source: Gowda and Krishna, Agglomerative clustering using the concept of mutual nearest neighbourhood (1978).
    """
    from scipy.sparse import csr_array

    index, similarity = nearest(vectors, k)
    n, k = index.shape
    distance = similarity_of(similarity.astype(np.float64)).clip(SMALLEST_DISTANCE, 2.0)
    directed = csr_array((distance.ravel(), index.ravel(), np.arange(n + 1) * k), shape=(n, n))
    # The smaller of the two directions is 0 unless both exist.
    return directed.minimum(directed.T).tocsr()


def neighbour_memory(n_images: int, n_features: int, k: int) -> int:
    """Bytes `mutual_neighbours` takes at its peak: the input twice, some rows of similarities, and the links."""
    return 2 * n_images * n_features * 4 + BLOCK_ROWS * n_images * 24 + n_images * k * 120 + 64 * 2**20
