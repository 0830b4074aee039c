"""Tries recipes on the tuning models, each cut level at its best value, and orders them by score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.base.work.progress import Progress, silent
from shopsim.clusterers import Tree, clusterers
from shopsim.clusterers.memory import fit_in_memory
from shopsim.grouping.recipe import Recipe
from shopsim.scoring.folds import Fold, model_folds
from shopsim.spaces import FittedSpace, spaces
from shopsim.tuning.control_values import Portable, best_value

_MAX_INNER = 5
# (photos, rounds of validation folds): with few photos much is chance, and a round takes little time.
_ROUNDS = ((1000, 3), (2500, 2))
_FEWEST_FOLDS = 4


@dataclass(frozen=True)
class Tuned:
    """A recipe with the value of its control, and the mean ARI it reached on validation models."""

    recipe: Recipe
    value: Portable
    score: float

    @property
    def threshold(self) -> float:
        """The value as a number: a similarity, a resolution, or photos per group."""
        return self.value.threshold


class FoldRows:
    """The rows of each fold's held-out photos in a space that is fitted on the fold's tuning photos.

    Each space is fitted once per fold, however many clusterers use it. Rows in a space that needs no fit are not kept.
    vectors: (n, d) float32 unit rows; labels_true: (n,) integers, which only a space that learns sees.
    """

    def __init__(self, vectors: np.ndarray, labels_true: np.ndarray) -> None:
        self.vectors, self.labels_true = vectors, labels_true
        self._known: dict[str, dict[tuple[bytes, bytes], np.ndarray]] = {}

    def of(self, recipe: Recipe, fold: Fold) -> np.ndarray:
        """(m, d') float32 unit rows of the fold's m held-out photos in the recipe's space."""
        known = self._known.setdefault(recipe.space_digest, {})
        key = fold.tuning.tobytes(), fold.held_out.tobytes()
        if key in known:
            return known[key]
        space = fit_space(self.vectors[fold.tuning], recipe, self.labels_true[fold.tuning])
        rows = space.transform(self.vectors[fold.held_out])
        if space.arrays():
            known[key] = rows
        return rows

    def keep_only(self, recipe: Recipe) -> None:
        """Forgets the rows in every other space: with five folds, one space keeps about five rows per photo."""
        kept = self._known.get(recipe.space_digest, {})
        self._known = {recipe.space_digest: kept}


def choose(
    rows: FoldRows,
    tuning: np.ndarray,
    n_held_out: int,
    candidates: Sequence[Recipe],
    seed: int = 0,
    progress: Progress = silent,
) -> list[Tuned]:
    """The candidates with their best values, best first, judged on validation models among the tuning photos.

    tuning: (n,) numbers of these photos in `rows`. n_held_out: photos that will be scored later.
    There are about as many photos of validation models, since a good threshold depends on the number of photos. The
    space is fitted on the other tuning models, since one that is fitted on the scored photos flatters them.
    """
    labels_true = rows.labels_true[tuning]
    inner = inner_folds(labels_true, n_held_out, seed)
    trees: list[list[Tree]] = [[] for _ in candidates]
    for number, fold in enumerate(inner):
        among_all = Fold(tuning[fold.tuning], tuning[fold.held_out])
        for place, recipe in enumerate(candidates):
            progress(number * len(candidates) + place, len(inner) * len(candidates))
            trees[place].append(tree_of(rows.of(recipe, among_all), recipe, progress))
    truth = [labels_true[fold.held_out] for fold in inner]
    photos_per_model = len(labels_true) / len(np.unique(labels_true))
    tuned = [
        Tuned(recipe, *best_value(found, truth, photos_per_model))
        for recipe, found in zip(candidates, trees, strict=True)
    ]
    return sorted(tuned, key=lambda each: -each.score)


def inner_folds(labels_true: np.ndarray, n_held_out: int, seed: int, rounds: int = 1) -> list[Fold]:
    """Up to five folds per round among the tuning models, each of about `n_held_out` photos, no two alike.

    Models that are too few to be split are judged on themselves. That flatters the candidates, but not the held-out
    models.
    """
    wanted = max(2, round(len(labels_true) / n_held_out))
    try:
        folds = [model_folds(labels_true, wanted, seed + number)[:_MAX_INNER] for number in range(rounds)]
        # With few models one round uses several seeds, so two rounds may share folds.
        return list({fold.held_out.tobytes(): fold for round_ in folds for fold in round_}.values())
    except ShopsimError:
        rows = np.arange(len(labels_true))
        return [Fold(rows, rows)]


def validation_folds(labels_true: np.ndarray, n_held_out: int, seed: int) -> list[Fold]:
    """As many rounds of `inner_folds` as it takes to compare hundreds of cuts."""
    in_round = max(2, round(len(labels_true) / n_held_out))
    rounds = next((number for most, number in _ROUNDS if len(labels_true) <= most), 1)
    return inner_folds(labels_true, n_held_out, seed, max(rounds, -(-_FEWEST_FOLDS // in_round)))


def fit_space(vectors: np.ndarray, recipe: Recipe, labels_true: np.ndarray | None = None) -> FittedSpace:
    """The recipe's space, fitted on these rows.

    labels_true: (n,) integers, the models of these photos; only a space that learns reads them.
    Raises ValueError if such a space is given none.
    """
    space = spaces.create(recipe.space, **recipe.space_settings)
    if not spaces.entry(recipe.space).learns:
        return space.fit(vectors)
    if labels_true is None:
        raise ValueError(f"The space '{recipe.space}' learns from true models, and there are none.")
    return space.fit(vectors, labels_true)


def tree_of(rows: np.ndarray, recipe: Recipe, progress: Progress = silent) -> Tree:
    """The recipe's clustering of these rows. Raises ShopsimError if it would not fit in memory."""
    clusterer = clusterers.create(recipe.clusterer, **recipe.clusterer_settings)
    return fit_in_memory(clusterer, rows, progress)
