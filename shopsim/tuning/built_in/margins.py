"""How well the groups of a cut stand apart: how much more similar a photo is to its group than to the next one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def margins(labels: Sequence[np.ndarray], vectors: np.ndarray) -> np.ndarray:
    """Returns (m,) float64: for each cut the mean margin of all photos.

    labels: m groupings of the same n photos, (n,) int64 from 0. vectors: (n, d) unit rows.
    The margin of a photo is its mean similarity to the other photos of its group, less that to the most similar other
    group. A photo that is alone counts 0. A cut with one group has 0.
    """
    similarity = vectors @ vectors.T
    return np.array([_of_cut(groups, similarity) for groups in labels])


def _of_cut(groups: np.ndarray, similarity: np.ndarray) -> float:
    sizes = np.bincount(groups)
    if len(sizes) < 2:
        return 0.0
    photos, order = np.arange(len(groups)), np.argsort(groups, kind="stable")
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    sums = np.add.reduceat(similarity[:, order], starts, axis=1)
    own_size = sizes[groups]
    own = (sums[photos, groups] - 1) / np.maximum(own_size - 1, 1)
    means = sums / sizes
    means[photos, groups] = -np.inf
    return float(np.where(own_size > 1, own - means.max(axis=1), 0.0).mean())
