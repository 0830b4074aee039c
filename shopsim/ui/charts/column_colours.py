"""Colours the map by a column of the catalogue: categories by distinct colours, numbers by a ramp."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from shopsim.catalog.attributes import Attribute
from shopsim.ui.charts.map_colours import RAMP, REST, Colouring, by_category


def by_column(column: Attribute) -> Colouring:
    """Returns the colours of the photos by their values; those without a value are in the background."""
    if column.numbers is None:
        return by_category([column.value(photo) for photo in range(len(column.codes))])
    return _by_number(column.numbers)


def columns_to_colour(columns: Mapping[str, Attribute]) -> list[str]:
    """Returns the names of columns that differ between photos, and are no text. Categories have their own colours."""
    return [
        name
        for name, column in columns.items()
        if name != "category" and column.kind != "text" and len(column.values) > 1
    ]


def _by_number(numbers: np.ndarray) -> Colouring:
    """Colours fifths of the photos by rising numbers, or fifths of the distinct numbers if most photos have one."""
    known, shares = ~np.isnan(numbers), np.linspace(0, 1, len(RAMP) + 1)
    edges = np.unique(np.quantile(numbers[known], shares))
    note = "Each colour has about the same number of photos." if len(edges) == len(shares) else ""
    if len(edges) < 3:
        edges = np.unique(np.quantile(np.unique(numbers[known]), shares))
    steps = np.searchsorted(edges[1:-1], numbers[known], side="right")
    # Few steps use the whole ramp, so that the ends stay easy to tell apart.
    used = np.linspace(0, len(RAMP) - 1, max(len(edges) - 1, 1)).round().astype(int)
    kinds = np.full(len(numbers), REST, dtype=np.int8)
    kinds[known] = np.array(RAMP)[used[steps]]
    legend = []
    for step in np.unique(steps).tolist():
        inside = numbers[known][steps == step]
        low, high = f"{inside.min():,.10g}", f"{inside.max():,.10g}"
        legend.append((RAMP[used[step]], low if low == high else f"{low} to {high}"))
    return Colouring(kinds, (*legend, (REST, "no value")), note)
