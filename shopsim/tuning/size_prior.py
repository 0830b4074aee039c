"""How many photos a model tends to have, learnt from models whose photos are counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from msgspec import Meta

NARROWEST = 0.05
"""Of the kernel, in natural logarithms: models that all have two photos leave room for nothing else but the floor."""
MOST_SIZES = 1_000_000
LARGEST_SIZE = 1_000_000_000
Sizes = Annotated[tuple[Annotated[int, Meta(ge=1, le=LARGEST_SIZE)], ...], Meta(min_length=1, max_length=MOST_SIZES)]
"""Photos of each counted model."""


@dataclass(frozen=True)
class SizePrior:
    """The probability that a group has so many photos.

    A kernel estimate on a logarithmic scale, mixed with a floor as strong as one model that could be of any size
    (probability proportional to 1 / size), so that no size is impossible.
    Source of the width: Silverman, Density estimation for statistics and data analysis (1986).
    """

    sizes: Sizes

    @classmethod
    def of_labels(cls, labels_true: np.ndarray) -> SizePrior:
        """Of (n,) labelled photos, n being at least 1."""
        return cls(tuple(int(count) for count in np.unique(labels_true, return_counts=True)[1]))

    @property
    def photos_per_model(self) -> float:
        """Mean photos per model."""
        return sum(self.sizes) / len(self.sizes)

    def log_probability(self, largest: int) -> np.ndarray:
        """(largest,) float64, the logarithm for sizes 1 to `largest`; the probabilities of these sum to 1."""
        known, counts = np.unique(np.log(self.sizes), return_counts=True)
        n_models = len(self.sizes)
        spread = np.log(self.sizes).std()
        width = max(1.06 * spread * n_models**-0.2, NARROWEST)
        sizes = np.arange(1, largest + 1)
        floor = 1 / sizes
        kernels = np.zeros(largest)
        for size, count in zip(known, counts, strict=True):
            kernels += count * np.exp(-0.5 * ((np.log(sizes) - size) / width) ** 2) / sizes
        # Models far larger than any group there can be leave nothing but the floor.
        weight = n_models if kernels.sum() > 0 else 0
        found = kernels / kernels.sum() if weight else kernels
        return np.log((weight * found + floor / floor.sum()) / (weight + 1))
