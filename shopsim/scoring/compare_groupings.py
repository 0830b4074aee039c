"""Two groupings of the same photos: which models got better or worse, and which pairs of photos changed."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

import numpy as np

from shopsim.base.labels import UNLABELLED
from shopsim.scoring.confusion import contingency

VERDICTS = ("same model", "different models", "not known")
"""What a pair of photos shows; not known where one of the two has no label."""
# Steps of this share of a circle never come back near where they were: Vogel 1979.
_GOLDEN = 0.6180339887498949


@dataclass(frozen=True, eq=False)
class ModelChange:
    """How each model fares in A and in B; arrays of (m,), the models that fare differently, most changed first.

    models: int64 indices of the models. before, after: float64 pair scores in A and in B, 0 to 1, as `model_scores`.
    """

    models: np.ndarray
    before: np.ndarray
    after: np.ndarray

    @property
    def gain(self) -> np.ndarray:
        """(m,) float64, above 0 where B is better."""
        return self.after - self.before

    def better(self) -> np.ndarray:
        """(k,) int64 places of the models that B groups better, the most improved first."""
        return np.flatnonzero(self.gain > 0)

    def worse(self) -> np.ndarray:
        """(k,) int64 places of the models that B groups worse, the most spoilt first."""
        return np.flatnonzero(self.gain < 0)


def model_scores(labels_true: np.ndarray, labels_pred: np.ndarray) -> np.ndarray:
    """(n_models,) float64: pair F1 of each model, 0 to 1, 1 if it has a group of its own and all of it is there.

    labels_true: (n,) model indices from 0, or UNLABELLED; labels_pred: (n,) group indices from 0.
    Of the pairs of labelled photos that hold a photo of the model: right are those of two photos of the model in one
    group, wrong those of two photos of it in two groups or of one in a group with another model's photo;
    F1 = 2 right / (2 right + wrong). NaN for a model without photos, 1 for one whose only photo is alone.
    """
    table = contingency(labels_true, labels_pred)
    of_model = table.sum(axis=1).astype(np.float64)
    squares = table.multiply(table).sum(axis=1).astype(np.float64)
    right = (squares - of_model) / 2
    apart = of_model * (of_model - 1) / 2 - right
    with_others = table.astype(np.float64) @ table.sum(axis=0) - squares
    whole = 2 * right + apart + with_others
    scores = np.divide(2 * right, whole, out=np.ones_like(whole), where=whole > 0)
    return np.where(of_model > 0, scores, np.nan)


def compare_models(labels_true: np.ndarray, labels_a: np.ndarray, labels_b: np.ndarray) -> ModelChange:
    """The models whose `model_scores` differ between the groupings A and B; of equal changes the larger model first."""
    before, after = model_scores(labels_true, labels_a), model_scores(labels_true, labels_b)
    sizes = np.bincount(labels_true[labels_true != UNLABELLED], minlength=len(before))
    change = np.where(np.isnan(before), 0.0, np.abs(after - before)).round(12)
    order = np.lexsort((-sizes, -change))
    models = order[change[order] > 0]
    return ModelChange(models, before[models], after[models])


class ChangedPairs:
    """The unordered pairs of photos that are in one group in `together` and in two groups in `apart`.

    together, apart: (n,) group indices from 0; labels_true: (n,) integers or UNLABELLED, None without labels.
    Any of them is found by its number, without a list of all: of 10,000 photos there may be 50 million.
    counts: how many pairs each of VERDICTS has.
    """

    def __init__(self, together: np.ndarray, apart: np.ndarray, labels_true: np.ndarray | None) -> None:
        n_images = len(together)
        truth = np.full(n_images, UNLABELLED) if labels_true is None else labels_true
        self._together, self._apart, self._truth = together, apart, truth
        # A pair belongs to its first photo: how many partners of each kind stand behind it.
        labelled = truth != UNLABELLED
        changed = _behind(together) - _behind(together, apart)
        same = np.zeros(n_images, np.int64)
        known = np.zeros(n_images, np.int64)
        rows = np.flatnonzero(labelled)
        group, other, model = together[rows], apart[rows], truth[rows]
        same[rows] = _behind(group, model) - _behind(group, other, model)
        known[rows] = _behind(group) - _behind(group, other)
        of_kind = dict(zip(VERDICTS, (same, known - same, changed - known), strict=True))
        self._ends = {verdict: np.cumsum(per_photo) for verdict, per_photo in of_kind.items()}
        self.counts = {verdict: int(ends[-1]) if n_images else 0 for verdict, ends in self._ends.items()}

    def pairs(self, verdict: str, start: int, stop: int) -> np.ndarray:
        """(m, 2) int64 rows of photos, m at most stop - start: a page of the pairs of that verdict.

        Each pair stands on one page; neighbours on a page come from all over the photos, since the partners of one
        photo beside each other would show the same change again and again.
        """
        total = self.counts[verdict]
        numbers = range(start, min(stop, total))
        step = _spreading_step(total)
        return np.array([self._pair(verdict, number * step % total) for number in numbers], np.int64).reshape(-1, 2)

    def _pair(self, verdict: str, number: int) -> tuple[int, int]:
        """The pair of that number, counted by its first photo and then by its second."""
        ends = self._ends[verdict]
        first = int(np.searchsorted(ends, number, side="right"))
        before = int(ends[first - 1]) if first else 0
        behind = slice(first + 1, None)
        fits = (self._together[behind] == self._together[first]) & (self._apart[behind] != self._apart[first])
        fits &= self._has_verdict(verdict, first, self._truth[behind])
        return first, first + 1 + int(np.flatnonzero(fits)[number - before])

    def _has_verdict(self, verdict: str, first: int, others: np.ndarray) -> np.ndarray:
        own = self._truth[first]
        known = (others != UNLABELLED) & (own != UNLABELLED)
        same = known & (others == own)
        return dict(zip(VERDICTS, (same, known & ~same, ~known), strict=True))[verdict]


def _behind(*keys: np.ndarray) -> np.ndarray:
    """(n,) int64: how many later photos have the same keys as each; keys: (n,) integers each."""
    n_images = len(keys[0])
    order = np.lexsort((np.arange(n_images), *keys))
    starts = np.ones(n_images, bool)
    starts[1:] = np.any([key[order][1:] != key[order][:-1] for key in keys], axis=0)
    first = np.flatnonzero(starts)
    sizes = np.diff(first, append=n_images)
    behind = np.empty(n_images, np.int64)
    behind[order] = np.repeat(first + sizes, sizes) - 1 - np.arange(n_images)
    return behind


def _spreading_step(total: int) -> int:
    """Returns a step that visits every number below `total` once, so that neighbours lie far apart."""
    step = max(1, round(total * _GOLDEN))
    while gcd(step, total) > 1:
        step += 1
    return step
