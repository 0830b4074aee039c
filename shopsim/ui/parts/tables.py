"""Tables on a page, and those worth it as a file: the only caller of Streamlit's own table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from shopsim.base.text.spreadsheet import Cell, csv_bytes


def show_table(data: Any, **shown: Any) -> Any:
    """Draw a table without row numbers; its selection, where one is asked for. shown: as for `st.dataframe`.

    Streamlit's own export and copying of cells would leave them unguarded against spreadsheets that run formulas:
    `.streamlit/config.toml` switches them off.
    """
    return st.dataframe(data, hide_index=True, **shown)


def show_listing(rows: Sequence[Mapping[str, Cell]], file: str) -> None:
    """A table of one kind of rows, with a button for it as a CSV file of that name, which is also its key."""
    show_table(list(rows))
    st.download_button(
        "Download as CSV",
        lambda: csv_bytes(list(rows[0]), (list(row.values()) for row in rows)),
        file_name=file,
        mime="text/csv",
        key=f"csv-{file}",
        icon=":material/download:",
        on_click="ignore",
    )
