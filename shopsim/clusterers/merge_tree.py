"""A tree of merges, cut at any similarity in milliseconds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from shopsim.base.labels import by_first_appearance
from shopsim.clusterers import Control
from shopsim.clusterers.distances import similarity_of
from shopsim.clusterers.plateau import longest_plateau

HIGHEST_LOW = 0.9
"""The threshold's range starts here at the highest, so that there is a range even where all photos are copies."""
NEVER_JOINED = -1.0
"""The similarity at which a tree joins what it would rather not: below it there is no cosine."""


@dataclass(frozen=True, eq=False)
class MergeTree:
    """What every linkage clusterer fits.

    linkage: (n_images - 1, 4) float64 as scipy.cluster.hierarchy's, heights being distances that never fall from
        one merge to the next; (0, 4) for one photo or none.

    Raises ValueError for anything else: it may come from a damaged file.
    """

    linkage: np.ndarray
    n_images: int

    def __post_init__(self) -> None:
        if self.linkage.shape != (max(self.n_images - 1, 0), 4):
            raise ValueError(f"linkage has shape {self.linkage.shape}, which is no tree of {self.n_images} photos.")
        if self.linkage.dtype != np.float64:
            raise ValueError(f"linkage has {self.linkage.dtype}, not float64.")
        if not np.isfinite(self.linkage).all() or (np.diff(self.linkage[:, 2]) < 0).any():
            raise ValueError("linkage has heights that fall or are not finite.")
        if not _joins_all_once(self.linkage, self.n_images):
            raise ValueError("linkage has merges of what is not there, or is merged already, or of other sizes.")

    @cached_property
    def merge_similarities(self) -> np.ndarray:
        """(n_images - 1,) float64, the similarity of each merge in turn; never rises."""
        return similarity_of(self.linkage[:, 2])

    @cached_property
    def similarities(self) -> np.ndarray:
        """(m,) float64, the distinct merge similarities, highest first: the only thresholds at which cuts change."""
        return np.unique(self.merge_similarities)[::-1]

    @cached_property
    def control(self) -> Control:
        """The threshold; its range starts where all photos are one group, its default is a guess without labels.

        Photos that are only joined at NEVER_JOINED are apart in the whole range.
        """
        real = self.similarities[self.similarities > NEVER_JOINED]
        low = np.floor(real.min(initial=HIGHEST_LOW) * 100) / 100
        return Control(
            name="Similarity",
            kind="similarity",
            low=float(low),
            high=1.0,
            default=max(longest_plateau(self), float(low)),
            step=0.001,
            instant=True,
            help="Groups at least this similar are joined. On other photos it means the same as long as extractor and "
            "space do.",
        )

    def n_merges(self, similarity: float) -> int:
        """How many merges a cut makes: those at or above the threshold. Raises ValueError for NaN."""
        if np.isnan(similarity):
            raise ValueError("A threshold must be a number, not NaN.")
        return int(np.searchsorted(-self.merge_similarities, -similarity, side="right"))

    def n_groups(self, similarity: float) -> int:
        """How many groups a cut gives."""
        return self.n_images - self.n_merges(similarity)

    def cut(self, similarity: float) -> np.ndarray:
        """(n_images,) int64 groups 0..n_groups-1 by first appearance, joined at similarity >= the threshold."""
        from scipy.cluster.hierarchy import fcluster

        n_merges = self.n_merges(similarity)
        if n_merges == 0:
            return np.arange(self.n_images)
        height = self.linkage[n_merges - 1, 2]
        return by_first_appearance(fcluster(self.linkage, height, criterion="distance"))


def _joins_all_once(linkage: np.ndarray, n_images: int) -> bool:
    """Whether every merge joins two parts that are there by then, every part is joined once, and the sizes add up."""
    merges = np.arange(n_images, n_images + len(linkage))
    parts = linkage[:, :2]
    if not ((parts >= 0) & (parts < merges[:, None]) & (parts == np.floor(parts))).all():
        return False
    parts = parts.astype(np.int64)
    sizes = np.concatenate([np.ones(n_images), linkage[:, 3]])
    once = np.bincount(parts.ravel(), minlength=2 * len(linkage)) == 1
    return bool(once.all() and (sizes[parts].sum(axis=1) == linkage[:, 3]).all())
