"""What a setting looks like when nobody has moved its threshold."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from shopsim.clusterers import Control, Tree
from shopsim.control_values import best_value
from shopsim.fitted import TUNED_HERE, Fitted, Grouping
from shopsim.labels import UNLABELLED
from shopsim.leaderboard import Cell
from shopsim.progress import Progress
from shopsim.store import digest_of
from shopsim.ui.compare_parts import with_cell
from shopsim.ui.compute import features_for, fitted_for
from shopsim.ui.page import Opened
from shopsim.ui.waiting import result_of

# How many values `best_value` tries, about; only the bar depends on it.
_TRIED = {"count": 7, "resolution": 14, "similarity": 14}


def fitted_cell(opened: Opened, cell: Cell) -> Fitted:
    """The setting carried out on the photos of the page, up to the threshold."""
    choice = with_cell(opened.choice, cell)
    return fitted_for(opened.catalog, features_for(opened.catalog, choice), choice)


def own_cut(fitted: Fitted) -> Grouping:
    """The groups at the best value on these photos, or without labels at the one the control opens with."""
    value, chosen_on = fitted.opening
    labelled = fitted.catalog.labels_true is not None and fitted.catalog.photos_per_model()[2] > 1
    if fitted.control.instant and (fitted.curve is not None or not labelled):
        return fitted.group(value, chosen_on)
    key = digest_of("own cut", fitted.key, fitted.catalog.folder, fitted.catalog.digest)
    control = fitted.control.name.lower()
    if not labelled:
        return result_of(key, f"Making groups: {control} {value:g}", lambda _: fitted.group(value, chosen_on))
    return result_of(key, f"Looking for the best {control} on these photos", lambda report: _best_cut(fitted, report))


def _best_cut(fitted: Fitted, report: Progress) -> Grouping:
    truth = fitted.catalog.labels_true
    known = truth[truth != UNLABELLED]
    tree = _Reporting(fitted.tree, report)
    best, _ = best_value([tree], [truth], len(known) / len(np.unique(known)))
    return fitted.group(best.on(fitted.control, len(truth)), TUNED_HERE)


@dataclass
class _Reporting:
    """A clustering that tells of each cut, so that the search for the best one has a bar and can be stopped."""

    tree: Tree
    report: Progress
    control: Control = field(init=False)
    n_cuts: int = 0

    def __post_init__(self) -> None:
        self.control = self.tree.control

    def cut(self, value: float) -> np.ndarray:
        self.report(self.n_cuts, max(_TRIED[self.control.kind], self.n_cuts + 1))
        self.n_cuts += 1
        return self.tree.cut(value)
