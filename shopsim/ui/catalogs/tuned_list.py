"""The kept tuned settings on the Catalogs page: shown, used, downloaded, removed and added."""

from __future__ import annotations

import streamlit as st

from shopsim.base.errors import ShopsimError
from shopsim.tuning.settings_files import names
from shopsim.tuning.tuned_import import keep_folder, keep_zip, remove_settings
from shopsim.ui.access.rights import WHY_NOT, changes, may_change, require_change
from shopsim.ui.choice import Choice
from shopsim.ui.guard import shown_errors
from shopsim.ui.parts.texts import as_written, counted
from shopsim.ui.server import existing_path
from shopsim.ui.tune.auto_found import offer_zip
from shopsim.ui.tuned_settings import about_settings, at_once, told, unseen_score, use_settings

_MOST_SHOWN = 50


def show_tuned(choice: Choice) -> None:
    """Shows all kept settings, and a form that adds settings from elsewhere."""
    st.subheader("Tuned settings")
    kept = names()
    if not kept:
        st.caption("None yet. _Auto_ on the Tune page finds some on photos whose models are known.")
    for name in kept[:_MOST_SHOWN]:
        with st.container(border=True):
            _show_one(name, choice)
    if len(kept) > _MOST_SHOWN:
        st.caption(f"{counted(len(kept) - _MOST_SHOWN, 'older one')} not shown.")
    with st.expander("Add tuned settings"), shown_errors(ends_page=False):
        _add()


def _show_one(name: str, choice: Choice) -> None:
    text, use, send, remove = st.columns([6, 1.2, 1.4, 1.4], vertical_alignment="center")
    in_use = choice.tuned == name
    with text:
        st.markdown(f"**{as_written(name)}**{' · in use' if in_use else ''}")
        with shown_errors(ends_page=False):
            settings = about_settings(name)
            on = settings.tuned_on
            used = " and ".join(use.name for use in settings.extractors)
            first = f"Tuned on {as_written(on.catalog)}: {counted(on.n_images, 'photo')} of "
            first += f"{counted(on.n_models, 'model')}, by {as_written(used)}. "
            size = at_once(settings.n_validation)
            validation = f"ARI {told(settings.scores.get('validation'))} on validation models{size}. "
            st.caption(first + (validation if "held_out" in settings.scores else "") + unseen_score(settings))
            if use.button("Use", key=f"use-{name}", disabled=in_use, width="stretch"):
                use_settings(name)
            with send:
                offer_zip(name)
    if may_change():
        with remove.popover("Remove", width="stretch"):
            st.markdown("They cannot be brought back, only tuned again.")
            if st.button("Remove for good", key=f"remove-{name}", type="primary"):
                changes(remove_settings)(name)
                st.rerun()


def _add() -> None:
    if not may_change():
        st.caption(WHY_NOT)
        return
    with st.form("add-tuned", border=False, clear_on_submit=True):
        left, right = st.columns(2, gap="large")
        file = left.file_uploader("Zip of tuned settings", type=["zip"])
        place = right.text_input(
            "Or a folder or zip on the machine shopsim runs on", help="A folder holds a settings.json and its arrays."
        )
        if not st.form_submit_button("Add", icon=":material/add:"):
            return
    if file is None and not place.strip():
        raise ShopsimError("No settings were named; choose a zip, or type the path of a folder.")
    require_change()
    name = keep_zip(file) if file is not None else keep_folder(existing_path(place))
    st.toast(f"Kept as {as_written(name)}.")
    st.rerun()
