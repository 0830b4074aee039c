"""Cosine distances between all photos, and the one conversion between distance and similarity."""

from __future__ import annotations

import numpy as np

from shopsim.base.rows import distinct_rows, unit_rows

BLOCK_ROWS = 512
SMALLEST_DISTANCE = 2.0**-24
"""Distance of rows that differ but whose cosine rounds to 1 in float32: only equal rows are 0 apart."""


def similarity_of(distance: np.ndarray) -> np.ndarray:
    """Cosine similarity (1.0 = identical direction) of a distance from 0 to 2; its own inverse."""
    return 1.0 - distance


def condensed_distances(vectors: np.ndarray) -> np.ndarray:
    """1 - cosine of every pair: (n, d) rows -> (n * (n - 1) / 2,) float64 in SciPy's condensed order.

    Exactly 0 between equal rows and nowhere else, at most 2; a row of zeros is 1 away from all others.
    Memory: the result, and 512 rows of the square matrix at a time.
    """
    first, identity = distinct_rows(np.asarray(vectors, dtype=np.float32))
    units = unit_rows(vectors)
    n = len(units)
    condensed = np.empty(n * (n - 1) // 2)
    end = 0
    for start in range(0, n, BLOCK_ROWS):
        # Single precision halves time and memory; its error of 1e-7 is far below any real difference between photos.
        block = units[start : start + BLOCK_ROWS] @ units[start:].T
        for row in range(len(block)):
            after = np.subtract(1.0, block[row, row + 1 :])
            np.minimum(np.maximum(after, SMALLEST_DISTANCE, out=after), 2.0, out=after)
            if len(first) < n:
                after[identity[start + row + 1 :] == identity[start + row]] = 0.0
            condensed[end : end + len(after)] = after
            end += len(after)
    return condensed


def square_distances(vectors: np.ndarray) -> np.ndarray:
    """The same as `condensed_distances`, as a symmetric (n, n) float64 matrix."""
    from scipy.spatial.distance import squareform

    n = len(vectors)
    return squareform(condensed_distances(vectors), checks=False) if n > 1 else np.zeros((n, n))


def raise_to_core_distances(
    condensed: np.ndarray, n_images: int, min_samples: int, core: np.ndarray | None = None
) -> None:
    """Turns distances into mutual reachability distances, in place.

    core: (n,) float64 core distances, if they are known already.

    A photo's core distance is the distance to its `min_samples`-th nearest photo, itself counted; with fewer
    photos than that, to the farthest. Two photos reach each other at the largest of their distance and their
    two core distances.
    Source: Campello, Moulavi and Sander, Density-based clustering based on hierarchical density estimates (2013).
    """
    if n_images < 2:
        return
    core = core_distances(condensed, n_images, min_samples) if core is None else core
    end = 0
    for row in range(n_images - 1):
        after = condensed[end : end + n_images - row - 1]
        np.maximum(after, np.maximum(core[row], core[row + 1 :]), out=after)
        end += len(after)


def core_distances(condensed: np.ndarray, n_images: int, min_samples: int) -> np.ndarray:
    """(n,) float64 distance of each photo to its `min_samples`-th nearest, itself counted as the first."""
    if n_images < 2:
        return np.zeros(n_images)
    min_samples = min(min_samples, n_images)
    others = np.arange(n_images)
    core = np.empty(n_images)
    for row in range(n_images):
        low, high = np.minimum(others, row), np.maximum(others, row)
        index = low * (2 * n_images - low - 1) // 2 + high - low - 1
        index[row] = 0
        distances = condensed[index]
        distances[row] = 0.0
        core[row] = np.partition(distances, min_samples - 1)[min_samples - 1]
    return core
