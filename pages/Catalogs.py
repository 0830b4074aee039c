"""Catalogs: open a folder or a zip, read what was found, see and clear what is cached."""

import streamlit as st

from shopsim import ui

choice = ui.start_page("Catalogs")
left, right = st.columns(2, gap="large")
with left, ui.shown_errors():
    ui.open_folder(choice)
with right, ui.shown_errors():
    ui.upload_zip()
ui.show_opened(choice)
ui.show_recent(choice)
ui.show_cache()
