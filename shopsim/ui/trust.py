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
    """Nothing if the extractor's network was trusted on this machine; else the question, and the page ends there."""
    if not is_trusted(extractor, settings):
        st.stop()


def is_trusted(extractor: str, settings: Mapping[str, Value], place: str = "page") -> bool:
    """Whether the extractor's network was trusted on this machine; if not, the question is drawn.

    Whoever wrote a link chose its handle, so it takes a click here, one for each handle, to load what it leads to.
    place: on the page, since two parts of one may ask about the same network.
    Raises ShopsimError if it was clicked and the handle leads nowhere.
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
    # The handle is part of the key: a click meant for another one must not confirm it.
    if st.button("Load it", key=f"load-{place}-{handle}", type="primary"):
        changes(trust)(extractor, **settings)
        st.rerun()
