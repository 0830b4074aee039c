"""The parts of the Map page: the map with what is chosen about it."""

from __future__ import annotations

import html
from dataclasses import dataclass

import numpy as np
import streamlit as st

from shopsim.map_chart import BRUSH, PICK, ZOOM, map_chart, map_frame, selected_rows
from shopsim.map_colours import PALETTE, WRONG
from shopsim.map_texts import tooltip_texts
from shopsim.pipeline import Fitted
from shopsim.points import points_of, rows_on_map
from shopsim.progress import Progress
from shopsim.projections import projections
from shopsim.store import digest_of
from shopsim.ui.address import detail, keep_detail
from shopsim.ui.map_colours import Coloured
from shopsim.ui.map_pictures import picture_addresses_to_come, show_pictures_progress
from shopsim.ui.server import store
from shopsim.ui.waiting import result_of

DEFAULT_PROJECTION = "tsne"
_SEED = 0
_KEY = "side-map-projection"
_STYLE = """<style>
.key {display: grid; grid-template-columns: 1.2em auto 1fr; gap: .35em; font-size: .85rem; margin-bottom: .25rem;}
#vg-tooltip-element {max-width: 260px;}
#vg-tooltip-element img {display: block; width: 160px; height: 160px; object-fit: contain; margin: 2px auto 6px;}
</style>"""


@dataclass(frozen=True, eq=False)
class Laid:
    """points: (m, 2) float32; rows: (m,) the photo of each; key: of what they came from."""

    points: np.ndarray
    rows: np.ndarray
    key: str


def lay_out(fitted: Fitted) -> Laid:
    """Choose a projection and wait for its points."""
    names = projections.names()
    asked = detail("projection")
    if st.session_state.get(_KEY) not in names:
        st.session_state[_KEY] = asked if asked in names else DEFAULT_PROJECTION
    name = st.segmented_control(
        "Map by", names, key=_KEY, format_func=lambda name: projections.entry(name).title, required=True
    )
    keep_detail("projection", "" if name == DEFAULT_PROJECTION else name)
    rows = rows_on_map(len(fitted.vectors))
    here = store()
    key = digest_of("points", fitted.key, name, _SEED)

    def work(report: Progress) -> np.ndarray:
        return points_of(fitted.vectors[rows], name, {}, here, _SEED)

    title = f"Laying {len(rows):,} photos out with {projections.entry(name).title}"
    return Laid(result_of(key, title, work), rows, key)


def show_map(laid: Laid, coloured: Coloured) -> np.ndarray:
    """Draw the map; the rows of the photos selected on it."""
    fitted = coloured.grouping.fitted
    images = [fitted.catalog.images[row] for row in laid.rows.tolist()]
    texts = tooltip_texts(fitted.catalog, laid.rows, coloured.grouping.labels_pred, coloured.homes, coloured.verdicts)
    texts["image"] = picture_addresses_to_come(images)
    frame = map_frame(laid.points, laid.rows, coloured.colouring.kinds[laid.rows], texts)
    event = st.altair_chart(
        map_chart(frame), key=f"map-{laid.key}", on_select="rerun", selection_mode=[PICK, BRUSH, ZOOM]
    )
    show_pictures_progress(images)
    return selected_rows(event["selection"], laid.points, laid.rows)


def show_legend(laid: Laid, coloured: Coloured) -> None:
    """What the colours mean, with how many photos on the map have each."""
    counts = np.bincount(coloured.colouring.kinds[laid.rows], minlength=len(PALETTE))
    lines = [
        f'<div class="key"><span style="color:{PALETTE[kind]}">{"◆" if kind == WRONG else "●"}</span>'
        f"<b>{counts[kind]:,}</b> {html.escape(text)}</div>"
        for kind, text in coloured.colouring.legend
        if counts[kind]
    ]
    st.html(_STYLE + "".join(lines))
