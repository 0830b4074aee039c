"""The pairs of photos that are among each other's nearest photos."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from shopsim.clusterers.distances import SMALLEST_DISTANCE, similarity_of
from shopsim.clusterers.neighbour_lists import NeighbourLists

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def mutual_neighbours(lists: NeighbourLists) -> csr_array:
    """(n, n) sparse symmetric distances between rows that are among each other's k nearest, each pair twice.

    lists: of distinct rows, because a sparse matrix would read a distance of 0 as no link.
    Source: Gowda and Krishna, Agglomerative clustering using the concept of mutual nearest neighbourhood (1978).
    """
    from scipy.sparse import csr_array

    n, k = lists.ids.shape
    distance = similarity_of(lists.similarity.astype(np.float64)).clip(SMALLEST_DISTANCE, 2.0)
    directed = csr_array((distance.ravel(), lists.ids.ravel(), np.arange(n + 1) * k), shape=(n, n))
    # The smaller of the two directions is 0 unless both exist.
    return directed.minimum(directed.T).tocsr()


def neighbour_memory(n_images: int, n_features: int, k: int) -> int:
    """Bytes at the peak of search and `mutual_neighbours`: the input twice, the lists, one tile, and the links."""
    return 2 * n_images * n_features * 4 + n_images * k * 120 + 128 * 2**20
