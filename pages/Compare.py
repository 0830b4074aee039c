"""Compare: many settings scored on models they were not tuned on, their curves, and two of them side by side."""

import streamlit as st

from shopsim.ui.compare.board import show_leaderboard
from shopsim.ui.compare.changes import show_models, show_pairs
from shopsim.ui.compare.curves import show_curves
from shopsim.ui.compare.sides import choose_other, show_both
from shopsim.ui.guard import fragment, shown_errors
from shopsim.ui.page import open_page
from shopsim.ui.threshold import choose_threshold


@fragment
def curves() -> None:
    show_curves(opened)


@fragment
def sides() -> None:
    st.subheader("Side by side")
    grouping = choose_threshold(opened.fitted)
    compared = choose_other(opened, grouping)
    show_both(compared)
    show_models(compared)
    show_pairs(compared)


with open_page("Compare") as opened:
    with shown_errors(ends_page=False):
        show_leaderboard(opened)
    curves()
    sides()
