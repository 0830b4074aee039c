"""Keeps the state of the map that its widgets do not keep."""

from __future__ import annotations

import streamlit as st

from shopsim.ui.address import detail, keep_detail

_DETAILS = ("projection", "color", "group", "model", "find")
_GENERATION, _KEPT = "map-generation", "map-kept"


def generation() -> int:
    """Returns a part of the chart's key; another key means a new chart, without selection and zoom."""
    return st.session_state.get(_GENERATION, 0)


def clear_selection() -> None:
    """Makes the next chart a new one."""
    st.session_state[_GENERATION] = generation() + 1


def recall_view(catalog: str) -> None:
    """Writes the last view to the address, unless the address names a view. catalog: its digest."""
    kept_of, kept = st.session_state.get(_KEPT, ("", {}))
    if kept_of == catalog and not any(detail(name) for name in _DETAILS):
        for name, value in kept.items():
            keep_detail(name, value)


def remember_view(catalog: str) -> None:
    """Keeps the view of the map, as the address has it, for the next visit to the page."""
    st.session_state[_KEPT] = (catalog, {name: detail(name) for name in _DETAILS})
