"""The map itself, its legend, and what is selected on it."""

from __future__ import annotations

import html

import numpy as np
import streamlit as st

from shopsim.ui.charts.map import BRUSH, PICK, ZOOM, map_chart, map_frame, selected_rows
from shopsim.ui.charts.map_colours import PALETTE, WRONG
from shopsim.ui.charts.map_texts import known_of, photo_names
from shopsim.ui.map.colours import Coloured
from shopsim.ui.map.component import is_built, why_failed
from shopsim.ui.map.drawn import are_many, drawn_points
from shopsim.ui.map.explain import explain
from shopsim.ui.map.layout import Laid, watch_pending
from shopsim.ui.map.many import show_many
from shopsim.ui.map.pictures import picture_addresses_to_come, show_pictures_progress
from shopsim.ui.map.state import generation

_STYLE = """<style>
.key {display: grid; grid-template-columns: .8em minmax(1.6em, auto) 1fr; gap: .4em; font-size: .85rem;
  line-height: 1.3; margin-bottom: .35rem;}
.key b {font-variant-numeric: tabular-nums;}
[class*="st-key-map-hint-"] button {min-height: 0; padding: .15rem .5rem; text-align: left;}
#vg-tooltip-element {max-width: 300px;}
#vg-tooltip-element h2 {padding: 0; max-width: 270px; overflow-wrap: anywhere;}
#vg-tooltip-element img {display: block; width: 160px; height: 160px; object-fit: contain; margin: 2px auto 6px;}
body #vg-tooltip-element table tr td.key, body #vg-tooltip-element table tr td.value {display: table-cell;
  vertical-align: top; max-width: 220px;}
</style>"""


def show_map(laid: Laid, coloured: Coloured) -> np.ndarray:
    """Draws the map and returns the rows of the photos selected on it: with the component where there are many."""
    many = _takes_component(laid)
    drawn = drawn_points(coloured.grouping.labels_pred[laid.rows], with_component=many)
    if laid.pending is not None:
        watch_pending(*laid.pending)
    selected = show_many(laid, coloured, drawn) if many else _show_few(laid, coloured, drawn)
    explain(laid, coloured, len(drawn), many)
    if not many:
        show_pictures_progress([coloured.grouping.fitted.catalog.images[row] for row in laid.rows[drawn].tolist()])
    return selected


def _takes_component(laid: Laid) -> bool:
    return are_many(len(laid.rows)) and is_built() and not why_failed()


def _show_few(laid: Laid, coloured: Coloured, drawn: np.ndarray) -> np.ndarray:
    grouping, points, rows = coloured.grouping, laid.points[drawn], laid.rows[drawn]
    catalog = grouping.fitted.catalog
    known = known_of(catalog, rows, grouping.labels_pred, coloured.homes, coloured.verdicts)
    texts = {"name": photo_names(catalog, rows), **{each.title: each.written_out() for each in known}}
    texts["image"] = picture_addresses_to_come([catalog.images[row] for row in rows.tolist()])
    frame = map_frame(points, rows, coloured.colouring.kinds[rows], texts)
    event = st.altair_chart(
        map_chart(frame),
        key=f"map-{laid.key}-{generation()}",
        on_select="rerun",
        selection_mode=[PICK, BRUSH, ZOOM],
        # The same at every threshold: with another text the browser would draw the map anew, without zoom and frame.
        alt=f"Map of {len(drawn):,} photos. Arrow keys go from photo to photo, Enter selects.",
    )
    return selected_rows(event["selection"], points, rows)


def show_legend(laid: Laid, coloured: Coloured) -> None:
    """Shows what each colour means, and how many photos that are laid out have it."""
    counts = np.bincount(coloured.colouring.kinds[laid.rows], minlength=len(PALETTE))
    # The component draws discs only.
    diamond = None if _takes_component(laid) else WRONG
    lines = [
        f'<div class="key"><span style="color:{PALETTE[kind]}">{"◆" if kind == diamond else "●"}</span>'
        f"<b>{counts[kind]:,}</b> {html.escape(text)}</div>"
        for kind, text in coloured.colouring.legend
        if counts[kind]
    ]
    st.html(_STYLE + "".join(lines))
    if coloured.colouring.note:
        st.caption(coloured.colouring.note)
