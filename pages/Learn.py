"""Learn: train a network, or fit a metric, on photos whose models are known; watch it, compare it, use it."""

import streamlit as st

from shopsim.ui.guard import fragment, shown_errors
from shopsim.ui.learn.networks import show_networks
from shopsim.ui.learn.start import offer_learning
from shopsim.ui.learn.watch import show_learning
from shopsim.ui.page import open_photos


@fragment
def networks() -> None:
    show_networks(photos)


with open_photos("Learn") as photos:
    with shown_errors(ends_page=False):
        show_learning(photos)
    with shown_errors(ends_page=False):
        offer_learning(photos)
    st.divider()
    networks()
