"""Integer labels: what marks a photo without one, and how groups are numbered."""

from __future__ import annotations

import numpy as np

UNLABELLED = -1
"""In `labels_true`: the photo's model is not known, so it is grouped but not scored."""

NOISE = -1
"""In the labels of other tools: the photo belongs to no group. Nothing in this package produces it."""


def by_first_appearance(labels: np.ndarray) -> np.ndarray:
    """The same groups numbered 0..n_groups-1 in the order in which they first appear.

    labels: (n,) integers. Returns (n,) int64.
    """
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    number = np.empty(len(first), dtype=np.int64)
    number[np.argsort(first)] = np.arange(len(first))
    return number[inverse]


def noise_as_singletons(labels_pred: np.ndarray) -> np.ndarray:
    """The groups numbered by first appearance, each NOISE photo as a group of one.

    labels_pred: (n,) integers. Returns (n,) int64 from 0.
    Scoring noise as one big group would punish a tool for not grouping what it cannot group.
    """
    labels = np.array(labels_pred, dtype=np.int64)
    noise = labels == NOISE
    labels[noise] = labels.max(initial=0) + 1 + np.arange(np.count_nonzero(noise))
    return by_first_appearance(labels)
