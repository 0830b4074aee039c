"""Map: every photo as a point, near to those it is like."""

import streamlit as st

from shopsim import ui


@ui.fragment
def explore() -> None:
    grouping = ui.choose_threshold(opened.fitted)
    ui.show_sentence(grouping)
    left, right = st.columns([2, 5], vertical_alignment="bottom")
    with left:
        laid = ui.lay_out(opened.fitted)
    with right:
        coloured = ui.choose_colours(grouping)
    left, right = st.columns([4, 1], gap="medium")
    with left:
        selected = ui.show_map(laid, coloured)
    with right:
        ui.show_legend(laid, coloured)
        ui.show_hints(coloured)
    ui.show_selected(coloured, selected)


with ui.open_page("Map") as opened:
    explore()
