"""K-means, as the public baseline of the task uses it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from shopsim.base.labels import by_first_appearance
from shopsim.base.registry import Setting
from shopsim.base.rows import distinct_rows
from shopsim.clusterers import Control, clusterers
from shopsim.clusterers.lloyd import k_means_labels
from shopsim.clusterers.partitions import PHOTOS_PER_MODEL, count_control


@dataclass(frozen=True, eq=False)
class KMeansPartitions:
    """The vectors, clustered anew at every cut.

    vectors: (n, d) float32. n_default: groups to open with.
    """

    vectors: np.ndarray
    n_default: int
    n_init: int
    seed: int

    @property
    def control(self) -> Control:
        """The number of groups, by default `n_default` of them."""
        return count_control(
            len(self.vectors), self.n_default, "K-means finds this number of groups; each change computes for a while."
        )

    def cut(self, value: float) -> np.ndarray:
        """(n,) int64 groups by first appearance, round(value) of them, or one per distinct row if those are fewer.

        With as many groups as photos or more, each photo is a group of one, copies too.
        Raises ValueError for less than one group.
        """
        n_groups = round(value)
        if n_groups < 1:
            raise ValueError(f"K-means makes at least 1 group, not {value}.")
        if n_groups >= len(self.vectors):
            return np.arange(len(self.vectors))
        n_distinct, identity = self._distinct
        if n_groups >= n_distinct:
            return by_first_appearance(identity)
        return by_first_appearance(k_means_labels(self.vectors, n_groups, self.n_init, self.seed))

    @cached_property
    def _distinct(self) -> tuple[int, np.ndarray]:
        first, identity = distinct_rows(self.vectors)
        return len(first), identity


@dataclass(frozen=True)
class KMeansClusterer:
    """K-means with its settings; all the work is in the cut."""

    photos_per_model: int = PHOTOS_PER_MODEL
    n_init: int = 10
    seed: int = 0

    def memory(self, n_images: int, n_features: int) -> int:
        """Bytes at the peak: scikit-learn's centred copy, at most as many centres as photos, and the labels."""
        return 3 * n_images * n_features * 4 + n_images * 64 + 64 * 2**20

    def fit(self, vectors: np.ndarray) -> KMeansPartitions:
        """Keeps (n, d) float32 unit rows for the cuts."""
        n_default = max(1, len(vectors) // self.photos_per_model)
        return KMeansPartitions(np.asarray(vectors, dtype=np.float32), n_default, self.n_init, self.seed)


@clusterers.register(
    "kmeans",
    title="K-means",
    source="Lloyd 1982, by sklearn.cluster; K as the task's baseline chooses it",
    summary="Splits the photos into a given number of groups; the public baseline.",
    settings=(
        Setting(
            "photos_per_model",
            "Photos per model",
            PHOTOS_PER_MODEL,
            low=1,
            high=100_000,
            step=1,
            help="K = photos // this.",
        ),
        Setting("n_init", "Starts", 10, low=1, high=100, step=1, help="The best of this many runs is kept."),
        Setting("seed", "Seed", 0, low=0, high=2**31 - 1, step=1, help="Same seed, same groups."),
    ),
)
def kmeans(photos_per_model: int = PHOTOS_PER_MODEL, n_init: int = 10, seed: int = 0) -> KMeansClusterer:
    """K-means; all other settings are scikit-learn's defaults."""
    return KMeansClusterer(photos_per_model, n_init, seed)
