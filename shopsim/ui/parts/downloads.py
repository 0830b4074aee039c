"""Draws buttons that download files."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from typing import Literal
from urllib.parse import urlencode

import streamlit as st

from shopsim.grouping.grouping import Grouping
from shopsim.grouping.groups_csv import csv_of
from shopsim.ui.choice import to_address

_RAW_HELP = (
    "A spreadsheet runs a cell that begins with =, +, - or @. Such texts get an apostrophe before them. Switch this on "
    "where a program reads the file, which then has every text as it is."
)
_ABOUT_HELP = "Three more columns, the same in each row: the catalogue, the settings as in the address, and the date."


def offer_csv(
    grouping: Grouping,
    label: str = "Download the groups as CSV",
    name: str = "groups",
    rows: Collection[int] | None = None,
    width: Literal["stretch", "content"] = "stretch",
) -> None:
    """Draws a button for the group CSV, of these photos or of all. The file is made when the button is clicked.

    name: the middle of the file's name, between the catalogue and the date.
    """
    with st.container(horizontal=True, gap="xsmall", width=width, key=f"csv-row-{name}"):
        raw_key, about_key = f"csv-raw-{name}", f"csv-about-{name}"
        raw = st.session_state.get(raw_key, False)
        # Known before the click, which the server answers outside of any page.
        about = about_cut(grouping) if st.session_state.get(about_key, False) else None
        st.download_button(
            label,
            lambda: csv_of(grouping, rows, raw, about=about),
            file_name=file_name(grouping, name, raw),
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            width=width,
        )
        with st.popover("", icon=":material/more_vert:", help="How the CSV is written"):
            st.toggle("For programs: texts as they are", key=raw_key, help=_RAW_HELP)
            st.toggle("With catalogue, settings and date", key=about_key, help=_ABOUT_HELP)


def about_cut(grouping: Grouping) -> dict[str, str]:
    """Returns what the groups come from, by column."""
    address = to_address(st.session_state["choice"].by_hand())
    settings = {key: value for key, value in address.items() if key not in ("folder", "labels")}
    name = grouping.fitted.catalog.name
    settings["at"] = repr(grouping.value)
    if grouping.fitted.bindings is not None:
        settings["corrections"] = "used"
    return {"catalog": name, "settings": urlencode(settings), "date": date.today().isoformat()}


def file_name(grouping: Grouping, name: str, raw: bool = False) -> str:
    """Returns a name that says catalogue, contents, clustering, value and date: 'bags-groups-average-22.0-….csv'."""
    control = grouping.fitted.control
    value = f"{grouping.value * 100:.1f}" if control.kind == "similarity" else f"{grouping.value:g}"
    choice = st.session_state["choice"]
    how = choice.tuned or choice.clusterer + ("-strict" if grouping.strict else "")
    how += "-corrected" if grouping.fitted.bindings is not None else ""
    parts = [grouping.fitted.catalog.name, name, how, value, date.today().isoformat(), *(["raw"] if raw else [])]
    return "-".join(re.sub(r"[^\w.]+", "-", part).strip("-") for part in parts) + ".csv"
