"""Numbers groups, and defines the integers for photos without a label."""

from __future__ import annotations

import numpy as np

UNLABELLED = -1
"""Marks a photo in `labels_true` whose model is not known: it is grouped but not scored."""

NOISE = -1
"""Marks a photo without a group in the labels of other tools. Nothing in this package produces it."""


def by_first_appearance(labels: np.ndarray) -> np.ndarray:
    """Numbers the same groups 0..n_groups-1 in the order in which they first appear.

    labels: (n,) integers. Returns (n,) int64.
    """
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    number = np.empty(len(first), dtype=np.int64)
    number[np.argsort(first)] = np.arange(len(first))
    return number[inverse]


def both_labels(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Numbers the pairs of two labels of each photo from 0: equal where both are equal.

    one, other: (n,) integers from 0. Returns (n,) int64.
    """
    return np.unique(one.astype(np.int64) * (int(other.max(initial=0)) + 1) + other, return_inverse=True)[1].ravel()


def noise_as_singletons(labels_pred: np.ndarray) -> np.ndarray:
    """Numbers the groups by first appearance, and makes each NOISE photo a group of one.

    labels_pred: (n,) integers. Returns (n,) int64 from 0.
    Noise scored as one big group would count every pair of noise photos as a wrong pair.
    """
    labels = np.array(labels_pred, dtype=np.int64)
    noise = labels == NOISE
    labels[noise] = labels.max(initial=0) + 1 + np.arange(np.count_nonzero(noise))
    return by_first_appearance(labels)
