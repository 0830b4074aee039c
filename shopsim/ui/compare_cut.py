"""What a setting looks like when nobody has moved its threshold."""

from __future__ import annotations

from shopsim.leaderboard import Cell
from shopsim.pipeline import Fitted, Grouping
from shopsim.store import digest_of
from shopsim.ui.compare_parts import with_cell
from shopsim.ui.compute import features_for, fitted_for
from shopsim.ui.page import Opened
from shopsim.ui.waiting import result_of


def fitted_cell(opened: Opened, cell: Cell) -> Fitted:
    """The setting carried out on the photos of the page, up to the threshold."""
    choice = with_cell(opened.choice, cell)
    return fitted_for(opened.catalog, features_for(opened.catalog, choice), choice)


def opening_cut(fitted: Fitted) -> Grouping:
    """The groups at the value the control opens with: the best on these photos where that is known."""
    value, chosen_on = fitted.opening
    if fitted.control.instant:
        return fitted.group(value, chosen_on)
    # As on the other pages, so that what they have computed is joined.
    key = digest_of("cut", fitted.key, fitted.catalog.folder, fitted.catalog.digest, value)
    return result_of(key, f"Making groups at {fitted.control.name} {value:g}", lambda _: fitted.group(value, chosen_on))
