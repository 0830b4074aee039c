"""The one number that cuts a clustering, in units that hold for any number of photos, and how to find the best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from shopsim.base.labels import UNLABELLED
from shopsim.base.work.progress import Progress, silent
from shopsim.clusterers import Control, Tree
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.clusterers.thresholds import of_each_cut
from shopsim.scoring.curve import Curve, threshold_curve
from shopsim.scoring.evaluation import evaluate

KINDS = ("similarity", "count", "resolution")
_PER_MODEL = (0.5, 0.65, 0.8, 1.0, 1.25, 1.6, 2.0)
_N_VALUES = 13
# About how many values `best_value` tries; only the progress bar depends on it.
_TRIED = {"count": 7, "resolution": 14, "similarity": 14}


@dataclass(frozen=True)
class Portable:
    """A value that carries over to other photos.

    kind: of the control. value: for a similarity or a resolution the number itself, for a count the photos per group.
    """

    kind: str
    value: float

    @property
    def threshold(self) -> float:
        """The value as a number: a similarity, a resolution, or photos per group."""
        return self.value

    def raised(self, step: float) -> Portable:
        """The value with `step` more similarity; a count and a resolution stay as they are."""
        # From 100 % on only copies are joined, however many photos there are.
        if self.kind != "similarity" or self.value >= 1.0:
            return self
        return replace(self, value=self.value + step)

    def on(self, control: Control, n_images: int) -> float:
        """The value of another tree's control, within its range."""
        value = max(1, round(n_images / self.value)) if self.kind == "count" else self.value
        # A threshold outside the range of a merge tree's slider still cuts it.
        return (
            value if self.kind == "similarity" and control.joins else float(np.clip(value, control.low, control.high))
        )

    def cut(self, tree: Tree, n_images: int) -> np.ndarray:
        """(n_images,) int64 groups of another tree, numbered by first appearance."""
        return tree.cut(self.on(tree.control, n_images))


def best_value(
    trees: Sequence[Tree], labels_true: Sequence[np.ndarray], photos_per_model: float
) -> tuple[Portable, float]:
    """The value with the highest mean ARI over trees of the same clusterer, and that ARI.

    For merge trees every possible threshold is tried. For other trees a grid is tried: photos per group from half to
    twice those of the tuning models, or values spread over the control's range.
    """
    if all(isinstance(tree, MergeTree) for tree in trees):
        threshold, score = best_on_average([threshold_curve(*pair) for pair in zip(trees, labels_true, strict=True)])
        return Portable("similarity", threshold), score
    tried = values_between([tree.control for tree in trees], photos_per_model)
    scores = [np.mean([ari_of(*pair, value) for pair in zip(trees, labels_true, strict=True)]) for value in tried]
    best = int(np.argmax(scores))
    return tried[best], float(scores[best])


def best_here(tree: Tree, labels_true: np.ndarray, progress: Progress = silent) -> float:
    """The value of the tree's control with the highest ARI on these photos; progress counts the cuts.

    labels_true: (n_images,) integers; UNLABELLED photos are not scored.
    """
    known = labels_true[labels_true != UNLABELLED]
    counted = tree if isinstance(tree, MergeTree) else _Counted(tree, progress)
    best, _ = best_value([counted], [labels_true], len(known) / len(np.unique(known)))
    return best.on(tree.control, len(labels_true))


@dataclass
class _Counted:
    """A clustering that reports each cut, so that the search for the best one shows its progress and can be stopped."""

    tree: Tree
    progress: Progress
    control: Control = field(init=False)
    n_cuts: int = 0

    def __post_init__(self) -> None:
        self.control = self.tree.control

    def cut(self, value: float) -> np.ndarray:
        self.progress(self.n_cuts, max(_TRIED[self.control.kind], self.n_cuts + 1))
        self.n_cuts += 1
        return self.tree.cut(value)


def ari_of(tree: Tree, labels_true: np.ndarray, value: Portable) -> float:
    """ARI of the tree cut at the value."""
    return evaluate(labels_true, value.cut(tree, len(labels_true))).ari


def best_on_average(curves: Sequence[Curve]) -> tuple[float, float]:
    """The threshold with the highest mean ARI, and that ARI. Among equals the threshold farthest from the next merges
    wins.
    """
    # Between two neighbouring merges of any tree nothing changes, so this tries every threshold that matters.
    similarities = np.unique(np.concatenate([curve.similarity[1:] for curve in curves]))[::-1]
    thresholds = of_each_cut(similarities)
    scores = np.mean([ari_at(curve, thresholds) for curve in curves], axis=0)
    room = -np.diff(np.concatenate([[1.0], similarities, [-1.0]]))
    best = np.lexsort((room, scores.round(12)))[-1]
    return float(thresholds[best]), float(scores[best])


def ari_at(curve: Curve, thresholds: np.ndarray) -> np.ndarray:
    """(m,) float64 ARI of the curve's tree cut at each of (m,) thresholds."""
    # A threshold gives the groups of the last point at or above it; points fall in similarity.
    point = np.searchsorted(-curve.similarity, -thresholds, side="right") - 1
    return curve.ari[point.clip(min=0)]


def values_between(controls: Sequence[Control], photos_per_model: float) -> list[Portable]:
    """Values to try, rising: about a dozen over the range of the controls, which are all of one kind.

    For a count they are always the same few, around the photos per model of the tuning models.
    """
    kind = controls[0].kind
    if kind == "count":
        return [Portable(kind, photos_per_model * factor) for factor in _PER_MODEL]
    low, high = min(control.low for control in controls), max(control.high for control in controls)
    values = (
        np.geomspace(low, high, _N_VALUES) if kind == "resolution" and low > 0 else np.linspace(low, high, _N_VALUES)
    )
    # The default too: for some it is a special value, such as "nothing is merged further".
    return [Portable(kind, float(value)) for value in np.unique([*values, *(control.default for control in controls)])]
