"""A tree of merges, cut at any similarity in milliseconds, and the thresholds to open it with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from shopsim.base.labels import by_first_appearance
from shopsim.clusterers import Control
from shopsim.clusterers.distances import similarity_of
from shopsim.clusterers.thresholds import between, of_each_cut

HIGHEST_LOW = 0.9
"""The range of the threshold starts here or lower, so that there is a range even where all photos are copies."""
NEVER_JOINED = -1.0
"""The similarity of photos that a tree would not join by itself: no cosine is lower."""
MOST_ALONE = 0.5
LARGEST_GROUP = 0.5
TASK_THRESHOLD = 0.95
"""The task says that photos at least 95 % similar form a group; used where a tree offers no choice."""


@dataclass(frozen=True, eq=False)
class MergeTree:
    """The tree that every linkage clusterer returns.

    linkage: (n_images - 1, 4) float64 as in scipy.cluster.hierarchy; heights are distances that never fall from one
        merge to the next. It is (0, 4) for one photo or none.

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
        if not _joins_all_once(self.linkage, self.n_images):
            raise ValueError("linkage has merges of what is not there, or is merged already, or of other sizes.")

    @cached_property
    def merge_similarities(self) -> np.ndarray:
        """(n_images - 1,) float64, the similarity of each merge, in their order; it never rises."""
        return similarity_of(self.linkage[:, 2])

    @cached_property
    def similarities(self) -> np.ndarray:
        """(m,) float64, the distinct merge similarities, highest first: the only thresholds at which cuts change."""
        return np.unique(self.merge_similarities)[::-1]

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
        """How many merges are at or above the threshold. Raises ValueError for NaN."""
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


def longest_plateau(tree: MergeTree) -> float:
    """Guesses, without labels, the similarity threshold that shows the groups best.

    Each group exists over a range of thresholds: from the merge that makes it down to the merge that makes it part of
    a larger one. The guess is the threshold at which the range of a photo's group is longest on average; a photo alone
    counts as 0. Only thresholds are tried that leave at most half of the photos alone and at most half in one group.
    If there are none, it is the threshold at which the larger of these two shares is smallest. So it never shows all
    photos alone or all in one group, unless the tree has no other cut: then it is 0.95.

    It can be wrong. On public photos it came close to the best threshold for pairs of photos. It gave too many groups
    where a model has many photos taken in a row, because each such series is a plateau too.
    """
    cuts = _Cuts(tree)
    if not cuts.shows_something.any():
        return TASK_THRESHOLD
    fair = cuts.shows_something & (cuts.alone <= MOST_ALONE) & (cuts.largest <= LARGEST_GROUP)
    quality = cuts.lasting if fair.any() else -np.maximum(cuts.alone, cuts.largest)
    best = int(np.argmax(np.where(fair if fair.any() else cuts.shows_something, quality, -np.inf)))
    return float(between(tree.similarities[best + 1], tree.similarities[best]))


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


class _Cuts:
    """Describes each distinct cut of a tree, except the one that joins nothing; arrays as long as tree.similarities.

    alone, largest: shares of the photos that are alone, and in the largest group.
    lasting: mean length, over all photos, of the range of thresholds over which a photo's group exists.
    shows_something: whether there is a group of two or more, and more than one group.
    """

    def __init__(self, tree: MergeTree) -> None:
        n, edges, births = tree.n_images, tree.similarities, tree.merge_similarities
        children = tree.linkage[:, :2].astype(np.int64)
        last = np.searchsorted(-births, -edges, side="right") - 1
        self.alone = 1 - np.cumsum((children < n).sum(axis=1))[last] / max(n, 1)
        self.largest = np.maximum.accumulate(tree.linkage[:, 3])[last] / max(n, 1)
        self.shows_something = last < n - 2
        deaths = np.empty(max(2 * n - 1, 0))
        deaths[children.ravel()] = np.repeat(births, 2)
        deaths = deaths[n:-1]
        weight = tree.linkage[:-1, 3] * (births[:-1] - deaths) / max(n, 1)
        # A group adds its weight at the cut that makes it and takes it back at the cut that ends it.
        change = np.zeros(len(edges) + 1)
        np.add.at(change, np.searchsorted(-edges, -births[:-1]), weight)
        np.subtract.at(change, np.searchsorted(-edges, -deaths), weight)
        self.lasting = np.cumsum(change)[:-1]


def _joined_pairs(tree: MergeTree) -> np.ndarray:
    """(m + 1,) float64, rising: the pairs joined before any merge, and by each distinct cut."""
    sizes = np.concatenate([np.ones(tree.n_images), tree.linkage[:, 3]])
    left, right = tree.linkage[:, 0].astype(np.int64), tree.linkage[:, 1].astype(np.int64)
    after = np.concatenate([[0.0], np.cumsum(sizes[left] * sizes[right])])
    last = np.searchsorted(-tree.merge_similarities, -tree.similarities, side="right")
    return after[np.concatenate([[0], last]).astype(np.int64)]
