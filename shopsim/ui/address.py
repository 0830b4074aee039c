"""Keeps the visitor's choice, the widgets and the address in step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import streamlit as st

from shopsim.base.registry import Value
from shopsim.base.same_name import composed
from shopsim.ui.choice import Choice, from_address, to_address

T = TypeVar("T")

# What pages add to the address of their own: the group, cell, search or other setting that is open, and how it is
# shown.
DETAILS = (
    "group",
    "photo",
    "model",
    "find",
    "projection",
    "color",
    "sort",
    "page",
    "beside",
    "corrections",
    "part",
    "run",
    "where",
)
# Those that only these groups give a meaning to.
_OF_GROUPS = ("group", "photo", "model", "find", "page")
# Those that our own links to other pages keep.
_CARRIED = ("corrections",)


def current_choice() -> Choice:
    """Returns the choice of this visit: from the address if someone typed it or followed a link, else the last one.

    A link of our own navigation keeps the choice as it is now: the threshold may have moved since it was drawn.
    """
    address = _choice_in_address()
    is_first = "choice" not in st.session_state
    if is_first or (address and address not in _own()):
        choice = from_address(address)
        if not is_first:
            # Where a link leads to its own page, Streamlit leaves the browser's address as it was.
            st.query_params.from_dict(_address())
        # Our links to a group say how the photos were grouped; one that does not is of an earlier version, and means
        # what it meant then.
        set_choice(choice.by_hand() if about_groups() else choice)
    else:
        _carry()
    for name in _CARRIED:
        st.session_state[f"carried-{name}"] = st.query_params.get(name, "")
    return st.session_state["choice"]


def _carry() -> None:
    """Writes what the last page said to the address of this one, which a link of our own has led to."""
    for name in _CARRIED:
        kept = st.session_state.get(f"carried-{name}", "")
        if kept and name not in st.query_params:
            st.query_params[name] = kept


def _own() -> tuple[dict[str, str], ...]:
    """Returns what the address of our own links may be."""
    named = to_address(st.session_state["choice"].by_hand())
    return st.session_state.get("address", {}), st.session_state.get("links", {}), named


def links_lead_to(choice: Choice) -> dict[str, str]:
    """Returns and remembers the parameters for the links of the navigation."""
    st.session_state["links"] = to_address(choice)
    return st.session_state["links"]


def set_choice(choice: Choice) -> None:
    """Sets another choice, from which the widgets are drawn. Call before the sidebar is drawn, then rerun."""
    st.session_state["choice"] = choice
    for key in [key for key in st.session_state if str(key).startswith("side-")]:
        del st.session_state[key]


def take_choice(choice: Choice, details: Mapping[str, str] | None = None) -> None:
    """Sets another choice from the middle of a page, and draws the page again with it.

    details: values of DETAILS that the address has then; None for no detail.
    """
    set_choice(choice)
    # What the address said before must not win over it.
    st.query_params.from_dict(dict(details or {}))
    st.session_state["address"] = {}
    st.rerun()


def keep_choice(choice: Choice) -> None:
    """Remembers the choice and writes it to the address, so that the link shows the same page.

    Parameters that are not part of the choice (an open group, a photo) stay. Where one is about a group, the address
    also says how the photos are grouped, since the group may be another one where other settings are the default.
    """
    st.session_state["choice"] = choice
    _write(_details())


def follow_choice(key: str, value: Value) -> None:
    """Makes a widget show the choice, unless the visitor has just moved it; call before it is drawn.

    On another page, Streamlit treats a widget of the same key as a new one: it starts at its default although the
    state still has the old value.
    """
    if key not in st.session_state or st.session_state[key] == st.session_state.get(f"{key}-drawn"):
        st.session_state[key] = value


def drawn(key: str, value: T) -> T:
    """Returns the widget's value, and remembers it for `follow_choice`; call after it is drawn."""
    st.session_state[f"{key}-drawn"] = value
    return value


def detail(name: str) -> str:
    """Returns the address's value of one of DETAILS, in the Unicode form of models and photos; '' if there is none."""
    return composed(st.query_params.get(name, ""))


def about_groups() -> bool:
    """Returns whether the address names a group, a model, or photos that were searched for among the groups."""
    return any(map(detail, _OF_GROUPS))


def keep_detail(name: str, value: str) -> None:
    """Writes one of DETAILS to the address, or removes it if it is empty.

    Where the grouping must be named with it, both are written at once, so that one step back undoes both.
    """
    keep_details({name: value})


def keep_details(values: dict[str, str]) -> None:
    """Writes several of DETAILS to the address at once, as `keep_detail` does one."""
    for name in _CARRIED:
        if name in values:
            st.session_state[f"carried-{name}"] = values[name]
    if any(st.query_params.get(name, "") != value for name, value in values.items()):
        _write(_details() | values)


def _write(details: dict[str, str]) -> None:
    """Writes the remembered choice and these details to the address; empty details are left out."""
    choice = st.session_state["choice"]
    is_about_groups = any(details.get(name) for name in _OF_GROUPS)
    st.session_state["address"] = to_address(choice.by_hand() if is_about_groups else choice)
    address = st.session_state["address"] | {name: value for name, value in details.items() if value}
    if address != _address():
        st.query_params.from_dict(address)


def _address() -> dict[str, str]:
    return {key: st.query_params[key] for key in st.query_params}


def _details() -> dict[str, str]:
    return {name: value for name, value in _address().items() if name in DETAILS}


def _choice_in_address() -> dict[str, str]:
    return {key: value for key, value in _address().items() if key not in DETAILS}
