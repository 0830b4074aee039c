"""A row of options that is remembered on other pages too."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from shopsim.ui.address import drawn, follow_choice


def choose_one(
    label: str, options: Sequence[str], key: str, titles: Callable[[str], str] = str, help: str | None = None
) -> str:
    """Draws the options, and returns the chosen one; the first one until the visitor chooses."""
    kept = st.session_state.get(f"{key}-kept")
    follow_choice(key, kept if kept in options else options[0])
    if st.session_state[key] not in options:
        st.session_state[key] = options[0]
    chosen = drawn(key, st.segmented_control(label, options, key=key, format_func=titles, help=help, required=True))
    st.session_state[f"{key}-kept"] = chosen
    return chosen
