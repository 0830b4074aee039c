"""Average linkage by group means: the exact tree without a square matrix of the photos."""

from __future__ import annotations

import numpy as np

from shopsim.base.rows import distinct_rows, unit_rows
from shopsim.base.work.progress import Progress, look, silent
from shopsim.clusterers.dense_merges import dense_merges
from shopsim.clusterers.distances import SMALLEST_DISTANCE
from shopsim.clusterers.mean_groups import LIST_LENGTH, MeanGroups
from shopsim.clusterers.neighbour_lists import NeighbourLists

FEWEST = 2000
"""For fewer rows SciPy's linkage is as quick."""
# So many groups are merged by the square matrix of their similarities: 72 MB, and no lists.
_FEW_GROUPS = 3000
# Where most groups are equally near, each round merges few and changes the nearest group of many. After so many changes
# per row, the matrix of up to that many groups (1.2 GB) takes over. Photos around models take 2 to 4 changes per row.
_MOST_CHANGES, _MOST_GROUPS = 30, 10_000
_EQUAL = 1.0


def mean_linkage_memory(n_images: int, n_features: int) -> int:
    """Returns the bytes at the peak: three copies of the rows, lists, a tile, and the square matrix of few groups.

    Where most photos are equally near, the matrix of up to 10,000 groups takes 1.2 GB that are not counted here.
    """
    per_row = 3 * 4 * n_features + LIST_LENGTH * 12 + 150
    return n_images * per_row + 2 * _FEW_GROUPS**2 * 8 + 160 * 2**20


def needs_lists(n_distinct: int) -> bool:
    """Returns whether the tree of so many distinct rows needs neighbour lists."""
    return n_distinct > _FEW_GROUPS


def linkage_by_means(
    vectors: np.ndarray,
    offsets: np.ndarray | None = None,
    progress: Progress = silent,
    lists: NeighbourLists | None = None,
) -> np.ndarray:
    """Returns the (n - 1, 4) float64 average linkage of the rows, ordered as SciPy's; heights are 1 - similarity.

    vectors: (n, d) float32 unit rows. The similarity of two photos is their cosine less both offsets: (n,) float32, 0
    for all if None. Equal rows have height 0 and no others have it. progress: as in `nearest_lists`. lists:
    LIST_LENGTH neighbours of each distinct row, by similarity less the offsets, where they have been searched already.
    If they are approximate, so is the tree.
    Time: the first search takes n * n * d / 2 multiplications, the rest little. All pairs that are each other's nearest
    merge in one round, which gives the same tree as one merge at a time, since average linkage is reducible.
    Source: Sumengen et al., Scaling hierarchical agglomerative clustering to billion-sized datasets (2021).
    Raises ValueError for NaN or infinity.
    """
    if not np.isfinite(vectors).all():
        raise ValueError("The vectors must be finite.")
    first, identity = distinct_rows(vectors)
    merges, names = _merges_of_copies(first, identity)
    shifts = np.zeros(len(first), np.float32) if offsets is None else offsets[first].astype(np.float32)
    rows, sizes = unit_rows(vectors[first]), np.bincount(identity).astype(np.float64)
    next_name = len(vectors) + len(merges)
    found = [merges]
    if needs_lists(len(rows)):
        groups = MeanGroups(rows, sizes, shifts, progress, lists)
        found += _merge_by_lists(groups, names, next_name, progress)
        left = groups.alive
        rows, sizes, shifts, names = groups.means[left], groups.sizes[left], groups.offsets[left], names[left]
        next_name = 2 * len(vectors) - len(names)
    similarity = (rows @ rows.T).astype(np.float64)
    # As one sum, so that the matrix is symmetric to the last bit.
    similarity -= np.add.outer(shifts, shifts, dtype=np.float64)
    found.append(dense_merges(similarity, sizes, names, next_name))
    return _in_order(np.concatenate(found), len(vectors), len(merges))


def _merges_of_copies(first: np.ndarray, identity: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns the merges of equal rows, and the name of each distinct row's group after them."""
    n, names, sizes = len(identity), first.copy(), np.ones(len(first))
    copies = np.setdiff1d(np.arange(n), first)
    merges = np.empty((len(copies), 4))
    for number, copy in enumerate(copies.tolist()):
        row = identity[copy]
        sizes[row] += 1
        merges[number] = names[row], copy, _EQUAL, sizes[row]
        names[row] = n + number
    return merges, names


def _merge_by_lists(groups: MeanGroups, names: np.ndarray, next_name: int, progress: Progress) -> list[np.ndarray]:
    """Merges until few groups are left; returns the merges of each round. names: of each slot's group, changed here."""
    merges, changed, n_changes = [], np.arange(len(names)), 0
    while groups.n_alive > (_FEW_GROUPS if n_changes <= _MOST_CHANGES * len(names) else _MOST_GROUPS):
        look(progress)
        low, high = groups.certain_pairs(changed)
        if not len(low):
            changed = groups.search()
            n_changes += len(changed)
            if len(changed):
                continue
            # Among equals, nearest groups can go round in a circle.
            low, high = _best_pair(groups)
        size = groups.sizes[low] + groups.sizes[high]
        merges.append(np.stack([names[low], names[high], groups.best[low].astype(np.float64), size], axis=1))
        names[low] = next_name + np.arange(len(low))
        next_name += len(low)
        changed = groups.merge(low, high)
        n_changes += len(changed)
    return merges


def _best_pair(groups: MeanGroups) -> tuple[np.ndarray, np.ndarray]:
    best = int(np.argmax(np.where(groups.alive, groups.best, -np.inf)))
    pair = sorted((best, int(groups.nearest[best])))
    return np.array(pair[:1]), np.array(pair[1:])


def _in_order(merges: np.ndarray, n: int, n_of_copies: int) -> np.ndarray:
    """Returns merges as SciPy has them: rising heights instead of similarities, and groups named in that order.

    merges: (n - 1, 4) float64 of names, similarity and size; the merge in row i is named n + i. n_of_copies: so many
    of them, the first ones, join equal rows; no other merge has height 0.
    """
    merges[n_of_copies:, 2] = np.minimum(merges[n_of_copies:, 2], _EQUAL - SMALLEST_DISTANCE)
    left, right = merges[:, :2].astype(np.int64).T.tolist()
    heights = [0.0] * n
    for one, other, similarity in zip(left, right, merges[:, 2].tolist(), strict=True):
        # Rounding could let a group's height fall below that of its parts.
        heights.append(max(1.0 - similarity, heights[one], heights[other]))
    height = np.array(heights[n:])
    order = np.argsort(height, kind="stable")
    names = np.arange(2 * n - 1)
    names[n + order] = np.arange(n, 2 * n - 1)
    parts = np.sort(names[merges[:, :2].astype(np.int64)], axis=1)[order]
    return np.concatenate([parts, height[order, None], merges[order, 3:]], axis=1)
