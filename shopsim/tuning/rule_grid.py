"""The best cuts for trees of validation models: found on a grid, each point judged together with its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shopsim.clusterers import Tree
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.scoring.curve import threshold_curve
from shopsim.tuning.branch_cuts import CutRule, ari_of_cuts
from shopsim.tuning.control_values import Portable, ari_at, ari_of, values_between
from shopsim.tuning.size_prior import SizePrior

SIZE_POWERS = (0.0, 0.5, 0.75, 1.0)
PRIOR_WEIGHTS = (0.0, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""In units of the spread of the trees' merge similarities."""
# Quantiles of the merge similarities, closer together at the last merges, which join whole groups.
_QUANTILES = (*np.linspace(0.0, 0.3, 15), *np.linspace(0.37, 0.93, 9))
# A good rule has good neighbours; one good point among bad ones is chance.
_THRESHOLD_KERNEL = np.array([1.0, 2.0, 3.0, 2.0, 1.0]) / 9
_WEIGHT_KERNEL = np.array([1.0, 2.0, 1.0]) / 4
# Where each value needs a new clustering there are half as many values, so one neighbour is as far away as two.
_COARSE_KERNEL = np.array([1.0, 2.0, 1.0]) / 4

Rule = CutRule | Portable
"""How a tree is cut: average linkage branch by branch, any other clustering at one value of its control."""


@dataclass(frozen=True)
class BestRules:
    """The best rule for each size power, best first; for a clustering that is cut at one value, the best value.

    scores: mean ARI over the trees. smooth_scores: the mean of that score and those of the neighbours on the grid; the
    rules are ordered by it.
    """

    rules: tuple[Rule, ...]
    scores: tuple[float, ...]
    smooth_scores: tuple[float, ...]


def best_rules(trees: Sequence[MergeTree], labels_true: Sequence[np.ndarray], priors: Sequence[SizePrior]) -> BestRules:
    """The best rules for average-linkage trees of two photos or more. labels_true, priors: one per tree.

    priors: each counts the models that its tree is tuned on, never the tree's own models.
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


def best_values(trees: Sequence[Tree], labels_true: Sequence[np.ndarray], photos_per_model: float) -> BestRules:
    """The best value for trees of one clusterer that is cut at one value; its neighbours count as they do for rules.

    photos_per_model: of the tuning models, from which numbers of groups are tried.
    """
    of_merges = all(isinstance(tree, MergeTree) for tree in trees)
    values = _on_quantiles(trees) if of_merges else values_between([tree.control for tree in trees], photos_per_model)
    given = zip(trees, labels_true, strict=True)
    scores = np.mean([_ari_of_values(tree, truth, values) for tree, truth in given], axis=0)
    smooth = _along_thresholds(scores, _THRESHOLD_KERNEL if of_merges else _COARSE_KERNEL)
    best = int(smooth.argmax())
    return BestRules((values[best],), (float(scores[best]),), (float(smooth[best]),))


def given_count(
    trees: Sequence[Tree], labels_true: Sequence[np.ndarray], photos_per_model: Sequence[float], of_all: float
) -> BestRules:
    """The number of groups as the contest baseline chooses it, which is not tuned: photos / photos per tuning model.

    photos_per_model: one per tree, of the models that it is tuned on. of_all: of all tuning models, for other photos.
    """
    given = zip(trees, labels_true, photos_per_model, strict=True)
    score = float(np.mean([ari_of(tree, truth, Portable("count", mean)) for tree, truth, mean in given]))
    return BestRules((Portable("count", of_all),), (score,), (score,))


def rule_grid(trees: Sequence[MergeTree]) -> tuple[np.ndarray, tuple[int, int, int]]:
    """(n_rules, 3) rules, columns as in `CutRule`, and the numbers of thresholds, size powers and prior weights."""
    similarities = np.concatenate([tree.merge_similarities for tree in trees])
    thresholds = np.unique(np.quantile(similarities, _QUANTILES))
    weights = np.array(PRIOR_WEIGHTS) * max(float(similarities.std()), 1e-6)
    axes = np.meshgrid(thresholds, SIZE_POWERS, weights, indexing="ij")
    return np.stack([axis.ravel() for axis in axes], axis=1), axes[0].shape


def _on_quantiles(trees: Sequence[MergeTree]) -> list[Portable]:
    """Rising values, at the same quantiles of the merge similarities as the thresholds of rules."""
    similarities = np.concatenate([tree.merge_similarities for tree in trees])
    # The default of a control can be a special value, such as "nothing is merged further".
    opened = [tree.control.default for tree in trees if not tree.control.is_a_threshold]
    values = np.unique([*np.quantile(similarities, _QUANTILES), *opened])
    return [Portable("similarity", float(value)) for value in values]


def _ari_of_values(tree: Tree, labels_true: np.ndarray, values: Sequence[Portable]) -> np.ndarray:
    """(m,) float64 ARI of the tree cut at each of m values."""
    if isinstance(tree, MergeTree):
        # The tree is walked once, whatever the number of values.
        at = np.array([value.on(tree.control, tree.n_images) for value in values])
        return ari_at(threshold_curve(tree, labels_true), at)
    return np.array([ari_of(tree, labels_true, value) for value in values])


def _smoothed(scores: np.ndarray) -> np.ndarray:
    from scipy.ndimage import correlate1d

    return correlate1d(_along_thresholds(scores, _THRESHOLD_KERNEL), _WEIGHT_KERNEL, axis=2, mode="nearest")


def _along_thresholds(scores: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    from scipy.ndimage import correlate1d

    return correlate1d(scores, kernel, axis=0, mode="nearest")
