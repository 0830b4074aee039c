"""What is tried on the tuning models, and which of it does best there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shopsim import ShopsimError
from shopsim.clusterers import clusterers
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.clusterers.thresholds import of_each_cut
from shopsim.curve import Curve, threshold_curve
from shopsim.folds import Fold, model_folds
from shopsim.memory import fit_in_memory
from shopsim.pipeline import Recipe
from shopsim.progress import Progress, silent
from shopsim.spaces import FittedSpace, spaces

_MAX_INNER = 5
_STRENGTHS = (0.25, 0.5, 0.75)
_LINKAGES = ("average", "complete")


@dataclass(frozen=True)
class Tuned:
    """A recipe with its threshold, and the mean ARI it reached on validation models."""

    recipe: Recipe
    threshold: float
    score: float


def default_candidates() -> list[Recipe]:
    """Raw and whitened at a few strengths, with the two linkages that hold up on unseen models."""
    in_space = [("raw", {}), *(("whitened", {"strength": strength}) for strength in _STRENGTHS)]
    return [Recipe(space, settings, linkage, {}) for space, settings in in_space for linkage in _LINKAGES]


def choose(
    vectors: np.ndarray,
    labels_true: np.ndarray,
    n_held_out: int,
    candidates: Sequence[Recipe],
    seed: int = 0,
    progress: Progress = silent,
) -> list[Tuned]:
    """The candidates with their best thresholds, best first, judged on validation models among these photos.

    vectors: (n, d) float32 unit rows of the tuning models only; labels_true: (n,) integers.
    n_held_out: photos that will be scored later. Validation models are about as many photos, since a good
    threshold depends on the size, and the space is fitted on the other tuning models, since one fitted on the
    scored photos flatters them.
    """
    inner = inner_folds(labels_true, n_held_out, seed)
    curves: list[list[Curve]] = [[] for _ in candidates]
    for number, fold in enumerate(inner):
        in_space: dict[str, np.ndarray] = {}
        for place, recipe in enumerate(candidates):
            progress(number * len(candidates) + place, len(inner) * len(candidates))
            if recipe.space_digest not in in_space:
                space = fit_space(vectors[fold.tuning], recipe)
                in_space[recipe.space_digest] = space.transform(vectors[fold.held_out])
            tree = tree_of(in_space[recipe.space_digest], recipe)
            curves[place].append(threshold_curve(tree, labels_true[fold.held_out]))
    tuned = [Tuned(recipe, *best_on_average(found)) for recipe, found in zip(candidates, curves, strict=True)]
    return sorted(tuned, key=lambda each: -each.score)


def inner_folds(labels_true: np.ndarray, n_held_out: int, seed: int) -> list[Fold]:
    """Up to five folds among the tuning models, each of about `n_held_out` photos.

    Too few models to split are judged on themselves, which flatters the candidates but not the held-out models.
    """
    wanted = max(2, round(len(labels_true) / n_held_out))
    try:
        return model_folds(labels_true, wanted, seed)[:_MAX_INNER]
    except ShopsimError:
        rows = np.arange(len(labels_true))
        return [Fold(rows, rows)]


def fit_space(vectors: np.ndarray, recipe: Recipe) -> FittedSpace:
    """The recipe's space, fitted on these rows."""
    return spaces.create(recipe.space, **recipe.space_settings).fit(vectors)


def tree_of(rows: np.ndarray, recipe: Recipe) -> MergeTree:
    """The recipe's merge tree of these rows.

    Raises TypeError if its clusterer gives none, ShopsimError if it would not fit in memory.
    """
    clusterer = clusterers.create(recipe.clusterer, **recipe.clusterer_settings)
    tree = fit_in_memory(clusterer, rows)
    if not isinstance(tree, MergeTree):
        raise TypeError(f"{recipe.clusterer} gives no merge tree")
    return tree


def best_on_average(curves: Sequence[Curve]) -> tuple[float, float]:
    """The threshold with the highest mean ARI and that ARI; of equals the one with the most room around it."""
    # Between two neighbouring merges of any of the trees nothing changes, so this looks at every threshold there is.
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
