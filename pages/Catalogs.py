"""Catalogs: open a folder or a zip, read what was found, see and clear what is kept."""

import streamlit as st

from shopsim.ui.catalogs.catalogs import open_folder, show_recent, upload_zip
from shopsim.ui.catalogs.summary import show_cache, show_opened
from shopsim.ui.catalogs.tuned_list import show_tuned
from shopsim.ui.catalogs.uploads import show_uploads
from shopsim.ui.guard import shown_errors
from shopsim.ui.page import start_page

with start_page("Catalogs") as choice:
    left, right = st.columns(2, gap="large")
    with left, shown_errors(ends_page=False):
        open_folder()
    with right, shown_errors(ends_page=False):
        upload_zip()

    # The summary stands first but is drawn last, since the page ends there while photos are still being looked at.
    summary = st.container()
    with shown_errors(ends_page=False):
        show_recent(choice)
    with shown_errors(ends_page=False):
        show_uploads(choice)
    with shown_errors(ends_page=False):
        show_tuned(choice)
    with shown_errors(ends_page=False):
        show_cache()
    with summary:
        show_opened(choice)
