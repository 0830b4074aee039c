"""The best cut rules for trees of validation models, looked for on a grid and judged by more than one point of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shopsim.clusterers.merge_tree import MergeTree
from shopsim.size_prior import SizePrior
from shopsim.tree_cuts import CutRule, ari_of_cuts

SIZE_POWERS = (0.0, 0.5, 0.75, 1.0)
PRIOR_WEIGHTS = (0.0, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""In units of the spread of the trees' merge similarities."""
# Of the merge similarities: the last merges, which join whole groups, are looked at more closely.
_QUANTILES = (*np.linspace(0.0, 0.3, 15), *np.linspace(0.37, 0.93, 9))
# A good rule has good neighbours: one good point among bad ones is luck.
_THRESHOLD_KERNEL = np.array([1.0, 2.0, 3.0, 2.0, 1.0]) / 9
_WEIGHT_KERNEL = np.array([1.0, 2.0, 1.0]) / 4


@dataclass(frozen=True)
class BestRules:
    """The best rule for each size power, best first.

    scores: mean ARI over the trees; smooth_scores: the same averaged with the neighbours on the grid, by which
    they are ordered.
    """

    rules: tuple[CutRule, ...]
    scores: tuple[float, ...]
    smooth_scores: tuple[float, ...]


def best_rules(trees: Sequence[MergeTree], labels_true: Sequence[np.ndarray], priors: Sequence[SizePrior]) -> BestRules:
    """For average-linkage trees of two photos or more: labels_true and priors one a tree.

    prior: of the models that the tree's are judged by, never of its own.
    """
    grid, shape = rule_grid(trees)
    given = zip(trees, labels_true, priors, strict=True)
    scores = np.mean([ari_of_cuts(tree, truth, grid, prior) for tree, truth, prior in given], axis=0)
    smooth = _smoothed(scores.reshape(shape)).ravel()
    power_of = grid[:, 1]
    best = [int(np.flatnonzero(power_of == power)[smooth[power_of == power].argmax()]) for power in SIZE_POWERS]
    best = sorted(best, key=lambda place: -smooth[place])
    return BestRules(
        tuple(CutRule(*map(float, grid[place])) for place in best),
        tuple(float(scores[place]) for place in best),
        tuple(float(smooth[place]) for place in best),
    )


def rule_grid(trees: Sequence[MergeTree]) -> tuple[np.ndarray, tuple[int, int, int]]:
    """(n_rules, 3) rules, columns as in `CutRule`, and the numbers of thresholds, size powers and prior weights."""
    similarities = np.concatenate([tree.merge_similarities for tree in trees])
    thresholds = np.unique(np.quantile(similarities, _QUANTILES))
    weights = np.array(PRIOR_WEIGHTS) * max(float(similarities.std()), 1e-6)
    axes = np.meshgrid(thresholds, SIZE_POWERS, weights, indexing="ij")
    return np.stack([axis.ravel() for axis in axes], axis=1), axes[0].shape


def _smoothed(scores: np.ndarray) -> np.ndarray:
    from scipy.ndimage import correlate1d

    along_thresholds = correlate1d(scores, _THRESHOLD_KERNEL, axis=0, mode="nearest")
    return correlate1d(along_thresholds, _WEIGHT_KERNEL, axis=2, mode="nearest")
