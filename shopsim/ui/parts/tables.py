"""Draws tables on a page, some with a download: the only caller of Streamlit's own table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from shopsim.base.text.spreadsheet import Cell, csv_bytes


def show_table(data: Any, **shown: Any) -> Any:
    """Draws a table without row numbers; returns its selection if one is asked for. shown: as for `st.dataframe`.

    Streamlit's own export and copy do not guard cells that a spreadsheet would run as formulas, so
    `.streamlit/config.toml` switches them off.
    """
    return st.dataframe(data, hide_index=True, **shown)


def show_listing(rows: Sequence[Mapping[str, Cell]], file: str) -> None:
    """Draws a table with a button that downloads it as CSV; `file` names the file, and is the button's key."""
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
