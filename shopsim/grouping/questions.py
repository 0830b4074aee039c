"""Questions to a person: pairs of photos whose answer is likely to change the groups of many photos.

Two kinds of pairs are doubtful. Two groups that are almost as similar as the threshold may show one model. A group that
is held together by a weak link, the last merge inside it, may show two. The photos that stand for both sides are the
most central ones.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from shopsim.clusterers.bindings import Bindings
from shopsim.grouping.inside_group import last_merges
from shopsim.grouping.near_groups import group_means

JOIN, PART = "join", "part"
Pairs = Collection[tuple[int, int]]

# Of so many largest groups the neighbours and the inside are looked at; small groups change few photos.
_MOST_JOINED, _MOST_PARTED = 2000, 200
_NEAREST, _LAST = 5, 4
# A similarity so far from the threshold makes the other answer e times less likely.
_SCALE = 0.03


@dataclass(frozen=True, eq=False)
class Question:
    """Do these two photos show the same model?

    kind: JOIN, two groups that are apart, or PART, two parts of one group. one, other: (k,) int64 rows of both sides,
    the most central photo first, the larger side first. similarity: mean similarity of both sides. chance: how likely
    the answer is to change the groups, above 0 to 1; only the order of chances has a meaning.
    """

    kind: Literal["join", "part"]
    one: np.ndarray
    other: np.ndarray
    similarity: float
    chance: float

    @property
    def pair(self) -> tuple[int, int]:
        """The two photos that are shown."""
        return int(self.one[0]), int(self.other[0])

    @property
    def n_changed(self) -> int:
        """How many photos change their group if the answer is not what the groups say now."""
        return len(self.other)

    @property
    def weight(self) -> float:
        """What the questions are sorted by: the expected number of pairs of photos that the answer changes."""
        return self.chance * len(self.one) * len(self.other)


def questions_of(
    labels_pred: np.ndarray,
    vectors: np.ndarray,
    threshold: float,
    bindings: Bindings | None = None,
    settled: Pairs = (),
    most: int = 20,
) -> list[Question]:
    """Returns the questions whose answer changes most, the one with the highest weight first.

    labels_pred: (n,) int64 groups 0..n_groups-1; vectors: (n, d) float32 unit rows; threshold: the mean cosine
    similarity at which two groups would merge, see `plain_threshold`. bindings: the corrections that the groups
    respect. settled: pairs of rows that were answered or left out. A question that has one of them on its two sides is
    not asked. Nor is one on two groups that corrections keep apart.
    """
    pairs = np.array(list(settled), dtype=np.int64).reshape(-1, 2)
    apart = np.zeros((0, 2), np.int64) if bindings is None else _kept_apart(bindings)
    never = np.concatenate([pairs, apart])
    asked = [*_joins(labels_pred, vectors, threshold, never), *_parts(labels_pred, vectors, threshold, pairs)]
    return sorted(asked, key=lambda question: (-question.weight, question.pair))[:most]


def _joins(labels: np.ndarray, vectors: np.ndarray, threshold: float, never: np.ndarray) -> Iterator[Question]:
    sizes = np.bincount(labels)
    groups = np.sort(np.argsort(-sizes, kind="stable")[:_MOST_JOINED])
    means = group_means(labels, vectors)[groups]
    likeness = means @ means.T
    np.fill_diagonal(likeness, -np.inf)
    place = np.full(len(sizes), -1)
    place[groups] = np.arange(len(groups))
    for one, other in place[labels[never]].tolist():
        if min(one, other) >= 0:
            likeness[one, other] = likeness[other, one] = -np.inf
    nearest = np.argsort(-likeness, axis=1, kind="stable")[:, :_NEAREST]
    found = {(min(one, other), max(one, other)) for one, row in enumerate(nearest.tolist()) for other in row}
    rows = _central_rows(labels, vectors)
    for one, other in sorted(found):
        similarity = float(likeness[one, other])
        if np.isfinite(similarity):
            yield _question(JOIN, rows[groups[one]], rows[groups[other]], similarity, threshold - similarity)


def _kept_apart(bindings: Bindings) -> np.ndarray:
    """(m, 2) int64 rows of photos that corrections keep apart."""
    return np.unique(bindings.closure, return_index=True)[1][bindings.apart]


def _parts(labels: np.ndarray, vectors: np.ndarray, threshold: float, settled: np.ndarray) -> Iterator[Question]:
    sizes = np.bincount(labels)
    for group in np.argsort(-sizes, kind="stable")[:_MOST_PARTED].tolist():
        if sizes[group] < 2:
            return
        rows = np.flatnonzero(labels == group)
        for one, other, similarity in last_merges(vectors, rows, _LAST):
            sides = np.isin(settled, one).astype(int) + 2 * np.isin(settled, other)
            if not ((sides == [1, 2]).all(axis=1) | (sides == [2, 1]).all(axis=1)).any():
                yield _question(
                    PART, _central(one, vectors), _central(other, vectors), similarity, similarity - threshold
                )


def _question(
    kind: Literal["join", "part"], one: np.ndarray, other: np.ndarray, similarity: float, gap: float
) -> Question:
    larger, smaller = (one, other) if len(one) >= len(other) else (other, one)
    return Question(kind, larger, smaller, similarity, float(np.exp(-max(gap, 0.0) / _SCALE)))


def _central_rows(labels: np.ndarray, vectors: np.ndarray) -> list[np.ndarray]:
    """Returns the rows of each group, the most central photo first."""
    order = np.argsort(labels, kind="stable")
    return [_central(rows, vectors) for rows in np.split(order, np.cumsum(np.bincount(labels))[:-1])]


def _central(rows: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    near = vectors[rows] @ vectors[rows].mean(axis=0)
    return rows[np.argsort(-np.round(near, 6), kind="stable")]
