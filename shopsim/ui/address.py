"""Keeps the visitor's choice, the widgets and the address in step."""

from __future__ import annotations

import streamlit as st

from shopsim.ui.choice import Choice, from_address, to_address

# What pages add to the address of their own: the group, photo, cell or search that is open.
DETAILS = ("group", "model", "photo", "find", "projection", "color", "sort", "page")


def current_choice() -> Choice:
    """The choice of this visit: from the address if someone typed or followed a link, else as it was left."""
    address = {key: st.query_params[key] for key in st.query_params}
    if "choice" not in st.session_state or (address and address != st.session_state.get("address")):
        set_choice(from_address(address))
    return st.session_state["choice"]


def set_choice(choice: Choice) -> None:
    """Take another choice over; the widgets are drawn anew from it. Call before the sidebar is drawn, then rerun."""
    st.session_state["choice"] = choice
    for key in [key for key in st.session_state if str(key).startswith("side-")]:
        del st.session_state[key]


def keep_choice(choice: Choice) -> None:
    """Remember the choice and write it to the address, so that the link reproduces what is seen.

    Parameters that are not part of the choice (an open group, a photo) stay.
    """
    st.session_state["choice"] = choice
    address = to_address(choice) | {key: st.query_params[key] for key in st.query_params if key in DETAILS}
    if address != {key: st.query_params[key] for key in st.query_params}:
        st.query_params.from_dict(address)
    st.session_state["address"] = address


def detail(name: str) -> str:
    """What the address says of one of DETAILS; '' if nothing."""
    return st.query_params.get(name, "")


def keep_detail(name: str, value: str) -> None:
    """Write one of DETAILS to the address, or take it off where empty."""
    if st.query_params.get(name, "") != value:
        if value:
            st.query_params[name] = value
        else:
            del st.query_params[name]
        st.session_state["address"] = {key: st.query_params[key] for key in st.query_params}
