"""Tune: the home page. `streamlit run app.py` starts the server that is named here, with the gate before it."""

import streamlit as st

from shopsim import ui

if __name__ != "__main__":  # The server imports this file; whoever visits runs it.
    app = st.App(__file__, middleware=ui.server_gate(), lifespan=ui.open_browser)
else:

    @ui.fragment
    def tune() -> None:
        grouping = ui.choose_threshold(opened.fitted)
        left, right = st.columns([5, 2], vertical_alignment="center")
        with left:
            ui.show_sentence(grouping)
        with right:
            ui.offer_csv(grouping)
        ui.show_calibration(grouping, ui.calibration_for(opened))
        ui.show_scores(grouping)
        left, right = st.columns([3, 2], gap="large")
        with left:
            ui.show_curve(grouping)
        with right:
            ui.show_sizes(grouping)
        ui.show_largest_groups(grouping)

    with ui.open_page("Tune") as opened:
        ui.show_catalog_line(opened)
        ui.show_auto(opened)
        tune()
