"""Why the photos of a group are together: how it was made, what holds it, and what would part it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shopsim.base.rows import unit_rows
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.inside_group import MOST_INSIDE, Merge, last_merges_of, subtree, tree_inside

MOST_IN_MATRIX = 60
"""Photos of the similarity matrix; of a larger group some are taken, evenly over the order of its merges."""
_MERGES = 6


@dataclass(frozen=True, eq=False)
class WhyTogether:
    """Facts on one group of two photos or more.

    merges: the last merges that made it, the last first. is_own: whether they are the merges of the tree that was cut,
    else those of an average linkage of these photos alone. parts_above: the similarity of the last merge; a higher
    threshold parts the group. It is None if corrections keep the whole group together.
    weakest: the two photos of the weakest link on the maximum spanning tree, and their similarity; at a higher
    similarity no chain of photos connects the group. matrix_rows: (m,) int64 photos in the order of the merges, at most
    MOST_IN_MATRIX; matrix: (m, m) float32 similarities.
    """

    merges: list[Merge]
    is_own: bool
    parts_above: float | None
    weakest: tuple[int, int, float]
    matrix_rows: np.ndarray
    matrix: np.ndarray


def why_together(grouping: Grouping, group: int) -> WhyTogether | None:
    """Returns the facts on a group; None for one photo, or for more than MOST_INSIDE, which would take too long."""
    rows = np.flatnonzero(grouping.labels_pred == group)
    if not 2 <= len(rows) <= MOST_INSIDE:
        return None
    tree, vectors = grouping.fitted.tree, grouping.fitted.vectors
    own = subtree(tree, rows) if isinstance(tree, MergeTree) else None
    used = tree_inside(vectors, rows) if own is None else own
    parts_above = None if used.n_bound == len(rows) - 1 else float(used.merge_similarities[-1])
    order = rows[_order_of_merges(used)]
    shown = order[np.unique(np.linspace(0, len(order) - 1, MOST_IN_MATRIX).round().astype(int))]
    units = unit_rows(vectors[shown])
    merges = last_merges_of(used, rows, _MERGES)
    return WhyTogether(merges, own is not None, parts_above, _weakest_link(vectors, rows), shown, units @ units.T)


def _weakest_link(vectors: np.ndarray, rows: np.ndarray) -> tuple[int, int, float]:
    """Returns the weakest link of the maximum spanning tree, by Prim's algorithm."""
    units = unit_rows(vectors[rows])
    n = len(rows)
    nearest, inside = np.full(n, -np.inf, np.float32), np.zeros(n, np.int64)
    outside, photo, weakest = np.ones(n, dtype=bool), 0, (0, 0, np.inf)
    for _ in range(n - 1):
        outside[photo] = False
        similarity = units @ units[photo]
        closer = outside & (similarity > nearest)
        nearest[closer], inside[closer] = similarity[closer], photo
        photo = int(np.where(outside, nearest, -np.inf).argmax())
        if nearest[photo] < weakest[2]:
            weakest = (int(inside[photo]), photo, float(nearest[photo]))
    one, other, similarity = weakest
    return int(rows[one]), int(rows[other]), min(similarity, 1.0)


def _order_of_merges(tree: MergeTree) -> np.ndarray:
    """(n,) int64 places: photos that merge early stand side by side."""
    order: list[list[int]] = [[photo] for photo in range(tree.n_images)]
    for left, right in tree.linkage[:, :2].astype(int).tolist():
        order.append(order[left] + order[right])
        order[left] = order[right] = []
    return np.array(order[-1], dtype=np.int64)
