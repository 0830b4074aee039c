"""Computes the scores at every threshold at which the groups of a tree change, exactly, in one walk over the merges."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from shopsim.base.labels import UNLABELLED
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.clusterers.thresholds import of_each_cut
from shopsim.scoring.evaluation import PairCounts, model_codes, pairs_within

_AHEAD = 256
_FEW = 1000


@dataclass(frozen=True, eq=False)
class CountCurve:
    """How many groups each threshold gives: one point for all singletons, then one per distinct merge similarity.

    similarity: (m,) float64, falling; the highest threshold that still gives the point's groups, 1.0 or just
        above for all singletons.
    threshold: (m,) float64; one well inside the thresholds that give the point's groups, with few decimals: the
        one to take when a person picks the point, since rounding it to a slider's step is least likely to
        change the groups.
    n_groups: (m,) int64, falling.
    """

    similarity: np.ndarray
    threshold: np.ndarray
    n_groups: np.ndarray

    def __len__(self) -> int:
        return len(self.similarity)

    def thin(self, limit: int = 1000) -> Self:
        """At most `limit` of the points, and the best one: enough to draw, both ends kept.

        Spread half by rank and half by similarity: most merges crowd into a narrow band of similarities, and
        the few at the end that join whole groups span the rest.
        """
        if len(self) <= limit:
            return self
        rank = np.linspace(0.0, 1.0, len(self))
        fall = (self.similarity[0] - self.similarity) / (self.similarity[0] - self.similarity[-1])
        kept = np.searchsorted(rank + fall, np.linspace(0.0, 2.0, limit)).clip(max=len(self) - 1)
        kept = np.union1d(kept, self._always_kept())
        return self._at(kept)

    def drawn(self, low: float, value: float, width: int = 1200, height: int = 320) -> Self:
        """Returns so many points that the drawing is exact to a pixel, whatever the number of photos.

        low: the lowest similarity that is drawn; value: the current threshold; width, height: of the drawing in pixels.
        From the highest similarity down, a point is kept if it is a pixel or more away from the point kept last: to the
        side, or up or down in one of the drawn lines. So each point that is left out lies within a pixel of one that is
        drawn. Both ends, the best point and the point of the current threshold are always kept, and all of _FEW points.
        """
        if len(self) <= _FEW:
            return self
        across = np.maximum(self.similarity, low) * (width / max(1.0 - low, 1e-9))
        kept = _a_pixel_apart(np.stack([across, *(line * height for line in self._lines())], axis=1))
        current = np.searchsorted(-self.similarity, -value, side="right") - 1
        return self._at(np.union1d(kept, [*self._always_kept(), max(int(current), 0)]))

    def _lines(self) -> list[np.ndarray]:
        """Returns the lines that are drawn, (m,) float64 each, from 0 to 1."""
        return [self.n_groups / max(int(self.n_groups[0]), 1)]

    def _at(self, kept: np.ndarray) -> Self:
        return type(self)(**{field.name: getattr(self, field.name)[kept] for field in fields(self)})

    def _always_kept(self) -> list[int]:
        return [0, len(self) - 1]


@dataclass(frozen=True, eq=False)
class Curve(CountCurve):
    """The same with the scores over the labelled photos, each (m,) float64.

    fp, fn: (m,) int64, pairs wrongly together and wrongly apart. n_scored: (m,) int64, the labelled photos.
    """

    ari: np.ndarray
    precision: np.ndarray
    recall: np.ndarray
    f1: np.ndarray
    fp: np.ndarray
    fn: np.ndarray
    n_scored: np.ndarray

    @property
    def best(self) -> int:
        """Index of the highest ARI; of equals the one with the highest similarity."""
        return int(np.argmax(self.ari))

    @property
    def best_threshold(self) -> float:
        """The threshold to set for the highest ARI."""
        return float(self.threshold[self.best])

    def _always_kept(self) -> list[int]:
        return [*super()._always_kept(), self.best]

    def _lines(self) -> list[np.ndarray]:
        return [self.ari, self.precision, self.recall]


def _a_pixel_apart(points: np.ndarray) -> np.ndarray:
    """(k,) int64 places, rising from 0: each point is a pixel or more away from the one before in some coordinate.

    points: (m, c) float64 in pixels. Only a stretch of _AHEAD points is looked at once: the next one is mostly near.
    """
    kept, start = [0], 1
    while start < len(points):
        stretch = points[start : start + _AHEAD]
        far = (np.abs(stretch - points[kept[-1]]) >= 1.0).any(axis=1)
        first = int(far.argmax())
        if far[first]:
            kept.append(start + first)
            start += first + 1
        else:
            start += len(stretch)
    return np.array(kept, dtype=np.int64)


def count_curve(tree: MergeTree) -> CountCurve:
    """Counts the groups at each threshold; needs no labels."""
    last, similarity = _distinct_cuts(tree)
    return CountCurve(similarity, of_each_cut(tree.similarities), tree.n_images - last)


def threshold_curve(tree: MergeTree, labels_true: np.ndarray) -> Curve:
    """Computes the exact scores of all cuts of the tree.

    labels_true: (n_images,) integers; UNLABELLED photos are grouped and not scored.
    Merges at one similarity happen together, so only the last of them gives a point.

    Raises ValueError if the lengths differ.
    """
    models = model_codes(labels_true)
    if len(models) != tree.n_images:
        raise ValueError(f"{len(models)} true labels do not match a tree of {tree.n_images} photos.")
    of_models = np.bincount(models[models != UNLABELLED])
    of_one_model, n_scored = pairs_within(of_models), int(of_models.sum())
    joined_right, joined = joined_pairs(tree.linkage, models.tolist())
    counts = count_curve(tree)
    last = (tree.n_images - counts.n_groups).tolist()
    points = [PairCounts.from_sums(joined_right[i], joined[i], of_one_model, n_scored) for i in last]
    scores = {name: np.array([getattr(p, name) for p in points]) for name in ("ari", "precision", "recall", "f1")}
    wrong = {name: np.array([getattr(p, name) for p in points], np.int64) for name in ("fp", "fn")}
    scored = np.full(len(points), n_scored, np.int64)
    return Curve(counts.similarity, counts.threshold, counts.n_groups, **scores, **wrong, n_scored=scored)


def _distinct_cuts(tree: MergeTree) -> tuple[np.ndarray, np.ndarray]:
    """How many merges each distinct cut makes, the fewest first, and the highest threshold that makes them."""
    top = tree.similarities.max(initial=0.0)
    return tree.merges_of_cuts, np.concatenate([[1.0 if top < 1.0 else np.nextafter(top, 2.0)], tree.similarities])


def joined_pairs(linkage: np.ndarray, models: list[int]) -> tuple[list[int], list[int]]:
    """Pairs of labelled photos joined rightly, and joined at all, after 0, 1, ... merges.

    linkage: (n - 1, 4) as scipy's; models: one per photo, UNLABELLED for a photo not counted.
    Each group keeps how many photos of each model it has; the group with fewer models is counted into the other,
    so that n merges cost n log n steps. Python's integers don't overflow, and 10,000 photos take milliseconds.
    """
    groups = [{model: 1} if model != UNLABELLED else {} for model in models]
    sizes = [len(group) for group in groups]
    joined_right, joined = [0], [0]
    for left, right in linkage[:, :2].astype(np.int64).tolist():
        large, small = groups[left], groups[right]
        if len(large) < len(small):
            large, small = small, large
        right_pairs = 0
        for model, count in small.items():
            before = large.get(model, 0)
            right_pairs += before * count
            large[model] = before + count
        groups.append(large)
        joined_right.append(joined_right[-1] + right_pairs)
        joined.append(joined[-1] + sizes[left] * sizes[right])
        sizes.append(sizes[left] + sizes[right])
    return joined_right, joined
