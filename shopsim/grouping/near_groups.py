"""Which groups are the most similar to some photos: where a photo may go, and what a group may be merged with."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array


def group_means(labels_pred: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Returns (n_groups, d) float32, the mean of each group's rows; their products are mean similarities.

    labels_pred: (n,) int64 groups 0..n_groups-1; vectors: (n, d) float32 unit rows.
    """
    n = len(labels_pred)
    members = csr_array((np.ones(n, np.float32), (labels_pred, np.arange(n))))
    return (members @ vectors) / np.bincount(labels_pred)[:, None].astype(np.float32)


def near_groups(
    labels_pred: np.ndarray, vectors: np.ndarray, rows: np.ndarray, most: int
) -> tuple[np.ndarray, np.ndarray]:
    """Returns the groups with the highest mean similarity to some photos, without the groups of these photos.

    rows: (k,) int64 photos. Returns up to `most` groups, (m,) int64, and their similarities, (m,) float32, falling.
    """
    similarity = group_means(labels_pred, vectors) @ vectors[rows].mean(axis=0)
    similarity[np.unique(labels_pred[rows])] = -np.inf
    order = np.argsort(-similarity, kind="stable")[:most]
    order = order[np.isfinite(similarity[order])]
    return order, similarity[order]
