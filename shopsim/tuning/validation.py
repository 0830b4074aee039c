"""The rows of each validation fold in each candidate's space, fitted on the fold's tuning models; computed once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from shopsim.features.stored_rows import Rows
from shopsim.grouping.recipe import Recipe
from shopsim.scoring.calibration.pairs import count_pairs
from shopsim.scoring.folds import Fold
from shopsim.spaces import spaces
from shopsim.spaces.fusion import fused
from shopsim.spaces.whitened import MAX_COMPONENTS, ROWS_PER_COMPONENT
from shopsim.tuning.candidate import UNNORMALISED, Candidate
from shopsim.tuning.level_cuts import fit_space

# From extractor names, the main one first, to (n, d) float32 unit rows of the same photos. `with_unnormalised` adds the
# main extractor's rows as they are.
Views = Mapping[str, np.ndarray]


def unnormalised(main: str) -> str:
    """The name under which views hold the main extractor's rows as they are."""
    return f"{main}, {UNNORMALISED}"


def with_unnormalised(views: Views, raw: Rows) -> dict[str, np.ndarray]:
    """The views and, last, the main extractor's rows as they are, (n, d) float32, for the contest's K-means."""
    return {**views, unnormalised(next(iter(views))): np.asarray(raw)}


@dataclass(frozen=True, eq=False)
class Validation:
    """Folds of the same photos, and for each fold views of all these photos.

    Views that were trained on labels differ from fold to fold; others are the same for all.
    """

    folds: tuple[Fold, ...]
    views: tuple[Views, ...]

    @classmethod
    def of(cls, views: Views, folds: Sequence[Fold]) -> Validation:
        """The folds with the same views for every fold."""
        return cls(tuple(folds), (views,) * len(folds))

    @property
    def main(self) -> str:
        """Name of the main extractor."""
        return next(iter(self.views[0]))


class ValidationRows:
    """The rows of the photos held out in each fold.

    candidates: with at most as many components as the smallest fold allows. labels_true: (n,) integers, the models of
    all photos; a fold's spaces may learn only from those of its tuning photos.
    """

    def __init__(self, validation: Validation, labels_true: np.ndarray, candidates: Sequence[Candidate]) -> None:
        self._validation = validation
        self._labels_true = labels_true
        self._known: dict[tuple[int, str, str], np.ndarray] = {}
        smallest = min(len(fold.tuning) for fold in validation.folds)
        # The final space is fitted on all tuning models, and must have as many components.
        most = max(1, smallest // ROWS_PER_COMPONENT)
        self.candidates = [_with_components(candidate, most) for candidate in candidates]
        self._recipes = {each.space_digest: each for candidate in self.candidates for each in candidate.in_spaces}

    def of(self, candidate: Candidate, number: int) -> np.ndarray:
        """(n, d') float32 rows to cluster of the fold of that number, unit rows unless the candidate is unnormalised.

        candidate: one of `candidates`.
        """
        main = self._validation.main
        if candidate.unnormalised:
            return self._validation.views[number][unnormalised(main)][self._validation.folds[number].held_out]
        shares = candidate.shares(main)
        parts = [self._part(name, candidate.in_space(name, main), number) for name in shares]
        return fused(parts, list(shares.values()))

    def slope(self, candidate: Candidate) -> float:
        """By how much the log odds of one model rise with similarity, over the pairs within each fold; at least 1.

        It is 1 where the number of groups is given, since no threshold is corrected by it.
        """
        if candidate.is_cut_by_count:
            return 1.0
        counted = [
            count_pairs(self.of(candidate, number), self._labels_true[fold.held_out])
            for number, fold in enumerate(self._validation.folds)
        ]
        return max(1.0, sum(counted[1:], counted[0]).log_odds_slope)

    def _part(self, name: str, recipe: Recipe, number: int) -> np.ndarray:
        if (number, name, recipe.space_digest) not in self._known:
            fold, views = self._validation.folds[number], self._validation.views[number]
            tuning, held_out = (views[name][part] for part in fold.parts)
            # All of one kind at once, since whitenings of the same photos share the costly part.
            for digest, other in self._recipes.items():
                if _kind(other) == _kind(recipe):
                    space = fit_space(tuning, other, self._labels_true[fold.tuning])
                    self._known[number, name, digest] = space.transform(held_out)
        return self._known[number, name, recipe.space_digest]


def _kind(recipe: Recipe) -> str:
    """The name of a space that learns; '' for all others. Only spaces of one kind are fitted together, since time may
    run out before a learning one is needed.
    """
    return recipe.space if spaces.entry(recipe.space).learns else ""


def _with_components(candidate: Candidate, most: int) -> Candidate:
    """The candidate with at most so many components, if its spaces have any."""
    added_in = candidate.added_in and _narrowed(candidate.added_in, most)
    return replace(candidate, recipe=_narrowed(candidate.recipe, most), added_in=added_in)


def _narrowed(recipe: Recipe, most: int) -> Recipe:
    if "components" not in {field.name for field in spaces.entry(recipe.space).settings}:
        return recipe
    wanted = int(recipe.space_settings.get("components", 0)) or MAX_COMPONENTS
    return replace(recipe, space_settings={**recipe.space_settings, "components": min(wanted, most)})
