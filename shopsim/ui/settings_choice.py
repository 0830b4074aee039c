"""The sidebar's field that says who chooses how to group: shopsim, the visitor, or tuned settings."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from shopsim.tuning.settings_files import names
from shopsim.ui.address import drawn, follow_choice
from shopsim.ui.choice import Choice

_KEY = "side-tuned"
# No kept settings can have this name, which is no name of a folder.
_AUTOMATIC = "/"
_FIXED = {_AUTOMATIC: "Automatic", "": "By hand"}
_HELP = (
    "Automatic: shopsim chooses extractor, space and clustering for each catalogue. By hand: they stay as you chose "
    "them. Other names are settings that Auto, on the Tune page, found on photos whose models are known. They group "
    "other photos as they were tuned, and the Catalogs page lists them."
)


def choose_settings(choice: Choice) -> Choice:
    """Asks whether shopsim chooses how to group, the visitor does, or one of the kept settings."""
    kept = names()
    if choice.tuned and choice.tuned not in kept:
        # A threshold that came with settings which are gone is dropped with them.
        choice = replace(choice, tuned="", value=None)
    current = _AUTOMATIC if choice.automatic else choice.tuned
    name = _select([*_FIXED, *kept], current)
    if name == current:
        return choice
    return choice.as_automatic() if name == _AUTOMATIC else replace(choice.by_hand(), tuned=name, value=None)


def _select(options: list[str], current: str) -> str:
    follow_choice(_KEY, current)
    if st.session_state[_KEY] not in options:
        st.session_state[_KEY] = current
    field = st.sidebar.selectbox(
        "Settings", options, key=_KEY, format_func=lambda name: _FIXED.get(name, name), help=_HELP
    )
    return drawn(_KEY, field)
