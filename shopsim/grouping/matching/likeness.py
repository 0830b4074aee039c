"""Says how alike new photos and groups are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

Rule = Literal["mean", "nearest"]
"""How alike a photo and a group are. mean: the mean similarity to all photos of the group. nearest: the mean similarity
to those three photos of the group that are nearest to the photo."""
RULES: tuple[Rule, ...] = ("mean", "nearest")
_N_NEAREST = 3
_BLOCK_ROWS = 512
# All similarities of a block take 64 MB.
_BLOCK_NUMBERS = 1 << 24


@dataclass(frozen=True, eq=False)
class Members:
    """The photos of all groups, group by group.

    vectors: (n, d) float32 unit rows; labels_pred: (n,) int64, any numbers, one group each.
    """

    vectors: np.ndarray
    labels_pred: np.ndarray

    @cached_property
    def order(self) -> np.ndarray:
        """(n,) int64 places of the photos, group by group."""
        return np.argsort(self.labels_pred, kind="stable")

    @cached_property
    def groups(self) -> np.ndarray:
        """(k,) int64 the groups' numbers, rising."""
        return np.unique(self.labels_pred)

    @cached_property
    def starts(self) -> np.ndarray:
        """(k,) int64 the place in `order` at which each group starts."""
        return np.searchsorted(self.labels_pred[self.order], self.groups)

    @cached_property
    def sizes(self) -> np.ndarray:
        """(k,) int64 photos per group."""
        return np.diff(self.starts, append=len(self.order))

    @cached_property
    def sorted_vectors(self) -> np.ndarray:
        """(n, d) float32 vectors in `order`."""
        return self.vectors[self.order]


@dataclass(frozen=True, eq=False)
class Likeness:
    """How alike m photos are to the groups and to single photos; cosines, -1 to 1.

    best, second: (m,) int64 numbers of the two most alike groups, -1 where there is none. of_best, of_second: (m,)
    float64, how alike they are by the rule, NaN where there is none. nearest: (m, k) int64 places of the most similar
    photos, the most similar first; similarity: (m, k) float64.
    """

    best: np.ndarray
    second: np.ndarray
    of_best: np.ndarray
    of_second: np.ndarray
    nearest: np.ndarray
    similarity: np.ndarray


def likeness(vectors: np.ndarray, members: Members, rule: Rule, n_nearest: int = 1) -> Likeness:
    """Compares (m, d) float32 unit rows with every group. At least one member is needed.

    Of groups that are equally alike, the one with the smallest number comes first.
    """
    k = min(n_nearest, len(members.order))
    parts = [_of_block(block, members, rule, k) for block in _blocks(vectors, len(members.order))]
    if not parts:
        parts = [_of_block(np.zeros((0, members.vectors.shape[1]), np.float32), members, rule, k)]
    return Likeness(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _blocks(vectors: np.ndarray, n_members: int) -> Iterator[np.ndarray]:
    rows = max(1, min(_BLOCK_ROWS, _BLOCK_NUMBERS // n_members))
    return (vectors[start : start + rows] for start in range(0, len(vectors), rows))


def _of_block(vectors: np.ndarray, members: Members, rule: Rule, k: int) -> tuple[np.ndarray, ...]:
    # Rounding may give a hair above 1.
    similarity = np.clip(vectors @ members.sorted_vectors.T, -1, 1)
    scores = _means(similarity, members) if rule == "mean" else _of_nearest(similarity, members)
    rows = np.arange(len(vectors))
    best = scores.argmax(axis=1)
    of_best = scores[rows, best]
    others = scores.copy()
    others[rows, best] = -np.inf
    second = others.argmax(axis=1)
    alone = len(members.groups) == 1
    nearest, of_nearest = _nearest(similarity, k)
    return (
        members.groups[best],
        np.full(len(rows), -1) if alone else members.groups[second],
        of_best,
        np.full(len(rows), np.nan) if alone else others[rows, second],
        members.order[nearest],
        of_nearest,
    )


def _means(similarity: np.ndarray, members: Members) -> np.ndarray:
    """Returns (m, n_groups) float64 means of each group's similarities."""
    return np.add.reduceat(similarity, members.starts, axis=1, dtype=np.float64) / members.sizes


def _of_nearest(similarity: np.ndarray, members: Members) -> np.ndarray:
    """Returns (m, n_groups) float64 means of each group's _N_NEAREST highest similarities; of all if it has fewer."""
    scores = np.empty((len(similarity), len(members.groups)))
    # Groups of one size at once, since a step per group takes long where there are thousands of groups.
    for size in np.unique(members.sizes):
        groups = np.flatnonzero(members.sizes == size)
        own = similarity[:, members.starts[groups][:, None] + np.arange(size)]
        if size > _N_NEAREST:
            own = np.partition(own, size - _N_NEAREST, axis=2)[:, :, size - _N_NEAREST :]
        scores[:, groups] = own.mean(axis=2, dtype=np.float64)
    return scores


def _nearest(similarity: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns (m, k) int64 columns of the highest similarities, the highest first, and these as float64."""
    found = np.argpartition(-similarity, k - 1, axis=1)[:, :k]
    values = np.take_along_axis(similarity, found, axis=1)
    order = np.lexsort((found, -values))
    return np.take_along_axis(found, order, axis=1), np.take_along_axis(values, order, axis=1).astype(np.float64)
