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
"""The threshold's range starts here at the highest, so that there is a range even where all photos are copies."""
NEVER_JOINED = -1.0
"""The similarity at which a tree joins what it would rather not: below it there is no cosine."""
MOST_ALONE = 0.5
LARGEST_GROUP = 0.5
TASK_THRESHOLD = 0.95
"""Photos at least 95 % similar form a group, as the task words it: for a tree without anything to choose."""


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


def longest_plateau(tree: MergeTree) -> float:
    """A guess, without labels, at the similarity threshold that shows the groups best.

    Each group exists over a stretch of thresholds: from the merge that makes it down to the merge that makes it
    part of a larger one. The guess is where the photos' groups last longest on average, a photo alone lasting
    not at all, among the thresholds that leave no more than half of the photos alone and no more than half in one
    group; if there are none, where the larger of those two shares is least. So it never shows all photos alone or
    all in one group, unless the tree has nothing in between: then it is 0.95.

    A guess it stays: on public photos it came close to the best threshold for pairs, and gave too many groups
    where a model has many photos taken in a row, which are plateaus too.
    """
    cuts = _Cuts(tree)
    if not cuts.shows_something.any():
        return TASK_THRESHOLD
    fair = cuts.shows_something & (cuts.alone <= MOST_ALONE) & (cuts.largest <= LARGEST_GROUP)
    quality = cuts.lasting if fair.any() else -np.maximum(cuts.alone, cuts.largest)
    best = int(np.argmax(np.where(fair if fair.any() else cuts.shows_something, quality, -np.inf)))
    return float(between(tree.similarities[best + 1], tree.similarities[best]))


def threshold_for_size(tree: MergeTree, photos_per_model: float) -> float:
    """The threshold at which as many pairs are joined as models of so many photos have.

    photos_per_model: from 1, as a photo sees it: where models differ in size, the mean over photos of how many photos
    their model has. A photo then has photos_per_model - 1 others of its model, so n * (photos_per_model - 1) / 2 pairs
    are to be joined; of the cuts, the one that comes nearest on a logarithmic scale. Groups of one join nothing,
    so that some odd photos left alone do not shift it, as they would shift a number of groups.
    """
    n = tree.n_images
    wanted = max(n * (photos_per_model - 1) / 2, 0.0)
    joined = _joined_pairs(tree)
    nearest = int(np.argmin(np.abs(np.log1p(joined) - np.log1p(wanted))))
    return float(of_each_cut(tree.similarities)[nearest])


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


class _Cuts:
    """What each distinct cut of a tree looks like, all singletons left out; arrays of tree.similarities' length.

    alone, largest: shares of the photos that are alone, and in the largest group.
    lasting: mean length, over all photos, of the stretch of thresholds over which a photo's group lasts.
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
        # A group adds its weight from the cut it is born at and takes it back at the cut it dies at.
        change = np.zeros(len(edges) + 1)
        np.add.at(change, np.searchsorted(-edges, -births[:-1]), weight)
        np.subtract.at(change, np.searchsorted(-edges, -deaths), weight)
        self.lasting = np.cumsum(change)[:-1]


def _joined_pairs(tree: MergeTree) -> np.ndarray:
    """(m + 1,) float64 pairs joined by all singletons and by each distinct cut, rising."""
    sizes = np.concatenate([np.ones(tree.n_images), tree.linkage[:, 3]])
    left, right = tree.linkage[:, 0].astype(np.int64), tree.linkage[:, 1].astype(np.int64)
    after = np.concatenate([[0.0], np.cumsum(sizes[left] * sizes[right])])
    last = np.searchsorted(-tree.merge_similarities, -tree.similarities, side="right")
    return after[np.concatenate([[0], last]).astype(np.int64)]
