"""Chooses what the colours of the map show, and finds photos; both are kept in the address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from shopsim.grouping.grouping import Grouping
from shopsim.grouping.search import find_photos
from shopsim.ui.address import detail, keep_detail
from shopsim.ui.charts.column_colours import by_column, columns_to_colour
from shopsim.ui.charts.map_colours import (
    REST,
    Colouring,
    Homes,
    by_category,
    by_group,
    by_likeness,
    by_model,
    by_verdict,
    find_homes,
    only_found,
    verdicts,
)
from shopsim.ui.map.state import clear_selection, recall_view, remember_view
from shopsim.ui.parts.texts import counted

_TITLES = {
    "right": "Right and wrong",
    "fit": "Similarity to its group",
    "group": "One group",
    "model": "One model",
    "category": "Category",
}
_COLUMN = "column."
# "side-" widgets are drawn anew when another address is followed.
_MAX_TEXT = 200
# In pixels; fields that have no room stand in a further line.
_FIELD_WIDTH, _FIND_WIDTH = 210, 250
_COLOR, _GROUP, _MODEL, _FIND = (f"side-map-{name}" for name in ("color", "group", "model", "find"))


@dataclass(frozen=True, eq=False)
class Coloured:
    """A cut as the map shows it.

    homes, verdicts: None without true models. focus: (k,) rows of the photos that were searched for, or that belong to
    the chosen group or model; what: a phrase for them.
    """

    grouping: Grouping
    homes: Homes | None
    verdicts: np.ndarray | None
    colouring: Colouring
    focus: np.ndarray
    what: str


def choose_colours(grouping: Grouping) -> Coloured:
    """Draws the choices in one line and returns the cut coloured by them."""
    if _COLOR not in st.session_state:
        recall_view(grouping.fitted.catalog.digest)
    labels_true = grouping.fitted.catalog.labels_true
    homes = None if labels_true is None else find_homes(labels_true, grouping.labels_pred)
    judged = None if homes is None else verdicts(labels_true, grouping.labels_pred, homes)
    names = _names(grouping)
    color = _settle("color", _COLOR, names, names[0])
    with_second = color in ("group", "model")
    _choose("Colours", "color", _COLOR, names, names[0], _title)
    colouring, what = _colouring(color, grouping, homes, judged)
    kinds = colouring.kinds
    focus = kinds != REST if with_second else np.zeros(len(kinds), dtype=bool)
    text = _search_field()
    if text:
        found = find_photos(grouping.fitted.catalog, grouping.labels_pred, text)
        focus, what = found.rows, found.what
        colouring = only_found(colouring, found.rows)
    remember_view(grouping.fitted.catalog.digest)
    return Coloured(grouping, homes, judged, colouring, np.flatnonzero(focus), what)


def show_group_on_map(group: int) -> None:
    """Colour by that group from now on; for buttons."""
    _show("group", _GROUP, str(group))


def show_model_on_map(model: str) -> None:
    """Colour by that model from now on; for buttons."""
    _show("model", _MODEL, model)


def _show(color: str, key: str, value: str) -> None:
    st.session_state[_COLOR], st.session_state[key], st.session_state[_FIND] = color, value, ""
    st.session_state.pop("map-anchor", None)
    clear_selection()


def _names(grouping: Grouping) -> list[str]:
    catalog = grouping.fitted.catalog
    names = ["fit", "group"] if catalog.labels_true is None else ["right", "fit", "group", "model"]
    # All photos of one category would have one colour.
    names += ["category"] if len(catalog.categories) > 1 else []
    return [*names, *(f"{_COLUMN}{name}" for name in columns_to_colour(catalog.columns))]


def _title(name: str) -> str:
    return _TITLES.get(name) or f"Column: {name.removeprefix(_COLUMN)}"


def _colouring(color: str, grouping: Grouping, homes: Homes | None, judged: np.ndarray | None) -> tuple[Colouring, str]:
    """Returns the colours, and a phrase for the photos in the foreground."""
    catalog, labels_pred = grouping.fitted.catalog, grouping.labels_pred
    if color == "group":
        keep_detail("model", "")
        group = _choose_group(grouping, homes)
        return by_group(catalog.labels_true, labels_pred, group, homes), f"in group {group}, or of its model"
    keep_detail("group", "")
    if color == "model" and catalog.labels_true is not None and homes is not None:
        model = _choose_model(grouping)
        what = f"of model {catalog.model_name(catalog.models[model])}, or in its main group"
        return by_model(catalog.labels_true, labels_pred, model, homes), what
    keep_detail("model", "")
    if color == "category":
        return by_category([image.category for image in catalog.images]), ""
    if color.startswith(_COLUMN):
        return by_column(catalog.columns[color.removeprefix(_COLUMN)]), ""
    if color == "right" and judged is not None:
        return by_verdict(judged), ""
    return by_likeness(labels_pred, grouping.representatives), ""


def _choose_group(grouping: Grouping, homes: Homes | None) -> int:
    catalog, sizes = grouping.fitted.catalog, np.bincount(grouping.labels_pred)
    options = [str(group) for group in np.argsort(-sizes, kind="stable")]

    def title(option: str) -> str:
        group = int(option)
        shows = -1 if homes is None else homes.model_of[group]
        name = "" if shows < 0 else f" · {catalog.model_name(catalog.models[shows])}"
        return f"Group {group} · {counted(sizes[group], 'photo')}{name}"

    _follow_group(grouping, options)
    group = int(_choose("Group", "group", _GROUP, options, "", title))
    first = int(np.flatnonzero(grouping.labels_pred == group)[0])
    anchor = int(grouping.representatives.index[first])
    st.session_state["map-anchor"] = (grouping.cut, group, anchor)
    return group


def _follow_group(grouping: Grouping, options: list[str]) -> None:
    """Stays with the group of the same central photo, since every threshold numbers groups differently."""
    cut, group, anchor = st.session_state.get("map-anchor", (("", 0.0, False), -1, 0))
    unmoved = st.session_state.get(_GROUP) in (None, str(group))
    if cut[0] == grouping.fitted.key and cut != grouping.cut and unmoved and group >= 0:
        st.session_state[_GROUP] = str(grouping.labels_pred[anchor])


def _choose_model(grouping: Grouping) -> int:
    catalog = grouping.fitted.catalog
    counts = Counter(image.model for image in catalog.images)
    options = sorted(catalog.models, key=lambda model: (-counts[model], model))

    def title(model: str) -> str:
        name = catalog.model_name(model)
        return f"{name} · {counted(counts[model], 'photo')}"

    return catalog.models.index(_choose("Model", "model", _MODEL, options, "", title))


def _choose(
    label: str, name: str, key: str, options: list[str], default: str, title: Callable[[str], str] = str
) -> str:
    """Draws a list whose choice is kept in the address; the default is left out."""
    _settle(name, key, options, default)
    chosen = st.selectbox(label, options, key=key, format_func=title, width=_FIELD_WIDTH)
    keep_detail(name, "" if chosen == default else chosen)
    return chosen


def _settle(name: str, key: str, options: list[str], default: str) -> str:
    """Returns what was chosen last, else what the address says, else the default."""
    if st.session_state.get(key) not in options:
        asked = detail(name)
        st.session_state[key] = asked if asked in options else default or options[0]
    return st.session_state[key]


def _search_field() -> str:
    st.session_state.setdefault(_FIND, detail("find"))
    placeholder = "model, group 12, or part of a file name"
    typed = st.text_input("Find", key=_FIND, type="search", placeholder=placeholder, width=_FIND_WIDTH)
    text = (typed or "").strip()[:_MAX_TEXT]
    keep_detail("find", text)
    return text
