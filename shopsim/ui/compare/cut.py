"""The groups of a setting before anybody moves its threshold."""

from __future__ import annotations

from shopsim.base.disk.store import digest_of
from shopsim.base.work.progress import Progress
from shopsim.base.work.workers import apart
from shopsim.grouping.grouping import TUNED_HERE, Fitted, Grouping
from shopsim.tuning.control_values import best_here
from shopsim.tuning.leaderboard_cell import Cell
from shopsim.ui.compare.parts import with_cell
from shopsim.ui.compute import features_for, fitted_for
from shopsim.ui.page import Opened
from shopsim.ui.waiting import result_of


def fitted_cell(opened: Opened, cell: Cell) -> Fitted:
    """Returns space and tree of the photos of the page with this setting."""
    choice = with_cell(opened.choice, cell)
    return fitted_for(opened.catalog, features_for(opened.catalog, choice), choice)


def own_cut(fitted: Fitted) -> Grouping:
    """Returns the groups at the best value on these photos; without labels, at the control's first value."""
    value, chosen_on = fitted.opening
    labelled = fitted.catalog.labels_true is not None and fitted.catalog.photos_per_model()[2] > 1
    if fitted.control.instant and (fitted.curve is not None or not labelled):
        return fitted.group(value, chosen_on)
    key = digest_of("own cut", fitted.key, fitted.catalog.shown_digest)
    control = fitted.control.name.lower()

    def work(report: Progress) -> Grouping:
        if not labelled:
            return fitted.group(value, chosen_on, progress=report, run=apart)
        best = apart(best_here, fitted.tree, fitted.catalog.labels_true, progress=report)
        return fitted.group(best, TUNED_HERE, progress=report, run=apart)

    doing = f"Looking for the best {control} on these photos" if labelled else f"Making groups: {control} {value:g}"
    return result_of(key, doing, work)
