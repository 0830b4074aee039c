"""The map itself, its legend, and what is selected on it."""

from __future__ import annotations

import html

import numpy as np
import streamlit as st

from shopsim.features.projections import projections
from shopsim.ui.charts.map import BRUSH, PICK, ZOOM, map_chart, map_frame, selected_rows
from shopsim.ui.charts.map_colours import PALETTE, WRONG
from shopsim.ui.charts.map_texts import tooltip_texts
from shopsim.ui.map.colours import Coloured
from shopsim.ui.map.layout import Laid, watch_pending
from shopsim.ui.map.pictures import picture_addresses_to_come, show_pictures_progress
from shopsim.ui.map.state import generation

_STYLE = """<style>
.key {display: grid; grid-template-columns: .8em minmax(1.6em, auto) 1fr; gap: .4em; font-size: .85rem;
  line-height: 1.3; margin-bottom: .35rem;}
.key b {font-variant-numeric: tabular-nums;}
[class*="st-key-map-hint-"] button {min-height: 0; padding: 0; text-align: left;}
#vg-tooltip-element {max-width: 300px;}
#vg-tooltip-element h2 {padding: 0; max-width: 270px; overflow-wrap: anywhere;}
#vg-tooltip-element img {display: block; width: 160px; height: 160px; object-fit: contain; margin: 2px auto 6px;}
body #vg-tooltip-element table tr td.key, body #vg-tooltip-element table tr td.value {display: table-cell;
  vertical-align: top; max-width: 220px;}
</style>"""
_HOW_TO = (
    "Drag to select, click a photo for those most like it, Ctrl-click for several; double-click to clear. "
    "Scroll to zoom, Shift-drag to move, Shift-double-click to see all."
)


def show_map(laid: Laid, coloured: Coloured) -> np.ndarray:
    """Draws the map and returns the rows of the photos selected on it."""
    fitted = coloured.grouping.fitted
    images = [fitted.catalog.images[row] for row in laid.rows.tolist()]
    texts = tooltip_texts(fitted.catalog, laid.rows, coloured.grouping.labels_pred, coloured.homes, coloured.verdicts)
    texts["image"] = picture_addresses_to_come(images)
    frame = map_frame(laid.points, laid.rows, coloured.colouring.kinds[laid.rows], texts)
    event = st.altair_chart(
        map_chart(frame), key=f"map-{laid.key}-{generation()}", on_select="rerun", selection_mode=[PICK, BRUSH, ZOOM]
    )
    if laid.pending is not None:
        watch_pending(*laid.pending)
    _explain(laid, len(fitted.vectors))
    show_pictures_progress(images)
    return selected_rows(event["selection"], laid.points, laid.rows)


def show_legend(laid: Laid, coloured: Coloured) -> None:
    """Shows what each colour means, and how many photos on the map have it."""
    counts = np.bincount(coloured.colouring.kinds[laid.rows], minlength=len(PALETTE))
    lines = [
        f'<div class="key"><span style="color:{PALETTE[kind]}">{"◆" if kind == WRONG else "●"}</span>'
        f"<b>{counts[kind]:,}</b> {html.escape(text)}</div>"
        for kind, text in coloured.colouring.legend
        if counts[kind]
    ]
    st.html(_STYLE + "".join(lines))
    if coloured.colouring.note:
        st.caption(coloured.colouring.note)


def _explain(laid: Laid, n_images: int) -> None:
    parts = [_HOW_TO, projections.entry(laid.name).summary, "The axes have no meaning."]
    if len(laid.rows) < n_images:
        parts.append(f"Drawn are {len(laid.rows):,} of {n_images:,} photos, chosen at random.")
    st.caption(" ".join(parts))
