"""Asks before a network that an address or a visitor names is loaded: a SavedModel is a program."""

from __future__ import annotations

import streamlit as st

from shopsim.ui.choice import Choice
from shopsim.ui.home_list import change_list, read_list
from shopsim.ui.texts import as_written

_NAME = "trusted-networks"


def require_trust(choice: Choice) -> None:
    """Nothing if the chosen network was confirmed on this machine; else the question, and the page ends there."""
    if not is_trusted(choice):
        st.stop()


def is_trusted(choice: Choice) -> bool:
    """Whether the chosen network was confirmed on this machine; if not, the question is drawn.

    Whoever wrote a link chose its handle, so it takes a click here, one for each handle, to load what it leads to.
    """
    handle = str(choice.extractor_settings.get("handle", "")).strip()
    # Without a handle there is nothing to load, and the extractor says so.
    if choice.extractor != "tfhub" or not handle or handle in read_list(_NAME):
        return True
    st.warning(
        f"A SavedModel is a program: shopsim will load and run {as_written(handle)}. Only do this for one you trust."
    )
    # The handle is part of the key: a click meant for another one must not confirm it.
    if st.button("Load it", key=f"load-{handle}", type="primary"):
        change_list(_NAME, lambda handles: [*handles, handle])
        st.rerun()
    return False
