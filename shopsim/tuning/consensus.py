"""One tree that shows how far several groupings of the same photos agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from shopsim.base.work.progress import Progress, silent
from shopsim.clusterers import Control
from shopsim.clusterers.bindings import Apart, Bindings, Together, bindings_if_any
from shopsim.clusterers.distance_trees import memory_of_distances, tree_from_distances
from shopsim.clusterers.distances import BLOCK_ROWS
from shopsim.clusterers.memory import check_needed
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.tuning.listed_consensus import listed_consensus

MAJORITY = 0.5
MOST_BY_SQUARE = 10_000
"""Of more photos the square of all pairs is not computed: 0.8 GB for so many, 80 GB for ten times as many."""


@dataclass(frozen=True, eq=False)
class AgreementTree(MergeTree):
    """Average linkage of agreement: the weighted share of the groupings that put two photos together.

    way: a sentence on how it was computed, for many photos; '' where it was computed from all pairs.
    """

    way: str = ""

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


def agreement_tree(
    labelings: Sequence[np.ndarray],
    weights: Sequence[float],
    progress: Progress = silent,
    together: Together = (),
    apart: Apart = (),
) -> AgreementTree:
    """The agreement tree of (n,) integer labelings of the same n photos, with one positive weight each.

    Of more than MOST_BY_SQUARE photos only the pairs are listed that at least one grouping joins, see
    `listed_consensus`. progress: may stop that. together, apart: photos that every cut keeps together, and pairs that
    no cut joins, as `bindings_of` takes them.
    Raises ShopsimError if the tree would not fit in memory, and Contradiction as `bindings_of` does.
    Source: Fred and Jain, Combining multiple clusterings using evidence accumulation, IEEE TPAMI 27 (2005).
    """
    labels = np.stack(labelings)
    n_images = labels.shape[1]
    share = np.asarray(weights, dtype=np.float64) / np.sum(weights)
    bindings = bindings_if_any(n_images, together, apart)
    if n_images < 2:
        return AgreementTree(np.zeros((0, 4)), n_images)
    if n_images > MOST_BY_SQUARE:
        return AgreementTree(*listed_consensus(labels, share, progress, bindings))
    return AgreementTree(_by_square(labels, share, bindings), n_images)


def _by_square(labels: np.ndarray, share: np.ndarray, bindings: Bindings | None) -> np.ndarray:
    n_labelings, n_images = labels.shape
    check_needed(memory_of_distances(n_images, n_labelings, bindings is not None), n_images)
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
    return tree_from_distances(distances, n_images, "average", bindings).linkage
