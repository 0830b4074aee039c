"""A tree of merges, cut at any similarity in milliseconds, and the thresholds to open it with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from shopsim.base.labels import by_first_appearance
from shopsim.clusterers import Control
from shopsim.clusterers.distances import similarity_of
from shopsim.clusterers.plateaus import longest_plateau
from shopsim.clusterers.thresholds import of_each_cut

HIGHEST_LOW = 0.9
"""The range of the threshold starts here or lower, so that there is a range even where all photos are copies."""
NEVER_JOINED = -1.0
"""The similarity of photos that a tree would not join by itself: no cosine is lower."""
BOUND_HEIGHT = -1.0
"""The height of merges that every cut keeps, since people put these photos together. No distance is below 0."""
DECIMALS = 12
"""Heights are rounded to so many decimals: averages of tied distances differ by 1e-16 and are still ties."""
APART_HEIGHT = 1024.0
"""The height of merges that no cut takes, since people keep these photos apart. No distance is as large."""


@dataclass(frozen=True, eq=False)
class MergeTree:
    """The tree that every linkage clusterer returns.

    linkage: (n_images - 1, 4) float64 as in scipy.cluster.hierarchy; heights are distances that never fall from one
        merge to the next. It is (0, 4) for one photo or none.

    Merges at BOUND_HEIGHT come first, and every cut keeps them. Merges at APART_HEIGHT come last, and no cut takes
    them: without them the tree is a forest.

    Raises ValueError for anything else, because a damaged file may be read.
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
        if ((self.linkage[:, 2] < 0) & (self.linkage[:, 2] != BOUND_HEIGHT)).any():
            raise ValueError("linkage has heights below 0 that do not mark a bound merge.")
        if not _joins_all_once(self.linkage, self.n_images):
            raise ValueError("linkage has merges of what is not there, or is merged already, or of other sizes.")

    @cached_property
    def n_bound(self) -> int:
        """How many merges every cut keeps: the first ones."""
        return int(np.searchsorted(self.linkage[:, 2], 0.0))

    @cached_property
    def n_takeable(self) -> int:
        """How many merges a cut can take, those that every cut keeps included."""
        return int(np.searchsorted(self.linkage[:, 2], APART_HEIGHT))

    @cached_property
    def merge_similarities(self) -> np.ndarray:
        """(n_images - 1,) float64, the similarity of each merge, in their order; it never rises.

        It is 1 where every cut keeps the merge, and minus infinity where no cut takes it.
        """
        similarities = np.minimum(similarity_of(self.linkage[:, 2]), 1.0)
        similarities[self.n_takeable :] = -np.inf
        return similarities

    @cached_property
    def similarities(self) -> np.ndarray:
        """(m,) float64, the distinct merge similarities, highest first: the only thresholds at which cuts change."""
        return np.unique(self.merge_similarities[self.n_bound : self.n_takeable])[::-1]

    @cached_property
    def merges_of_cuts(self) -> np.ndarray:
        """(m + 1,) int64, the number of merges of each distinct cut: of the highest threshold, then per similarity."""
        taken = np.searchsorted(-self.merge_similarities, -self.similarities, side="right")
        return np.concatenate([[self.n_bound], taken]).astype(np.int64)

    @cached_property
    def control(self) -> Control:
        """The threshold. Its range starts where all photos are one group; its default is a guess without labels.

        Photos that only NEVER_JOINED joins are in different groups in the whole range.
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
        """How many merges are at or above the threshold, or are in every cut. Raises ValueError for NaN."""
        if np.isnan(similarity):
            raise ValueError("A threshold must be a number, not NaN.")
        n_merges = int(np.searchsorted(-self.merge_similarities, -similarity, side="right"))
        return min(max(n_merges, self.n_bound), self.n_takeable)

    def n_groups(self, similarity: float) -> int:
        """How many groups a cut gives."""
        return self.n_images - self.n_merges(similarity)

    def cut(self, similarity: float) -> np.ndarray:
        """(n_images,) int64 groups 0..n_groups-1 by first appearance, joined at similarity >= the threshold."""
        n, n_merges = self.n_images, self.n_merges(similarity)
        group = np.arange(n + n_merges)
        group[self.linkage[:n_merges, :2].astype(np.int64)] = n + np.arange(n_merges)[:, None]
        # Each step doubles how far up a photo looks, so that a chain of merges takes few steps.
        while not np.array_equal(further := group[group], group):
            group = further
        return by_first_appearance(group[:n])


def ends_of_merges(tree: MergeTree) -> np.ndarray:
    """(n_images - 1, 2) int64: for each merge a photo of the one group and a photo of the other."""
    photo = np.arange(2 * tree.n_images)
    children = tree.linkage[:, :2].astype(np.int64)
    for merge, (left, _) in enumerate(children.tolist()):
        photo[tree.n_images + merge] = photo[left]
    return photo[children]


def threshold_for_size(tree: MergeTree, photos_per_model: float) -> float:
    """Returns the threshold that joins as many pairs as models of so many photos have.

    photos_per_model: at least 1; where models differ in size, the mean over photos of the number of photos of their
        model. Each photo then has photos_per_model - 1 others of its model, so n * (photos_per_model - 1) / 2 pairs
        are wanted.
    It takes the cut whose number of pairs is nearest on a logarithmic scale. A group of one joins no pair, so a few
    photos that stay alone do not change the threshold; they would change a number of groups.
    """
    n = tree.n_images
    wanted = max(n * (photos_per_model - 1) / 2, 0.0)
    joined = _joined_pairs(tree)
    nearest = int(np.argmin(np.abs(np.log1p(joined) - np.log1p(wanted))))
    return float(of_each_cut(tree.similarities)[nearest])


def _joins_all_once(linkage: np.ndarray, n_images: int) -> bool:
    """Whether each merge joins two parts that exist by then, each part is joined once, and the sizes add up."""
    merges = np.arange(n_images, n_images + len(linkage))
    parts = linkage[:, :2]
    if not ((parts >= 0) & (parts < merges[:, None]) & (parts == np.floor(parts))).all():
        return False
    parts = parts.astype(np.int64)
    sizes = np.concatenate([np.ones(n_images), linkage[:, 3]])
    once = np.bincount(parts.ravel(), minlength=2 * len(linkage)) == 1
    return bool(once.all() and (sizes[parts].sum(axis=1) == linkage[:, 3]).all())


def _joined_pairs(tree: MergeTree) -> np.ndarray:
    """(m + 1,) float64, rising: the pairs joined by each distinct cut, that of the highest threshold first."""
    sizes = np.concatenate([np.ones(tree.n_images), tree.linkage[:, 3]])
    left, right = tree.linkage[:, 0].astype(np.int64), tree.linkage[:, 1].astype(np.int64)
    after = np.concatenate([[0.0], np.cumsum(sizes[left] * sizes[right])])
    return after[tree.merges_of_cuts]
