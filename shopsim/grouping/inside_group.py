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


Merge = tuple[np.ndarray, np.ndarray, float]
"""Both sides of a merge, (k,) int64 rows each, and its similarity."""


def last_merges(vectors: np.ndarray, rows: np.ndarray, most: int) -> list[Merge]:
    """Returns the last merges inside a group, the last first, of the tree that `tree_inside` makes.

    A group of more than MOST_INSIDE photos has none, since it would take too long.
    """
    return [] if len(rows) > MOST_INSIDE else last_merges_of(tree_inside(vectors, rows), rows, most)


def last_merges_of(tree: MergeTree, rows: np.ndarray, most: int) -> list[Merge]:
    """Returns the last merges of a tree, the last first. rows: (k,) int64, the photos of the tree, in order."""
    found = []
    for merge in range(len(rows) - 2, max(len(rows) - 2 - most, -1), -1):
        left, right = (rows[leaves_of(tree, int(node))] for node in tree.linkage[merge, :2])
        found.append((left, right, float(tree.merge_similarities[merge])))
    return found


def subtree(tree: MergeTree, rows: np.ndarray) -> MergeTree | None:
    """Returns the part of a tree that made one group, as a tree of its photos; None if no merge made that group.

    rows: (k,) int64, rising.
    """
    number = {row: place for place, row in enumerate(rows.tolist())}
    merges = []
    for merge, (left, right, height, size) in enumerate(tree.linkage.tolist()):
        if size <= len(rows) and left in number and right in number:
            number[tree.n_images + merge] = len(rows) + len(merges)
            merges.append((number[left], number[right], height, size))
    if len(merges) != len(rows) - 1:
        return None
    return MergeTree(np.array(merges, dtype=np.float64).reshape(-1, 4), len(rows))


def leaves_of(tree: MergeTree, node: int) -> list[int]:
    """Returns the photos of a node of the tree, rising. node: as in the tree's linkage."""
    leaves, waiting = [], [node]
    while waiting:
        node = waiting.pop()
        if node < tree.n_images:
            leaves.append(node)
        else:
            waiting += tree.linkage[node - tree.n_images, :2].astype(int).tolist()
    return sorted(leaves)
