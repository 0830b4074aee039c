"""Corrections as a file: downloaded, and taken over from another workspace."""

from __future__ import annotations

import streamlit as st

from shopsim.base.errors import ShopsimError
from shopsim.grouping.corrections.corrections_csv import corrections_csv
from shopsim.grouping.corrections.store import read_actions
from shopsim.grouping.corrections.take_over import Taken, take_over
from shopsim.grouping.grouping import Grouping
from shopsim.ui.access.rights import changes, may_change
from shopsim.ui.corrections.acts import off
from shopsim.ui.corrections.regrouped import Corrected
from shopsim.ui.guard import callback

_FILE = "corrections-file"


def offer_files(corrected: Corrected) -> None:
    """Draws the button for a CSV of the corrections, and the field for one that is imported."""
    catalog = corrected.grouping.fitted.catalog
    if corrected.valid:
        st.download_button(
            "Download the corrections as CSV",
            lambda: corrections_csv(catalog, read_actions(catalog)),
            file_name="corrections.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
    if not may_change():
        return
    st.file_uploader("Corrections from a CSV", type="csv", key=_FILE, help="All rows are kept, or none.")
    st.button(
        "Import them",
        key="corrections-import",
        icon=":material/upload:",
        on_click=callback(_take_over),
        args=(corrected.grouping,),
        **off(st.session_state.get(_FILE) is None),
    )
    taken: Taken | None = st.session_state.pop("corrections-imported", None)
    if taken is not None:
        st.success(f"New corrections from the file: {taken.n_new:,}. {taken.told}")


@changes
def _take_over(grouping: Grouping) -> None:
    file, catalog = st.session_state.get(_FILE), grouping.fitted.catalog
    if file is None:
        raise ShopsimError("There is no file to import; choose one first.")
    st.session_state["corrections-imported"] = take_over(catalog, file.getvalue(), file.name)
