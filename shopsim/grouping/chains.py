"""Finds groups whose photos are connected only by a chain of others, and splits them by the strict rule."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from shopsim.base.labels import by_first_appearance
from shopsim.base.rows import distinct_rows, unit_rows
from shopsim.clusterers import Tree
from shopsim.clusterers.bindings import Bindings
from shopsim.clusterers.distance_trees import memory_of_distances, tree_from_distances
from shopsim.clusterers.distances import condensed_distances, similarity_of
from shopsim.clusterers.memory import check_needed
from shopsim.clusterers.merge_tree import DECIMALS

# All similarities of a group of so many photos at once take 64 MB; of a larger one a row at a time.
AT_ONCE = 4096


@dataclass(frozen=True, eq=False)
class Extents:
    """How far apart the photos of each group are; cosines, -1 to 1.

    weakest_link: (n_groups,) float64, the lowest similarity on the group's maximum spanning tree: at any higher
        threshold it is no longer in one piece. diameter: (n_groups,) float64, the similarity of its two least
        similar photos. Both are 1 for one photo, or copies of one.
    typical: the mean similarity of any two photos of the catalogue.
    """

    weakest_link: np.ndarray
    diameter: np.ndarray
    typical: float

    def chained(self, threshold: float) -> np.ndarray:
        """(n_groups,) bool: whether a group's two least similar photos are about as unlike as two random photos.

        Exactly: their similarity is nearer to the mean similarity of two photos of the catalogue than to the
        threshold. This rule works for every extractor and space, whatever their scale of similarities.
        """
        return self.diameter < (threshold + self.typical) / 2


def extents(labels_pred: np.ndarray, vectors: np.ndarray) -> Extents:
    """Measures how far apart the photos of each group are.

    labels_pred: (n,) int64 groups 0..n_groups-1; vectors: (n, d) in the space the photos were grouped in.
    Exact; time grows with the squares of the groups' sizes, memory with the largest group at most.
    """
    units = unit_rows(vectors)
    # Copies are as alike as can be, rows of zeros too, though their product is 0.
    identity = distinct_rows(np.asarray(vectors, dtype=np.float32))[1]
    _, first = np.unique(np.stack([labels_pred, identity]), axis=1, return_index=True)
    found = [_extent(units[rows]) for rows in _rows_of_each(labels_pred[first], first)]
    columns = np.array(found, dtype=np.float64).reshape(-1, 2)
    return Extents(columns[:, 0], columns[:, 1], _typical(units))


def extent_of(rows: np.ndarray, vectors: np.ndarray) -> Extents:
    """Returns the extents of one group, as if it were the only one. rows: (k,) int64, its photos."""
    alone = extents(np.zeros(len(rows), np.int64), vectors[rows])
    return replace(alone, typical=_typical(unit_rows(vectors)))


def _typical(units: np.ndarray) -> float:
    """Returns the mean similarity of any two of the unit rows, 0 for fewer than two."""
    n = len(units)
    own = float(np.einsum("ij,ij->", units, units, dtype=np.float64))
    pairs = float(np.square(units.sum(axis=0, dtype=np.float64)).sum()) - own
    return pairs / (n * (n - 1)) if n > 1 else 0.0


def split_strictly(
    labels_pred: np.ndarray, vectors: np.ndarray, threshold: float, bindings: Bindings | None = None
) -> np.ndarray:
    """Splits groups until any two photos of a group are at least as similar as the threshold, by complete linkage.

    labels_pred: (n,) int64 groups 0..n_groups-1; vectors: (n, d). Returns (n,) int64 by first appearance.
    bindings: photos that stay together however unlike they are, and pairs that are never in one group. Each of their
    closures must be in one group.
    Raises ShopsimError if a group is too large for the memory that is free.
    """
    labels, n_groups = np.zeros(len(labels_pred), dtype=np.int64), 0
    for rows in _rows_of_each(labels_pred, np.arange(len(labels_pred))):
        parts = _parts(vectors[rows], threshold, None if bindings is None else bindings.among(rows))
        labels[rows] = n_groups + parts
        n_groups += int(parts.max()) + 1
    return by_first_appearance(labels)


def cut_groups(tree: Tree, vectors: np.ndarray | None, bindings: Bindings | None, value: float) -> np.ndarray:
    """Returns (n,) int64 groups of a tree; splits them strictly if vectors are given."""
    labels_pred = tree.cut(value)
    return labels_pred if vectors is None else split_strictly(labels_pred, vectors, value, bindings)


def _rows_of_each(labels: np.ndarray, rows: np.ndarray) -> list[np.ndarray]:
    """Returns the rows of each group 0..n_groups-1, in order."""
    if not len(labels):
        return []
    order = np.lexsort((rows, labels))
    return np.split(rows[order], np.cumsum(np.bincount(labels))[:-1])


def _extent(units: np.ndarray) -> tuple[float, float]:
    """Returns weakest link and diameter of (m, d) distinct unit rows, by Prim's algorithm, one row at a time."""
    n = len(units)
    if n == 1:
        return 1.0, 1.0
    square = units @ units.T if n <= AT_ONCE else None
    # What each photo outside the tree has nearest inside; -inf once it is inside itself.
    nearest, outside = np.full(n, -np.inf, dtype=np.float32), np.ones(n, dtype=bool)
    weakest = diameter = 1.0
    photo = 0
    for _ in range(n - 1):
        row = units @ units[photo] if square is None else square[photo]
        diameter = min(diameter, float(row.min()))
        outside[photo] = False
        np.maximum(nearest, row, out=nearest, where=outside)
        nearest[photo] = -np.inf
        photo = int(nearest.argmax())
        weakest = min(weakest, float(nearest[photo]))
    return max(weakest, -1.0), max(diameter, -1.0)


def _parts(vectors: np.ndarray, threshold: float, bindings: Bindings | None) -> np.ndarray:
    """Returns (m,) int64: the part of one group that each photo belongs to, from 0."""
    n = len(vectors)
    if n == 1:
        return np.zeros(1, dtype=np.int64)
    if n > AT_ONCE:
        check_needed(memory_of_distances(*vectors.shape, bindings is not None), n)
    distances = condensed_distances(vectors)
    is_free = bindings is None or not len(bindings.apart)
    if is_free and similarity_of(np.round(distances.max(), DECIMALS)) >= threshold:
        return np.zeros(n, dtype=np.int64)
    return tree_from_distances(distances, n, "complete", bindings).cut(threshold)
