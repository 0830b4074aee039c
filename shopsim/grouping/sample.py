"""Takes a sample of photos in which each group is represented."""

from __future__ import annotations

import numpy as np

_SEED = 0


def sample_by_group(labels: np.ndarray, n_kept: int) -> np.ndarray:
    """Returns (k,) int64 rising positions: all, or n_kept of them, as large a share of each group as of all.

    Each group keeps at least one photo while n_kept allows it; the largest groups come first. The draw is
    random but always the same, and another threshold exchanges few photos.
    """
    n = len(labels)
    if n <= n_kept:
        return np.arange(n)
    draw = np.random.default_rng(_SEED).permutation(n)
    order = np.lexsort((draw, labels))
    sizes = np.bincount(labels)
    size, first = sizes[labels[order]], (np.cumsum(sizes) - sizes)[labels[order]]
    place = np.arange(n) - first
    # How much of its group comes before a photo: those with the least are drawn. The first of each goes ahead of all.
    before = np.where(place == 0, -size.astype(float), (place + 0.5) / size)
    return np.sort(order[np.lexsort((draw[order], before))[:n_kept]])
