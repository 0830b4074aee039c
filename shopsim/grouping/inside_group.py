"""What a higher threshold would make of one group."""

from __future__ import annotations

import numpy as np

from shopsim.clusterers.hierarchical import Linkage
from shopsim.clusterers.memory import check_memory
from shopsim.clusterers.merge_tree import MergeTree


def tree_inside(vectors: np.ndarray, rows: np.ndarray) -> MergeTree:
    """Returns the average linkage of the photos of one group by themselves, without corrections.

    vectors: (n, d) float32 unit rows; rows: (k,) int64. Raises ShopsimError if it would not fit in memory.
    """
    linkage = Linkage("average")
    check_memory(linkage, len(rows), vectors.shape[1])
    return linkage.fit(vectors[rows])


def parts_at(tree: MergeTree, rows: np.ndarray, threshold: float) -> list[np.ndarray]:
    """Returns the parts of a group at a threshold, the largest first. rows: (k,) the photos of the tree, in order."""
    labels = tree.cut(threshold)
    parts = [rows[labels == part] for part in range(int(labels.max(initial=-1)) + 1)]
    return sorted(parts, key=len, reverse=True)
