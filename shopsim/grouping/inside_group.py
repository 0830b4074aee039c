"""What a higher threshold would make of one group."""

from __future__ import annotations

import numpy as np

from shopsim.clusterers.hierarchical import Linkage
from shopsim.clusterers.memory import check_memory
from shopsim.clusterers.merge_tree import MergeTree

MOST_INSIDE = 3000
"""Photos of the largest group whose inside is looked at."""


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


def last_merges(vectors: np.ndarray, rows: np.ndarray, most: int) -> list[tuple[np.ndarray, np.ndarray, float]]:
    """Returns the last merges inside a group: both sides, (k,) int64 rows each, and their similarity, the last first.

    The tree is that of `tree_inside`. A group of more than MOST_INSIDE photos has none, since it would take too long.
    """
    if len(rows) > MOST_INSIDE:
        return []
    tree = tree_inside(vectors, rows)
    found = []
    for merge in range(len(rows) - 2, max(len(rows) - 2 - most, -1), -1):
        left, right = (rows[_leaves(tree, int(node))] for node in tree.linkage[merge, :2])
        found.append((left, right, float(tree.merge_similarities[merge])))
    return found


def _leaves(tree: MergeTree, node: int) -> list[int]:
    leaves, waiting = [], [node]
    while waiting:
        node = waiting.pop()
        if node < tree.n_images:
            leaves.append(node)
        else:
            waiting += tree.linkage[node - tree.n_images, :2].astype(int).tolist()
    return sorted(leaves)
