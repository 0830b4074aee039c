"""One tree that shows how far several groupings of the same photos agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from shopsim.clusterers import Control
from shopsim.clusterers.distances import BLOCK_ROWS
from shopsim.clusterers.hierarchical import Linkage, tree_from_distances
from shopsim.clusterers.memory import check_memory
from shopsim.clusterers.merge_tree import MergeTree

MAJORITY = 0.5


@dataclass(frozen=True, eq=False)
class AgreementTree(MergeTree):
    """Average linkage of agreement: the weighted share of the groupings that put two photos together."""

    @cached_property
    def control(self) -> Control:
        """The share that must agree. At one half, the majority of the groupings decides."""
        return Control(
            name="Agreement",
            kind="similarity",
            low=0.0,
            high=1.0,
            default=MAJORITY,
            step=0.001,
            instant=True,
            help="Groups are joined when that share of the tuned groupings joins their photos; 50 % is as tuned.",
            joins=False,
            measure="agreement",
        )


def agreement_tree(labelings: Sequence[np.ndarray], weights: Sequence[float]) -> AgreementTree:
    """The agreement tree of (n,) integer labelings of the same n photos, with one positive weight each.

    Raises ShopsimError if the tree would not fit in memory.
    Source: Fred and Jain, Combining multiple clusterings using evidence accumulation, IEEE TPAMI 27 (2005).
    """
    labels = np.stack(labelings)
    n_labelings, n_images = labels.shape
    share = np.asarray(weights, dtype=np.float64) / np.sum(weights)
    if n_images < 2:
        return AgreementTree(np.zeros((0, 4)), n_images)
    check_memory(Linkage("complete"), n_images, n_labelings)
    distances = np.empty(n_images * (n_images - 1) // 2)
    end = 0
    for start in range(0, n_images - 1, BLOCK_ROWS):
        stop = min(start + BLOCK_ROWS, n_images - 1)
        apart = np.zeros((stop - start, n_images - start))
        for number in range(n_labelings):
            own = labels[number]
            apart += share[number] * (own[start:stop, None] != own[None, start:])
        for row in range(stop - start):
            after = apart[row, row + 1 :]
            distances[end : end + len(after)] = after
            end += len(after)
    tree = tree_from_distances(distances, n_images, "average")
    return AgreementTree(tree.linkage, n_images)
