"""The threshold of a tree in plain cosine similarity, whatever the tree measures by."""

from __future__ import annotations

import numpy as np

from shopsim.clusterers import Tree
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.grouping.inside_group import leaves_of

# Merges on each side of the cut that are looked at.
_NEAR = 20


def plain_threshold(tree: Tree, vectors: np.ndarray, threshold: float) -> float:
    """Returns the mean cosine similarity of two groups that the tree merges at the threshold.

    Average linkage measures by it, so its threshold stays as it is. A tree on a local scale, or one of single linkage,
    has other numbers; they are moved by what the merges nearest to the cut differ by, as a median.
    vectors: (n, d) float32 unit rows, those of the tree.
    """
    if not isinstance(tree, MergeTree):
        return threshold
    cut = tree.n_merges(threshold)
    near = range(max(tree.n_bound, cut - _NEAR), min(tree.n_takeable, cut + _NEAR))
    differ = [_mean_cosine(tree, vectors, merge) - tree.merge_similarities[merge] for merge in near]
    return threshold + float(np.median(differ)) if differ else threshold


def _mean_cosine(tree: MergeTree, vectors: np.ndarray, merge: int) -> float:
    one, other = (vectors[leaves_of(tree, int(node))].mean(axis=0) for node in tree.linkage[merge, :2])
    return float(one @ other)
