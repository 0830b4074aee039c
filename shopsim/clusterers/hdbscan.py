"""HDBSCAN: finds dense groups at every scale and keeps those that last longest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from shopsim.base.labels import NOISE
from shopsim.base.registry import Setting
from shopsim.clusterers import Control, clusterers
from shopsim.clusterers.distances import square_distances
from shopsim.clusterers.hierarchical import Linkage
from shopsim.clusterers.linked_tree import tree_from_links
from shopsim.clusterers.merge_tree import MergeTree, ends_of_merges


@dataclass(frozen=True, eq=False)
class DenseTree(MergeTree):
    """A tree with HDBSCAN's groups at 100 %; a lower similarity joins them.

    Merges inside a group of HDBSCAN have height 0. All others have the height at which DBSCAN without border photos
    makes them.
    """

    @cached_property
    def control(self) -> Control:
        """The similarity at which groups are joined; by default none are."""
        return replace(
            super().control,
            name="Join down to",
            default=1.0,
            help="100 % is plain HDBSCAN, which finds the similarity of each group by itself. A lower value also "
            "joins groups and photos whose dense regions are at least that similar, as DBSCAN does. On other photos it "
            "means the same as long as extractor and space do.",
            joins=False,
        )


@dataclass(frozen=True)
class HDBSCANClusterer:
    """scikit-learn's HDBSCAN with its settings.

    Its own `cluster_selection_epsilon`, which also keeps small neighbouring groups together, fails with NumPy 2.4
    and would compute everything again for each value. The tree does this part instead, for all values at once.
    """

    min_cluster_size: int = 2
    min_samples: int = 2

    def memory(self, n_images: int, n_features: int) -> int:
        """Bytes at the peak: the distances as a triangle and as a square, and scikit-learn's checks of the square."""
        return n_images**2 * (4 + 8 + 8 + 8) + 2 * n_images * n_features * 4 + 64 * 2**20

    def fit(self, vectors: np.ndarray) -> DenseTree:
        """The tree of (n, d) float32 unit rows."""
        single = Linkage("single", self.min_samples).fit(vectors)
        labels = self._labels(vectors)
        grouped = np.flatnonzero(labels != NOISE)
        _, first, group = np.unique(labels[grouped], return_index=True, return_inverse=True)
        inside = np.stack([grouped, grouped[first][group]], axis=1)
        ends = np.concatenate([inside, ends_of_merges(single)])
        linkage = tree_from_links(ends, np.r_[np.zeros(len(inside)), single.linkage[:, 2]], len(vectors)).linkage
        return DenseTree(linkage, len(vectors))

    def _labels(self, vectors: np.ndarray) -> np.ndarray:
        """(n,) integer labels from scikit-learn; NOISE for photos in no dense group."""
        from sklearn.cluster import HDBSCAN

        distances, n = square_distances(vectors), len(vectors)
        # Equal rows have no density, and of two photos HDBSCAN would never make one group.
        if n < max(self.min_cluster_size, 3) or not distances.any():
            return np.full(n, NOISE)
        model = HDBSCAN(
            min_cluster_size=self.min_cluster_size,
            min_samples=min(self.min_samples, n),
            metric="precomputed",
            algorithm="brute",
            copy=False,
        )
        return model.fit_predict(distances)


@clusterers.register(
    "hdbscan",
    title="HDBSCAN",
    source="Campello, Moulavi and Sander 2013, by sklearn.cluster",
    version=2,
    summary="Finds dense regions, each at its own similarity, and keeps those that last longest; the rest stays alone.",
    settings=(
        Setting("min_cluster_size", "Photos per group, at least", 2, low=2, high=1000, step=1),
        Setting(
            "min_samples",
            "Photos that make a place dense",
            2,
            low=1,
            high=100,
            step=1,
            help="The photo itself counts; a higher value leaves more photos alone.",
        ),
    ),
)
def hdbscan(min_cluster_size: int = 2, min_samples: int = 2) -> HDBSCANClusterer:
    """HDBSCAN of cosine distances, noise photos in groups of one."""
    return HDBSCANClusterer(min_cluster_size, min_samples)
