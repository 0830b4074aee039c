"""Moves photos that a filter by columns leaves out to the background of the map."""

from __future__ import annotations

from dataclasses import replace

from shopsim.ui.charts.map_colours import only_found
from shopsim.ui.columns.filters import filtered_photos
from shopsim.ui.map.colours import Coloured


def only_filtered(coloured: Coloured) -> Coloured:
    """Draws the filter, and returns the cut with the other photos in the background."""
    rows = filtered_photos(coloured.grouping.fitted.catalog)
    return coloured if rows is None else replace(coloured, colouring=only_found(coloured.colouring, rows))
