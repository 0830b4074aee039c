"""Calibrated similarity for photos without true models, from what is kept of photos with them."""

from __future__ import annotations

from shopsim.pipeline import Recipe
from shopsim.spaces.whitened import FEWEST_ROWS
from shopsim.ui.calibration import Calibrated
from shopsim.ui.page import Opened
from shopsim.ui.tuned import about_all


def calibration_for(opened: Opened) -> Calibrated | None:
    """The newest kept one that holds for these vectors, None where there are true models to fit one on.

    It is of pairs in the main extractor's half-whitened space, and means nothing in another.
    """
    fitted, choice = opened.fitted, opened.choice
    if fitted.catalog.labels_true is not None or opened.tuned is not None or len(fitted.vectors) < FEWEST_ROWS:
        return None
    if choice.recipe.space_digest != Recipe("whitened").space_digest:
        return None
    for settings in about_all().values():
        if settings.calibration is not None and settings.extractors[0].key == fitted.features.key:
            return Calibrated(settings.calibration, None, settings.told)
    return None
