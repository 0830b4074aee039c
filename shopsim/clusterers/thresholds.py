"""Short thresholds that can be rounded and sent in a link without changing the groups."""

from __future__ import annotations

import numpy as np

DIGITS = range(12, 1, -1)


def between(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Returns a similarity well between each pair of bounds, with as few decimals as possible, at least 2.

    low, high: (m,) float64, low < high. Returns (m,) float64 inside the middle half of each interval. So it does not
    cross a merge when it is rounded to one decimal more, or when another machine computes another last digit.
    """
    low, high = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    middle, margin = (low + high) / 2, (high - low) / 4
    chosen = middle
    for digits in DIGITS:
        rounded = np.round(middle, digits)
        chosen = np.where(np.abs(rounded - middle) <= margin, rounded, chosen)
    return chosen


def of_each_cut(similarities: np.ndarray) -> np.ndarray:
    """Returns a threshold for each distinct cut of a tree: first the one that joins nothing, then one per similarity.

    similarities: (m,) float64, distinct, falling. Returns (m + 1,) float64, falling.
    A cut joins at similarity >= threshold, so its groups stay the same down to the next merge similarity.
    """
    top = np.nextafter(max(1.0, similarities.max(initial=-1.0)), 2.0)
    edges = np.concatenate([[top], similarities, [similarities.min(initial=-1.0)]])
    thresholds = between(edges[1:], edges[:-1])
    if len(similarities) and similarities[0] >= 1.0:
        thresholds[0] = top
    return thresholds
