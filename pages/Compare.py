"""Compare: many settings scored on models they were not tuned on, their curves, and two of them side by side."""

import streamlit as st

from shopsim import ui


@ui.fragment
def curves() -> None:
    ui.show_curves(opened)


@ui.fragment
def sides() -> None:
    st.subheader("Side by side")
    grouping = ui.choose_threshold(opened.fitted)
    compared = ui.choose_other(opened, grouping)
    ui.show_both(compared)
    ui.show_models(compared)
    ui.show_pairs(compared)


with ui.open_page("Compare") as opened:
    with ui.shown_errors(ends_page=False):
        ui.show_leaderboard(opened)
    curves()
    sides()
