"""Filters photos by columns of the catalogue; the address keeps the filter."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from shopsim.catalog.attributes import Attribute
from shopsim.catalog.catalog import Catalog
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.photo_filter import PhotoFilter, columns_to_filter
from shopsim.ui.address import detail, keep_detail
from shopsim.ui.guard import callback
from shopsim.ui.parts.texts import as_written, counted

_HELP = "A filter chooses what is shown. It does not change which photos are grouped."


def filtered_photos(catalog: Catalog) -> np.ndarray | None:
    """Draws the filter where the catalogue has columns; returns (n,) bool, the chosen photos, or None for all."""
    columns = columns_to_filter(catalog.columns)
    if not columns:
        return None
    found = PhotoFilter.parse(detail("where"), columns)
    title = (
        "Filter by column"
        if not found
        else "Filter by column: {columns}".format(
            columns=", ".join(as_written(name) for name in (*found.values, *found.ranges))
        )
    )
    with st.expander(title, icon=":material/filter_alt:", expanded=bool(found)):
        st.caption(_HELP)
        places = st.columns(min(len(columns), 3))
        for number, (name, column) in enumerate(columns.items()):
            with places[number % len(places)]:
                _field(name, column, found, list(columns))
        if found:
            rows = found.rows(columns, len(catalog.images))
            told = "Shown: {n} of {photos}.".format(n=f"{int(rows.sum()):,}", photos=counted(len(rows), "photo"))
            left, right = st.columns([4, 1], vertical_alignment="center")
            left.markdown(told)
            right.button("Clear", key="where-clear", width="stretch", on_click=callback(_clear))
            return rows
    return None


def groups_with(table: pd.DataFrame, grouping: Grouping, rows: np.ndarray | None) -> pd.DataFrame:
    """Returns the rows of a group table whose group has one of these photos. rows: (n,) bool, None for all."""
    if rows is None:
        return table
    return table[table["group"].isin(np.unique(grouping.labels_pred[rows]))].reset_index(drop=True)


def _field(name: str, column: Attribute, found: PhotoFilter, names: list[str]) -> None:
    key = _key(name)
    if column.kind == "number":
        low, high = _ends(column)
        st.session_state[key] = tuple(float(np.clip(end, low, high)) for end in found.ranges.get(name, (low, high)))
        st.slider(as_written(name), low, high, key=key, on_change=callback(_write), args=(names,))
        # The ends of the whole range are kept, so that the callback knows what chooses all photos.
        st.session_state[f"{key}-ends"] = (low, high)
        return
    options = [value for value, count in zip(column.values, column.counts, strict=True) if count]
    options += [""] if (column.codes < 0).any() else []
    st.session_state[key] = [value for value in found.values.get(name, ()) if value in options]
    st.multiselect(
        as_written(name),
        options,
        key=key,
        format_func=lambda value: value or "no value",
        placeholder="All values",
        on_change=callback(_write),
        args=(names,),
    )


def _ends(column: Attribute) -> tuple[float, float]:
    numbers = column.numbers
    return float(np.nanmin(numbers)), float(np.nanmax(numbers))


def _key(name: str) -> str:
    return f"where-{name}"


def _write(names: list[str]) -> None:
    values, ranges = {}, {}
    for name in names:
        chosen, ends = st.session_state.get(_key(name)), st.session_state.get(f"{_key(name)}-ends")
        if isinstance(chosen, tuple):
            if chosen != ends:
                ranges[name] = (float(chosen[0]), float(chosen[1]))
        elif chosen:
            values[name] = tuple(chosen)
    keep_detail("where", PhotoFilter(values, ranges).text)
    keep_detail("page", "")


def _clear() -> None:
    keep_detail("where", "")
    keep_detail("page", "")
