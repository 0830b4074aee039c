"""Chooses which groups are listed and in which order, as the address says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from shopsim.grouping.chains import Extents
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.search import find_photos
from shopsim.ui.corrections.regrouped import Corrected

# name -> (title, column, ascending, needs labels)
ORDERS = {
    "size": ("Largest first", "size", False, False),
    "smallest": ("Smallest first", "size", True, False),
    "weakest": ("Weakest member first", "weakest_similarity", True, False),
    "apart": ("Least similar photos first", "diameter", True, False),
    "purity": ("Least pure first", "purity", True, True),
    "wrong": ("Most wrong pairs first", "wrong_pairs", False, True),
    "group": ("By group number", "group", True, False),
}
SHOWN = {
    "all": "All groups",
    "mixed": "Only with wrong photos",
    "chained": "Only chained groups",
    "single": "Only single photos",
    "open": "Only not approved yet",
}
GROUPS_A_PAGE = 24
_LARGEST_LEAST = 1_000_000


@dataclass(frozen=True)
class Arrangement:
    """How the list is arranged. order: one of ORDERS; shown: one of SHOWN; least: photos a group must have."""

    order: str = "size"
    shown: str = "all"
    least: int = 1
    find: str = ""

    @classmethod
    def parse(cls, text: str, find: str, labelled: bool) -> Arrangement:
        """Reads `ORDER,SHOWN,LEAST`; a part that is missing, malformed or needs labels is the default."""
        order, shown, least, *_ = [*text.split(","), "", "", ""]
        if order not in orders(labelled):
            order = "size"
        if shown not in shown_options(labelled):
            shown = "all"
        size = int(least) if least.isascii() and least.isdigit() and len(least) < 8 else 1
        return cls(order, shown, min(max(size, 1), _LARGEST_LEAST), find[:200])

    @property
    def text(self) -> str:
        """The text that `parse` reads; '' for the default."""
        parts = [self.order, self.shown, str(self.least)]
        while parts and parts[-1] == ["size", "all", "1"][len(parts) - 1]:
            parts.pop()
        return ",".join(parts)


def orders(labelled: bool) -> list[str]:
    """Returns the names of the orders that make sense, with labels or without."""
    return [name for name, (_, _, _, needs_labels) in ORDERS.items() if labelled or not needs_labels]


def shown_options(labelled: bool) -> list[str]:
    """Returns the names of the filters that make sense, with labels or without."""
    return [name for name in SHOWN if labelled or name != "mixed"]


def table_of(corrected: Corrected, found: Extents) -> pd.DataFrame:
    """Returns the group table of a cut with the extents found.

    Further columns: weakest_link and diameter, as in Extents; chained, whether the group is flagged; approved, whether
    somebody approved it; title, with the name that somebody gave it.
    """
    grouping, table = corrected.grouping, corrected.grouping.table
    groups = table["group"].tolist()
    marks = {
        "approved": [group in corrected.approvals for group in groups],
        "title": [corrected.title(group) for group in groups],
    }
    columns = {"weakest_link": found.weakest_link, "diameter": found.diameter, "chained": grouping.chained(found)}
    return table.assign(**{name: values[table["group"]] for name, values in columns.items()}, **marks)


def arranged(grouping: Grouping, table: pd.DataFrame, arrangement: Arrangement) -> pd.DataFrame:
    """Returns the listed rows of the group table in their order; of equal rows the larger group comes first."""
    kept = table[table["size"] >= arrangement.least]
    if arrangement.shown == "mixed":
        kept = kept[kept["wrong_pairs"] > 0]
    elif arrangement.shown == "chained":
        kept = kept[kept["chained"]]
    elif arrangement.shown == "single":
        kept = kept[kept["size"] == 1]
    elif arrangement.shown == "open":
        kept = kept[~kept["approved"]]
    if arrangement.find.strip():
        found = find_photos(grouping.fitted.catalog, grouping.labels_pred, arrangement.find)
        # A name that somebody gave stands behind the number.
        named = kept["title"].str.partition(": ")[2].str.casefold()
        by_name = named.str.contains(arrangement.find.strip().casefold(), regex=False)
        kept = kept[by_name | kept["group"].isin(np.unique(grouping.labels_pred[found.rows]))]
    _, column, ascending, _ = ORDERS[arrangement.order]
    return kept.sort_values(column, ascending=ascending, kind="stable", na_position="last", ignore_index=True)
