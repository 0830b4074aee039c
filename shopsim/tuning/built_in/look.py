"""Looks at a fitted catalogue as if no label were known, and opens one without labels by what was found."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np

from shopsim.base.disk.store import Store
from shopsim.base.errors import ShopsimError
from shopsim.base.work.lanes import Run, here
from shopsim.base.work.progress import Progress, say, silent
from shopsim.features.extract import Features
from shopsim.grouping.added import aligned
from shopsim.grouping.changed import is_changed
from shopsim.grouping.companions import companion_features, light_companion_of
from shopsim.grouping.fit import key_of
from shopsim.grouping.grouping import Fitted
from shopsim.grouping.recipe import Recipe
from shopsim.scoring.costs import PairCurve
from shopsim.tuning.built_in.expected_pairs import pairs_to_expect
from shopsim.tuning.built_in.kept_blind import key_of_blind, load_blind, save_blind
from shopsim.tuning.built_in.opening import BUILT_IN, Blind, opening_without_labels, why_not
from shopsim.tuning.built_in.statistics import looked_at

FOR_ONE = "The built-in settings are for one extractor."
NOT_OF_CHANGED = (
    "Scores and costs are not estimated with a never-join rule or corrections, since the estimate is of groups without "
    "them."
)


@dataclass(frozen=True)
class Unlabelled(Fitted):
    """A fitted catalogue without labels, and what the built-in settings say of it.

    blind: None if they are not for these photos; why_not says why, in one sentence, and is '' otherwise.
    """

    blind: Blind | None = None
    why_not: str = ""

    @classmethod
    def of(cls, fitted: Fitted, blind: Blind | None, why_not: str) -> Self:
        """Returns the same catalogue; it opens by the built-in settings if there are some."""
        known = {field.name: getattr(fitted, field.name) for field in fields(Fitted) if field.init}
        if blind is not None:
            # The groups of the lowest threshold last below the control's range.
            known["given"] = max(blind.threshold, fitted.control.low), BUILT_IN
        return cls(**known, blind=blind, why_not=why_not)

    @cached_property
    def expected_pairs(self) -> PairCurve | None:
        """The wrong pairs to expect at every threshold; None without an estimate, or where there is no merge tree."""
        return None if self.blind is None else pairs_to_expect(self.tree, self.blind)


def blind_of(fitted: Fitted) -> Blind | None:
    """Returns what the built-in settings say of a catalogue without labels.

    None with labels, if they do not fit, or if a never-join rule or corrections changed the groups.
    """
    return fitted.blind if isinstance(fitted, Unlabelled) and not is_changed(fitted) else None


def expected_pairs_of(fitted: Fitted) -> PairCurve | None:
    """Returns the wrong pairs to expect at every threshold of a catalogue without labels; None where `blind_of` is."""
    # A walk over all merges, so a page whose threshold moves does it once.
    return fitted.expected_pairs if isinstance(fitted, Unlabelled) and not is_changed(fitted) else None


def why_no_estimate(fitted: Fitted) -> str:
    """Says in one sentence why `blind_of` is None for a catalogue without labels; '' if it is not."""
    if not isinstance(fitted, Unlabelled):
        return ""
    return NOT_OF_CHANGED if fitted.blind is not None and is_changed(fitted) else fitted.why_not


def why_not_fitted(extractor: str, recipe: Recipe, fitted: Fitted) -> str:
    """Says in one sentence why there is nothing built in for this catalogue; '' if there is."""
    reason = why_not(extractor, recipe, fitted.tree, fitted.features.vectors)
    return reason or ("" if fitted.added is None else FOR_ONE)


def look_without_labels(
    extractor: str, recipe: Recipe, fitted: Fitted, cache: Path, progress: Progress = silent, run: Run = here
) -> Blind | None:
    """Returns what the built-in settings say of the tree, whatever its labels; None where `why_not_fitted` says why.

    cache: holds feature rows and, after the first time, the answer. run: carries out what takes long.
    Raises ShopsimError if the features of the companion cannot be computed, or the disk refuses.
    """
    if why_not_fitted(extractor, recipe, fitted):
        return None
    companion = light_companion_of(extractor)
    store = Store(cache)
    key = key_of_blind(extractor, fitted.key, key_of(companion, {}, progress, run))
    blind = load_blind(store, key, len(fitted.vectors))
    if blind is not None:
        return blind
    second = _second(fitted, companion, cache, progress, run)
    say(progress, "estimating the photos per model")
    rows = [np.asarray(features.vectors) for features in (fitted.features, second)]
    given = extractor, recipe, fitted.tree, fitted.vectors, *rows
    blind = run(opening_without_labels, *given, progress=progress)
    if blind is not None:
        save_blind(store, key, blind)
    return blind


def _second(fitted: Fitted, companion: str, cache: Path, progress: Progress, run: Run) -> Features:
    """Returns the companion's features of the photos that are looked at, and rows of zeros for all others."""
    image_ids = fitted.features.image_ids
    part = fitted.features.of(tuple(image_ids[row] for row in looked_at(fitted.tree)))
    (found,) = companion_features(fitted.catalog, part, cache, (companion,), progress, run=run).values()
    return aligned(found, image_ids)


def open_unlabelled(
    extractor: str, recipe: Recipe, fitted: Fitted, cache: Path, progress: Progress = silent, run: Run = here
) -> Unlabelled:
    """Returns a catalogue without labels as it opens. A look that fails is a reason to open it by a guess."""
    reason = why_not_fitted(extractor, recipe, fitted)
    if reason:
        return Unlabelled.of(fitted, None, reason)
    try:
        blind = look_without_labels(extractor, recipe, fitted, cache, progress, run)
    except ShopsimError as error:
        return Unlabelled.of(fitted, None, f"The built-in settings could not be used: {error}")
    return Unlabelled.of(fitted, blind, "")
