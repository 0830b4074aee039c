"""How many photos a model tends to have, estimated from models whose photos are counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from msgspec import Meta

NARROWEST = 0.05
"""The least width of the kernel, in natural logarithms: models may all have the same number of photos."""
MOST_SIZES = 1_000_000
LARGEST_SIZE = 1_000_000_000
Sizes = Annotated[tuple[Annotated[int, Meta(ge=1, le=LARGEST_SIZE)], ...], Meta(min_length=1, max_length=MOST_SIZES)]
"""Photos of each counted model."""


@dataclass(frozen=True)
class SizePrior:
    """The probability of each group size.

    It is a kernel estimate on a logarithmic scale, mixed with a floor, so that no size is impossible. The floor counts
    as much as one model, and its probability is proportional to 1 / size.
    Source of the width: Silverman, Density estimation for statistics and data analysis (1986).
    """

    sizes: Sizes

    @classmethod
    def of_labels(cls, labels_true: np.ndarray) -> SizePrior:
        """The prior of (n,) labelled photos; n is at least 1."""
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
        # If all models are far larger than any possible group, only the floor is left.
        weight = n_models if kernels.sum() > 0 else 0
        found = kernels / kernels.sum() if weight else kernels
        return np.log((weight * found + floor / floor.sum()) / (weight + 1))
