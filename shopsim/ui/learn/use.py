"""Buttons that make a network or its settings the choice of every page, or remove them."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from shopsim.features.extractors.fine_tuned import NAME
from shopsim.features.networks.trained import remove_network
from shopsim.ui.access.rights import changes
from shopsim.ui.address import current_choice, take_choice
from shopsim.ui.parts.texts import as_written
from shopsim.ui.tuned_settings import use_settings


def offer_settings(name: str, place: str) -> None:
    """Shows a button that lets these tuned settings group the photos of every page."""
    used = current_choice().tuned == name
    label = "Its settings are in use" if used else "Use its settings"
    if st.button(label, key=f"{place}-settings", disabled=used, type="primary", icon=":material/check:"):
        use_settings(name)


def offer_network(name: str, place: str) -> None:
    """Shows a button that makes this network the extractor of every page, with space and clustering by hand."""
    used = _is_extractor(name) and not current_choice().tuned
    label = "In use as extractor" if used else "Use as extractor"
    if st.button(label, key=f"{place}-network", disabled=used, icon=":material/photo_filter:"):
        settings = {"network": name}
        choice = current_choice().by_hand()
        take_choice(replace(choice, extractor=NAME, extractor_settings=settings, tuned="", value=None, strict=False))


def offer_removal(name: str, settings: str) -> None:
    """Shows a button that removes this network after a question, also from the current choice. settings: its own."""
    with st.popover("Remove", icon=":material/delete:"):
        st.markdown("It cannot be brought back, only learnt again. Settings that group by it will not work without it.")
        if st.button("Remove for good", key=f"remove-{name}", type="primary"):
            choice = current_choice()
            changes(remove_network)(name)
            st.toast(f"{as_written(name)} is removed.")
            if _is_extractor(name):
                choice = choice.as_automatic()
            if settings and choice.tuned == settings:
                choice = replace(choice, tuned="", value=None)
            take_choice(choice)


def _is_extractor(name: str) -> bool:
    choice = current_choice()
    return choice.extractor == NAME and choice.extractor_settings.get("network") == name
