"""Gets the vectors of new photos in the space of tuned settings, for matching them with groups made by these."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shopsim.base.disk.store import Store
from shopsim.base.work.lanes import Run, here
from shopsim.base.work.progress import Progress, silent
from shopsim.catalog.catalog import Catalog
from shopsim.features.extract import Features
from shopsim.grouping.added import aligned
from shopsim.grouping.companions import companion_features
from shopsim.grouping.grouping import Fitted
from shopsim.grouping.matching.refit import AsPlaced, placed_in
from shopsim.grouping.matching.source import Placed, new_features
from shopsim.grouping.matching.trials import Place
from shopsim.grouping.recipe import Recipe
from shopsim.spaces.fusion import fused
from shopsim.tuning.apply import features_as_tuned, group_as_tuned
from shopsim.tuning.settings import ExtractorUse, TunedSettings


@dataclass(frozen=True, eq=False)
class AsTuned:
    """Groups on which the members of tuned settings agree.

    New photos are compared in the space of the member with the largest weight, which is that of `fitted.vectors`. The
    agreement of the members is one of photos that were grouped together, so it says nothing about a single new photo.
    expect: photos per model, if they were given.
    """

    fitted: Fitted
    settings: TunedSettings
    expect: float | None = None

    @property
    def recipe(self) -> Recipe:
        """Average linkage, since the consensus of one photo is not known."""
        return Recipe(self.settings.members[0].candidate.recipe.space)

    @property
    def trial_place(self) -> Place:
        """Takes the vectors as they are: the spaces were fitted when the settings were tuned."""
        return AsPlaced(self.fitted.vectors)

    def place(self, new: Catalog, store: Store, progress: Progress = silent, run: Run = here) -> Placed:
        """Returns the new photos in the space of the first member. Raises ShopsimError."""
        main, candidate = self.settings.main, self.settings.members[0].candidate
        shares = candidate.shares(main)
        placed: dict[str, np.ndarray] = {}
        kept, problems = new, ()
        for use in (use for use in self.settings.extractors if use.name in shares):
            known = self._known(use, store, progress, run)
            features = new_features(self.fitted.catalog, known, kept, use.name, use.settings, store.root, progress, run)
            if use.name == main:
                kept, problems = kept.subset(features.image_ids), features.problems
            space = self.settings.fitted[use.name, candidate.in_space(use.name, main).space_digest]
            placed[use.name] = placed_in(space, np.asarray(aligned(features, kept.image_ids).vectors), known)
        return Placed(kept, fused([placed[name] for name in shares], list(shares.values())), problems)

    def _known(self, use: ExtractorUse, store: Store, progress: Progress, run: Run) -> Features:
        """Returns the features of the old photos, which are in the store."""
        if use.name == self.settings.main:
            return self.fitted.features
        names, settings = (use.name,), {use.name: use.settings}
        return companion_features(
            self.fitted.catalog, self.fitted.features, store.root, names, progress, settings, run
        )[use.name]

    def fit_again(self, everything: Catalog, store: Store, progress: Progress = silent, run: Run = here) -> Fitted:
        """Groups all photos by the same settings. Raises ShopsimError."""
        features, added = features_as_tuned(everything, self.settings, store.root, progress, run)
        return group_as_tuned(everything, features, added, self.settings, store, progress, self.expect, run)
