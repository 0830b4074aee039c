"""Remembers, for a visit, where the new photos lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from shopsim.catalog.catalog import Problem

_KEY = "match-place"


@dataclass(frozen=True)
class NewPlace:
    """A folder, zip or photo. left_out: files that were sent with it and are no photos, each with its reason."""

    path: Path
    left_out: tuple[Problem, ...] = ()


def kept_place() -> NewPlace | None:
    """Returns where the photos lie that were given last, None if there are none."""
    return st.session_state.get(_KEY)


def keep_place(place: NewPlace) -> None:
    """Remembers it, on other pages too."""
    st.session_state[_KEY] = place


def forget_place() -> None:
    """Forgets it."""
    st.session_state.pop(_KEY, None)
