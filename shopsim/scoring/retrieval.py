"""Measures whether the nearest photos of each photo show the same model; needs no threshold."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from shopsim.base.labels import UNLABELLED

_BLOCK_ROWS = 256


class Retrieval(NamedTuple):
    """Both from 0 to 1, the higher the better, over the photos whose model has another one; 1.0 if there are none.

    recall_at_1: share of photos whose nearest other photo is of the same model. map_at_r: with R other photos of the
    model, the mean precision among the R nearest, counted where they are right.
    Source: Musgrave et al., A Metric Learning Reality Check, ECCV 2020.
    """

    recall_at_1: float
    map_at_r: float


def retrieval(rows: np.ndarray, labels_true: np.ndarray) -> Retrieval:
    """Measures retrieval on (n, d) float32 unit rows and (n,) integers; photos without a label take no part.

    Memory: 256 rows of the square matrix at a time.
    """
    labelled = labels_true != UNLABELLED
    rows, labels_true = rows[labelled], labels_true[labelled]
    _, models, counts = np.unique(labels_true, return_inverse=True, return_counts=True)
    others = counts[models] - 1
    asked = np.flatnonzero(others > 0)
    if not len(asked):
        return Retrieval(1.0, 1.0)
    most = int(others.max())
    found = np.zeros(2)
    for start in range(0, len(asked), _BLOCK_ROWS):
        block = asked[start : start + _BLOCK_ROWS]
        similarity = rows[block] @ rows.T
        similarity[np.arange(len(block)), block] = -np.inf
        near = _nearest(similarity, most)
        right = models[near] == models[block][:, None]
        right &= np.arange(most) < others[block][:, None]
        precision = np.cumsum(right, axis=1) / np.arange(1, most + 1)
        found += right[:, 0].sum(), ((precision * right).sum(axis=1) / others[block]).sum()
    return Retrieval(*(found / len(asked)).tolist())


def _nearest(similarity: np.ndarray, k: int) -> np.ndarray:
    """Returns the places of the k largest of each row, largest first and of equals the first: (b, k) int64.

    similarity: (b, n), k < n. Sorting whole rows takes five times as long.
    """
    n = similarity.shape[1]
    least = np.partition(similarity, n - k, axis=1)[:, n - k]
    places = np.empty((len(similarity), k), dtype=np.int64)
    for row, (cosines, bound) in enumerate(zip(similarity, least, strict=True)):
        found = np.flatnonzero(cosines >= bound)
        places[row] = found[np.argsort(-cosines[found], kind="stable")[:k]]
    return places
