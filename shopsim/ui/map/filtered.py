"""Moves photos that a filter by columns leaves out to the background of the map."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shopsim.ui.charts.map_colours import only_found
from shopsim.ui.map.colours import Coloured


def only_filtered(coloured: Coloured, rows: np.ndarray | None) -> Coloured:
    """Returns the cut with all photos but these in the background. rows: (n,) bool, None for all photos."""
    return coloured if rows is None else replace(coloured, colouring=only_found(coloured.colouring, rows))
