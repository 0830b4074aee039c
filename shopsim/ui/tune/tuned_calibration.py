"""Finds a calibration for photos without true models, in settings that were tuned on photos with true models."""

from __future__ import annotations

from shopsim.features.feature_keys import same_extractor
from shopsim.grouping.recipe import Recipe
from shopsim.spaces.whitened import FEWEST_ROWS
from shopsim.ui.page import Opened
from shopsim.ui.tune.calibration import Calibrated, chosen_settings
from shopsim.ui.tuned_settings import about_all


def calibration_for(opened: Opened) -> Calibrated | None:
    """Returns the chosen calibration that is valid for these vectors, else the newest; None if models are known.

    It was fitted on pairs in the main extractor's half-whitened space, and is only valid there.
    """
    fitted, choice = opened.fitted, opened.choice
    if fitted.catalog.labels_true is not None or opened.tuned is not None or len(fitted.vectors) < FEWEST_ROWS:
        return None
    if fitted.added is not None or choice.recipe.space_digest != Recipe("whitened").space_digest:
        return None
    key = fitted.features.key
    kept = {
        name: each
        for name, each in about_all().items()
        if each.calibration and same_extractor(each.extractors[0].key, key)
    }
    if not kept:
        return None
    name = chosen_settings() if chosen_settings() in kept else next(iter(kept))
    source = f"{kept[name].told}, by the settings {name}"
    return Calibrated(kept[name].calibration, None, source, tuple(kept), name)
