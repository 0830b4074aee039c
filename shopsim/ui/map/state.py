"""What the map remembers beside its widgets."""

from __future__ import annotations

import streamlit as st

from shopsim.ui.address import detail, keep_detail

_DETAILS = ("projection", "color", "group", "model", "find")
_GENERATION, _KEPT = "map-generation", "map-kept"


def generation() -> int:
    """Part of the chart's key: another one is a new chart, with nothing selected and not zoomed."""
    return st.session_state.get(_GENERATION, 0)


def clear_selection() -> None:
    """Let the next chart be a new one."""
    st.session_state[_GENERATION] = generation() + 1


def recall_view(catalog: str) -> None:
    """Write the view that was left to the address, unless that asks for one of its own; catalog: its digest."""
    kept_of, kept = st.session_state.get(_KEPT, ("", {}))
    if kept_of == catalog and not any(detail(name) for name in _DETAILS):
        for name, value in kept.items():
            keep_detail(name, value)


def remember_view(catalog: str) -> None:
    """Keep what the address says of the map for the next visit of the page."""
    st.session_state[_KEPT] = (catalog, {name: detail(name) for name in _DETAILS})
