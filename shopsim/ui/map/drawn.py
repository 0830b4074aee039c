"""Decides which of the photos that are laid out are drawn: all that the browser can take, else a sample by group."""

from __future__ import annotations

import numpy as np

from shopsim.grouping.sample import sample_by_group

FEW = 12_000
"""Altair draws as many points fluently."""
MANY = 300_000
"""The component draws as many; more are drawn as a shade, with a sample in front."""
SAMPLE = 100_000


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
