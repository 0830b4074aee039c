"""Draws buttons that download files."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import streamlit as st

from shopsim.grouping.grouping import Grouping
from shopsim.grouping.groups_csv import csv_of


def offer_csv(
    grouping: Grouping,
    label: str = "Download the groups as CSV",
    name: str = "groups.csv",
    rows: Collection[int] | None = None,
    width: Literal["stretch", "content"] = "stretch",
) -> None:
    """Draws a button for the group CSV, of these photos or of all. The file is made when the button is clicked."""
    st.download_button(
        label,
        lambda: csv_of(grouping, rows),
        file_name=name,
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        width=width,
    )
