"""What the map's colours show, chosen and searched for; kept in the address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from shopsim.map_colours import (
    REST,
    Colouring,
    Homes,
    by_category,
    by_group,
    by_likeness,
    by_model,
    by_verdict,
    find_homes,
    verdicts,
)
from shopsim.map_search import find_photos
from shopsim.pipeline import Grouping
from shopsim.ui.address import detail, keep_detail

_TITLES = {
    "right": "Right and wrong",
    "fit": "Likeness to its group",
    "group": "One group",
    "model": "One model",
    "category": "Category",
}
# "side-" widgets are drawn anew when another address is followed.
_COLOR, _GROUP, _MODEL, _FIND = (f"side-map-{name}" for name in ("color", "group", "model", "find"))


@dataclass(frozen=True, eq=False)
class Coloured:
    """A cut as the map shows it.

    homes, verdicts: None without true models; found: (n,) bool photos that were searched for, None without a search;
    what: how the search was read.
    """

    grouping: Grouping
    homes: Homes | None
    verdicts: np.ndarray | None
    colouring: Colouring
    found: np.ndarray | None = None
    what: str = ""


def choose_colours(grouping: Grouping) -> Coloured:
    """Draw the choices in one line and carry them out."""
    labels_true = grouping.fitted.catalog.labels_true
    homes = None if labels_true is None else find_homes(labels_true, grouping.labels_pred)
    judged = None if homes is None else verdicts(labels_true, grouping.labels_pred, homes)
    left, middle, right = st.columns([2, 3, 3], vertical_alignment="bottom")
    with left:
        names = _names(grouping)
        color = _choose("Colours", "color", _COLOR, names, names[0], _TITLES.__getitem__)
    with middle:
        colouring = _colouring(color, grouping, homes, judged)
    with right:
        text = _search_field()
    if not text:
        return Coloured(grouping, homes, judged, colouring)
    found = find_photos(grouping.fitted.catalog, grouping.labels_pred, text)
    kinds = np.where(found.rows, colouring.kinds, REST)
    return Coloured(grouping, homes, judged, Colouring(kinds, colouring.legend, colouring.note), found.rows, found.what)


def show_group_on_map(group: int) -> None:
    """Colour by that group from now on; for buttons."""
    _show("group", _GROUP, str(group))


def show_model_on_map(model: str) -> None:
    """Colour by that model from now on; for buttons."""
    _show("model", _MODEL, model)


def _show(color: str, key: str, value: str) -> None:
    st.session_state[_COLOR], st.session_state[key], st.session_state[_FIND] = color, value, ""


def _names(grouping: Grouping) -> list[str]:
    catalog = grouping.fitted.catalog
    names = ["fit", "group"] if catalog.labels_true is None else ["right", "fit", "group", "model"]
    return [*names, "category"] if catalog.categories else names


def _colouring(color: str, grouping: Grouping, homes: Homes | None, judged: np.ndarray | None) -> Colouring:
    labels_true, labels_pred = grouping.fitted.catalog.labels_true, grouping.labels_pred
    if color == "group":
        return by_group(labels_true, labels_pred, _choose_group(grouping, homes), homes)
    keep_detail("group", "")
    if color == "model" and labels_true is not None and homes is not None:
        return by_model(labels_true, labels_pred, _choose_model(grouping), homes)
    keep_detail("model", "")
    if color == "category":
        return by_category([image.category for image in grouping.fitted.catalog.images])
    if color == "right" and judged is not None:
        return by_verdict(judged)
    return by_likeness(labels_pred, grouping.representatives)


def _choose_group(grouping: Grouping, homes: Homes | None) -> int:
    catalog, sizes = grouping.fitted.catalog, np.bincount(grouping.labels_pred)
    options = [str(group) for group in np.argsort(-sizes, kind="stable")]

    def title(option: str) -> str:
        group = int(option)
        shows = -1 if homes is None else homes.model_of[group]
        name = "" if shows < 0 else f" · {catalog.model_name(catalog.models[shows])}"
        return f"Group {group} · {sizes[group]:,} photo{'s' if sizes[group] != 1 else ''}{name}"

    _follow_group(grouping, options)
    group = int(_choose("Group", "group", _GROUP, options, "", title))
    first = int(np.flatnonzero(grouping.labels_pred == group)[0])
    anchor = int(grouping.representatives.index[first])
    st.session_state["map-anchor"] = (grouping.fitted.key, grouping.value, group, anchor)
    return group


def _follow_group(grouping: Grouping, options: list[str]) -> None:
    """Groups are numbered anew at every threshold: stay with the one that holds the same central photo."""
    key, value, group, anchor = st.session_state.get("map-anchor", ("", 0.0, -1, 0))
    unmoved = st.session_state.get(_GROUP) in (None, str(group))
    if key == grouping.fitted.key and value != grouping.value and unmoved and group >= 0:
        st.session_state[_GROUP] = str(grouping.labels_pred[anchor])


def _choose_model(grouping: Grouping) -> int:
    catalog = grouping.fitted.catalog
    counts = Counter(image.model for image in catalog.images)
    options = sorted(catalog.models, key=lambda model: (-counts[model], model))

    def title(model: str) -> str:
        name = catalog.model_name(model)
        return f"{name} · {counts[model]:,} photo{'s' if counts[model] != 1 else ''}"

    return catalog.models.index(_choose("Model", "model", _MODEL, options, "", title))


def _choose(
    label: str, name: str, key: str, options: list[str], default: str, title: Callable[[str], str] = str
) -> str:
    """A list whose choice stands in the address, except for the default."""
    if st.session_state.get(key) not in options:
        asked = detail(name)
        st.session_state[key] = asked if asked in options else default or options[0]
    chosen = st.selectbox(label, options, key=key, format_func=title)
    keep_detail(name, "" if chosen == default else chosen)
    return chosen


def _search_field() -> str:
    st.session_state.setdefault(_FIND, detail("find")[:200])
    text = st.text_input(
        "Find", key=_FIND, max_chars=200, type="search", placeholder="model, group 12, or part of a file name"
    )
    keep_detail("find", (text or "").strip())
    return (text or "").strip()
