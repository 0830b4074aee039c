"""Map: every photo as a point, near to those it is like."""

import streamlit as st

from shopsim.ui.columns.filters import filtered_photos
from shopsim.ui.guard import fragment
from shopsim.ui.map.colours import choose_colours
from shopsim.ui.map.filtered import only_filtered
from shopsim.ui.map.hints import show_hints
from shopsim.ui.map.layout import lay_out
from shopsim.ui.map.map import show_legend, show_map
from shopsim.ui.map.selection import show_selected
from shopsim.ui.page import open_page
from shopsim.ui.threshold import choose_threshold
from shopsim.ui.tune.scores import show_sentence


@fragment
def explore() -> None:
    grouping = choose_threshold(opened.fitted)
    show_sentence(grouping)
    rows = filtered_photos(opened.fitted.catalog)
    with st.container(horizontal=True, vertical_alignment="bottom", key="map-controls"):
        laid = lay_out(opened.fitted)
        coloured = only_filtered(choose_colours(grouping), rows)
    with st.container(key="map-row"):
        left, right = st.columns([4, 1], gap="medium")
        with left:
            selected = show_map(laid, coloured)
        with right:
            show_legend(laid, coloured)
            show_hints(coloured)
    show_selected(coloured, selected)


with open_page("Map") as opened:
    explore()
