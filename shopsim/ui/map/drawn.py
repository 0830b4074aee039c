"""Decides which of the photos that are laid out are drawn: all that the browser can take, else a sample by group."""

from __future__ import annotations

import numpy as np

FEW = 12_000
"""Altair draws as many points fluently."""
MANY = 300_000
"""The component draws as many; more are drawn as a shade, with a sample in front."""
SAMPLE = 100_000
_SEED = 0


def are_many(n_laid: int) -> bool:
    """Says whether Altair would be slow."""
    return n_laid > FEW


def drawn_points(labels: np.ndarray, with_component: bool) -> np.ndarray:
    """Returns the (k,) int64 rising positions of the points that are drawn.

    labels: (m,) the group of each photo that is laid out.
    """
    if not with_component:
        return sample_by_group(labels, FEW)
    return sample_by_group(labels, SAMPLE) if len(labels) > MANY else np.arange(len(labels))


def sample_by_group(labels: np.ndarray, n_drawn: int) -> np.ndarray:
    """Returns (k,) int64 rising positions: all, or n_drawn of them, as large a share of each group as of all.

    Each group keeps at least one photo while there are enough to draw; the largest groups come first. The draw is
    random but always the same, and another threshold exchanges few photos.
    """
    n = len(labels)
    if n <= n_drawn:
        return np.arange(n)
    draw = np.random.default_rng(_SEED).permutation(n)
    order = np.lexsort((draw, labels))
    sizes = np.bincount(labels)
    size, first = sizes[labels[order]], (np.cumsum(sizes) - sizes)[labels[order]]
    place = np.arange(n) - first
    # How much of its group comes before a photo: those with the least are drawn. The first of each goes ahead of all.
    before = np.where(place == 0, -size.astype(float), (place + 0.5) / size)
    return np.sort(order[np.lexsort((draw[order], before))[:n_drawn]])
