"""Average linkage by group means: the exact tree without a square matrix of the photos."""

from __future__ import annotations

import numpy as np

from shopsim.base.work.progress import Progress, look, silent
from shopsim.clusterers.bindings import Bindings
from shopsim.clusterers.dense_merges import dense_merges
from shopsim.clusterers.distances import SMALLEST_DISTANCE
from shopsim.clusterers.mean_groups import LIST_LENGTH, MeanGroups
from shopsim.clusterers.merge_order import in_order
from shopsim.clusterers.neighbour_lists import NeighbourLists
from shopsim.clusterers.starting_groups import starting_groups

FEWEST = 2000
"""For fewer rows SciPy's linkage is as quick."""
# So many groups are merged by the square matrix of their similarities: 72 MB, and no lists.
_FEW_GROUPS = 3000
# Where most groups are equally near, each round merges few and changes the nearest group of many. After so many changes
# per row, the matrix of up to that many groups (1.2 GB) takes over. Photos around models take 2 to 4 changes per row.
_MOST_CHANGES, _MOST_GROUPS = 30, 10_000


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
    bindings: Bindings | None = None,
) -> np.ndarray:
    """Returns the (n - 1, 4) float64 average linkage of the rows, ordered as SciPy's; heights are 1 - similarity.

    vectors: (n, d) float32 unit rows. The similarity of two photos is their cosine less both offsets: (n,) float32, 0
    for all if None. Equal rows have height 0 and no others have it. progress: as in `nearest_lists`. lists:
    LIST_LENGTH neighbours of each distinct row, by similarity less the offsets, where they have been searched already;
    if they are approximate, so is the tree. Not together with bindings, whose first groups are not the distinct rows.
    bindings: closures of photos to start from, and pairs of closures that never merge, as `MergeTree` marks them.
    Time: the first search takes n * n * d / 2 multiplications, the rest little. All pairs that are each other's nearest
    merge in one round, which gives the same tree as one merge at a time, since average linkage is reducible. A
    similarity of minus infinity between groups that never merge changes nothing of that.
    Source: Sumengen et al., Scaling hierarchical agglomerative clustering to billion-sized datasets (2021).
    Raises ValueError for NaN or infinity.
    """
    if not np.isfinite(vectors).all():
        raise ValueError("The vectors must be finite.")
    start = starting_groups(vectors, bindings)
    rows, sizes, names, apart = start.rows, start.sizes, start.names, start.apart
    shifts = np.zeros(len(rows), np.float32) if offsets is None else start.means_of(offsets)
    found = [start.merges]
    if needs_lists(len(rows)):
        groups = MeanGroups(rows, sizes, shifts, progress, lists, apart)
        found += _merge_by_lists(groups, names, len(vectors) + len(start.merges), progress)
        left = groups.alive
        rows, sizes, shifts, names = groups.means[left], groups.sizes[left], groups.offsets[left], names[left]
        apart = (np.cumsum(left) - 1)[groups.apart.pairs()]
    similarity = (rows @ rows.T).astype(np.float64)
    # As one sum, so that the matrix is symmetric to the last bit.
    similarity -= np.add.outer(shifts, shifts, dtype=np.float64)
    similarity[apart[:, 0], apart[:, 1]] = similarity[apart[:, 1], apart[:, 0]] = -np.inf
    found.append(dense_merges(similarity, sizes, names, len(vectors) + sum(map(len, found))))
    merges = np.concatenate(found)
    n_started = len(start.merges)
    merges[n_started:, 2] = np.maximum(1.0 - merges[n_started:, 2], SMALLEST_DISTANCE)
    return in_order(merges, len(vectors))


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
