"""A few dozen cuts of a tree, from all photos alone to one group, and the shape of their groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shopsim.clusterers.merge_tree import MergeTree
from shopsim.clusterers.thresholds import of_each_cut

N_CUTS = 48


@dataclass(frozen=True, eq=False)
class Cuts:
    """Cuts of one tree whose numbers of groups are spread evenly on a logarithmic scale.

    threshold: (m,) float64, falling; the first joins nothing. n_groups: (m,) int64, falling.
    lowest: (m,) float64, the lowest similarity that still gives the same groups lies just above it.
    """

    tree: MergeTree
    threshold: np.ndarray
    n_groups: np.ndarray

    @classmethod
    def of(cls, tree: MergeTree) -> Cuts:
        """Chooses at most N_CUTS distinct cuts of a tree of at least one photo."""
        thresholds = of_each_cut(tree.similarities)
        merged = np.searchsorted(-tree.merge_similarities, -tree.similarities, side="right")
        n_groups = tree.n_images - np.concatenate([[0], merged]).astype(np.int64)
        wanted = np.linspace(np.log(tree.n_images), 0.0, N_CUTS)
        distance = np.abs(np.log(n_groups)[None] - wanted[:, None])
        chosen = np.unique(distance.argmin(axis=1))
        return cls(tree, thresholds[chosen], n_groups[chosen])

    def __len__(self) -> int:
        return len(self.threshold)

    def labels(self) -> list[np.ndarray]:
        """Returns the groups of each cut, (n_images,) int64."""
        return [self.tree.cut(threshold) for threshold in self.threshold]


SHAPE = ("photos_per_group", "pairs_per_photo", "alone", "largest", "entropy", "spread")


def shape_of(labels: np.ndarray) -> list[float]:
    """Returns the numbers that SHAPE names, of (n,) int64 groups from 0; n is at least 2.

    Logarithms of photos per group and of the mean size of a photo's group; the shares of photos that are alone and in
    the largest group; the entropy of the sizes as a share of its maximum; the deviation of a photo's log group size.
    """
    sizes = np.bincount(labels)
    n, share = len(labels), sizes / len(labels)
    logs = np.log(sizes)
    mean = (share * logs).sum()
    return [
        float(np.log(n / len(sizes))),
        float(np.log((sizes.astype(np.float64) ** 2).sum() / n)),
        float((sizes == 1).sum() / n),
        float(share.max()),
        float(-(share * np.log(share)).sum() / np.log(n)),
        float(np.sqrt((share * (logs - mean) ** 2).sum())),
    ]
