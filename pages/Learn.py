"""Learn: train a network, or fit a metric, on photos whose models are known; watch it, compare it, use it."""

import streamlit as st

from shopsim import ui


@ui.fragment
def networks() -> None:
    ui.show_networks(photos)


with ui.open_photos("Learn") as photos:
    with ui.shown_errors(ends_page=False):
        ui.show_learning(photos)
    with ui.shown_errors(ends_page=False):
        ui.offer_learning(photos)
    st.divider()
    networks()
