"""Draws tables on a page, some with a download: the only caller of Streamlit's own table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import streamlit as st

from shopsim.base.text.spreadsheet import Cell, csv_bytes
from shopsim.catalog.problem_reasons import MOST_LISTED

Item = TypeVar("Item")


def show_table(data: Any, **shown: Any) -> Any:
    """Draws a table without row numbers; returns its selection if one is asked for. shown: as for `st.dataframe`.

    Streamlit's own export and copy do not guard cells that a spreadsheet would run as formulas, so
    `.streamlit/config.toml` switches them off.
    """
    return st.dataframe(data, hide_index=True, **shown)


def show_listing(items: Sequence[Item], row: Callable[[Item], Mapping[str, Cell]], file: str) -> None:
    """Draws the first MOST_LISTED items as a table, with a button that downloads all of them as CSV.

    row: returns the cells of one item by column; it is called for the items that are drawn, and for all on the click.
    file: names the file, and is the button's key.
    """
    show_table([row(item) for item in items[:MOST_LISTED]])
    if len(items) > MOST_LISTED:
        st.caption(f"The first {MOST_LISTED:,} of {len(items):,}; the CSV has all of them.")

    def everything() -> bytes:
        return csv_bytes(list(row(items[0])), (list(row(item).values()) for item in items))

    st.download_button(
        "Download as CSV",
        everything,
        file_name=file,
        mime="text/csv",
        key=f"csv-{file}",
        icon=":material/download:",
        on_click="ignore",
    )
