"""Gets the vectors of new photos in the space of photos that were grouped before; those stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from shopsim.base.disk.store import Store
from shopsim.base.errors import ShopsimError
from shopsim.base.registry import Value
from shopsim.base.work.lanes import Run, here
from shopsim.base.work.progress import Progress, silent
from shopsim.catalog.catalog import Catalog, Problem
from shopsim.features.extract import Features
from shopsim.features.networks.precision import INT8
from shopsim.grouping.added import aligned
from shopsim.grouping.fit import OWN_VECTORS, features_of, fit, with_features
from shopsim.grouping.grouping import Fitted
from shopsim.grouping.matching.refit import Refit, placed_in
from shopsim.grouping.matching.trials import Place
from shopsim.grouping.placing import parts_of, space_of
from shopsim.grouping.recipe import Recipe
from shopsim.spaces.fusion import fused


@dataclass(frozen=True, eq=False)
class Placed:
    """New photos in the space. catalog: those with features, in the order of `vectors`, (m, d') float32 unit rows.

    problems: the photos without features, each with its reason.
    """

    catalog: Catalog
    vectors: np.ndarray
    problems: tuple[Problem, ...] = ()


class Source(Protocol):
    """What the groups were made of, as far as new photos need it."""

    @property
    def recipe(self) -> Recipe:
        """The space, and the clusterer that groups photos of new models among themselves."""
        ...

    @property
    def trial_place(self) -> Place:
        """Puts hidden photos of the catalogue into the space as if they were new; for `run_trials`."""
        ...

    def place(self, new: Catalog, store: Store, progress: Progress = silent, run: Run = here) -> Placed:
        """Extracts the features of new photos and puts them into the space; run: carries out the extraction."""
        ...

    def fit_again(self, everything: Catalog, store: Store, progress: Progress = silent, run: Run = here) -> Fitted:
        """Fits space and clustering to all photos, old and new; run: carries out what takes long."""
        ...


@dataclass(frozen=True, eq=False)
class ByRecipe:
    """Groups by a recipe. extractor, settings: of the main extractor; recipe: as `fitted` was fitted with it."""

    fitted: Fitted
    extractor: str
    settings: Mapping[str, Value]
    recipe: Recipe

    @property
    def trial_place(self) -> Place:
        """Fits the space without the hidden photos."""
        return Refit(self.recipe, self.fitted.features, self.fitted.added)

    def place(self, new: Catalog, store: Store, progress: Progress = silent, run: Run = here) -> Placed:
        """Returns the new photos in the space that the old ones were put into. Raises ShopsimError."""
        fitted = self.fitted
        features = new_features(
            fitted.catalog, fitted.features, new, self.extractor, self.settings, store.root, progress, run
        )
        kept = new.subset(features.image_ids)
        rows, problems = [features], features.problems
        if fitted.added is not None:
            added = fitted.added
            rows.append(
                new_features(fitted.catalog, added.features, kept, added.extractor, {}, store.root, progress, run)
            )
            again = replace(added, features=aligned(rows[1], features.image_ids))
            rows[1], problems = again.features, (*problems, *again.notes)
        parts = parts_of(fitted.features, fitted.added, self.recipe, with_features(fitted.catalog, fitted.features)[2])
        placed = [
            placed_in(space_of(part, self.recipe, store), np.asarray(own.vectors), part.features)
            for part, own in zip(parts, rows, strict=True)
        ]
        return Placed(kept, fused(placed, [part.share for part in parts]), problems)

    def fit_again(self, everything: Catalog, store: Store, progress: Progress = silent, run: Run = here) -> Fitted:
        """Returns what `fit` makes of all photos. Raises ShopsimError as it does."""
        features = features_of(everything, self.extractor, self.settings, store.root, progress, run)
        added = self.fitted.added
        if added is not None:
            added = replace(added, features=features_of(everything, added.extractor, {}, store.root, progress, run))
        return fit(everything, features, self.recipe, store, progress, run, added)


def new_features(
    old: Catalog,
    known: Features,
    new: Catalog,
    extractor: str,
    settings: Mapping[str, Value],
    cache: Path,
    progress: Progress,
    run: Run,
) -> Features:
    """Returns the features of new photos by the extractor that gave `known` of the old ones.

    Raises ShopsimError if the extractor gives other numbers now, or vectors of another length.
    """
    # int8 is calibrated with photos of the catalogue; with those in sight, the same calibration is taken again.
    asked = replace(new, images=(*old.images, *new.images)) if settings.get("precision") == INT8 else new
    features = features_of(asked, extractor, settings, cache, progress, run).of(new.image_ids)
    if extractor != OWN_VECTORS and features.key != known.key:
        raise ShopsimError(
            f"'{extractor}' gives other numbers for the new photos than it gave for '{old.name}'; extract the features "
            "of the catalogue again."
        )
    if features.raw.shape[1] != known.raw.shape[1]:
        raise ShopsimError(
            f"The new vectors have {features.raw.shape[1]:,} numbers, those of '{old.name}' {known.raw.shape[1]:,}; "
            "they must come from the same extractor."
        )
    return features
