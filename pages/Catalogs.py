"""Catalogs: open a folder or a zip, read what was found, see and clear what is cached."""

import streamlit as st

from shopsim import ui

choice = ui.start_page("Catalogs")
left, right = st.columns(2, gap="large")
with left, ui.shown_errors(ends_page=False):
    ui.open_folder()
with right, ui.shown_errors(ends_page=False):
    ui.upload_zip()

# The summary stands first but is drawn last, since the page ends there while photos are still being looked at.
summary = st.container()
ui.show_recent(choice)
ui.show_tuned(choice)
ui.show_cache()
with summary:
    ui.show_opened(choice)
