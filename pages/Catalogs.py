"""Catalogs: open a folder or a zip, read what was found, see and clear what is kept."""

import streamlit as st

from shopsim import ui

with ui.start_page("Catalogs") as choice:
    left, right = st.columns(2, gap="large")
    with left, ui.shown_errors(ends_page=False):
        ui.open_folder()
    with right, ui.shown_errors(ends_page=False):
        ui.upload_zip()

    # The summary stands first but is drawn last, since the page ends there while photos are still being looked at.
    summary = st.container()
    with ui.shown_errors(ends_page=False):
        ui.show_recent(choice)
    with ui.shown_errors(ends_page=False):
        ui.show_uploads(choice)
    with ui.shown_errors(ends_page=False):
        ui.show_tuned(choice)
    with ui.shown_errors(ends_page=False):
        ui.show_cache()
    with summary:
        ui.show_opened(choice)
