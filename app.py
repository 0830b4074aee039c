"""Tune: the home page. `streamlit run app.py` starts the server that is named here, with the gate before it."""

import streamlit as st

from shopsim.ui.access.gate import open_browser, server_gate
from shopsim.ui.columns.never_join import show_stopped
from shopsim.ui.guard import fragment
from shopsim.ui.page import open_page
from shopsim.ui.parts.downloads import offer_csv
from shopsim.ui.runs.costs import show_costs
from shopsim.ui.threshold import choose_threshold
from shopsim.ui.thumbnail_route import thumbnail_routes
from shopsim.ui.tune.advanced import show_advanced
from shopsim.ui.tune.auto import show_auto
from shopsim.ui.tune.curve import show_curve
from shopsim.ui.tune.glance import show_glance
from shopsim.ui.tune.in_words import show_in_words
from shopsim.ui.tune.next_step import show_next_step
from shopsim.ui.tune.scores import show_catalog_line, show_largest_groups, show_scores, show_sentence, show_sizes

if __name__ != "__main__":  # The server imports this file; whoever visits runs it.
    app = st.App(__file__, middleware=server_gate(), routes=thumbnail_routes(), lifespan=open_browser)
else:

    @fragment
    def tune() -> None:
        glance = st.container()
        grouping = choose_threshold(opened.fitted)
        with glance:
            show_glance(grouping)
            show_in_words(grouping)
            # Filled last, since Auto may have found something while its box was drawn.
            step = st.container()
            show_auto(opened)
        with step:
            show_next_step(opened, grouping)
        left, right = st.columns([3, 2], vertical_alignment="center")
        with left:
            show_sentence(grouping)
        with right:
            offer_csv(grouping)
        show_stopped(grouping)
        show_scores(grouping)
        show_costs(grouping)
        left, right = st.columns([3, 2], gap="large")
        with left:
            show_curve(grouping)
        with right:
            show_sizes(grouping)
        show_largest_groups(grouping)
        show_advanced(opened, grouping)

    with open_page("Tune") as opened:
        show_catalog_line(opened)
        tune()
