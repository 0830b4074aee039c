"""Asks before a network that an address or a visitor names is loaded: a SavedModel is a program."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from shopsim.base.registry import Value
from shopsim.features.networks.trust import FilesChanged, NotTrusted
from shopsim.features.networks.wanted import named_from_outside
from shopsim.features.networks.weights import trust, why_not_trusted
from shopsim.grouping.fit import OWN_VECTORS
from shopsim.ui.access.rights import WHY_NOT, changes, may_change
from shopsim.ui.parts.texts import as_written


def require_trust(extractor: str, settings: Mapping[str, Value]) -> None:
    """Asks whether to load the extractor's network, and ends the page there, unless it was trusted on this machine."""
    if not is_trusted(extractor, settings):
        st.stop()


def is_trusted(extractor: str, settings: Mapping[str, Value], place: str = "page") -> bool:
    """Returns whether the extractor's network was trusted on this machine; if not, it draws the question.

    The author of a link chose its handle, so each handle needs a click here before its network is loaded.
    place: the part of the page, since two parts may ask about the same network.
    Raises ShopsimError if the button was clicked and the handle leads nowhere.
    """
    refusal = why_not_trusted(extractor, **settings) if extractor != OWN_VECTORS else None
    if refusal is None:
        return True
    _ask(extractor, settings, refusal, place)
    return False


def _ask(extractor: str, settings: Mapping[str, Value], refusal: NotTrusted, place: str) -> None:
    handle = named_from_outside(extractor, settings)
    changed = " Its files are not those that you trusted before." if isinstance(refusal, FilesChanged) else ""
    st.warning(
        f"A SavedModel is a program: shopsim will load and run {as_written(handle)}.{changed} Only do this for one you "
        "trust."
    )
    if not may_change():
        st.caption(WHY_NOT)
        return
    # The handle is part of the key, so that a click for another handle does not confirm this one.
    if st.button("Load it", key=f"load-{place}-{handle}", type="primary"):
        changes(trust)(extractor, **settings)
        st.rerun()
