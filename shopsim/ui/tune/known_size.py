"""Remembers the photos per model that a visitor has given, and takes the threshold that follows from them."""

from __future__ import annotations

import streamlit as st

from shopsim.grouping.grouping import Fitted
from shopsim.ui.threshold import take_chosen_on

# The value is kept also on another page, where Streamlit forgets the field.
_GIVEN = "expected-photos-given"


def expected_photos(fitted: Fitted) -> float | None:
    """Returns the number that a visitor has given for these photos, None if there is none."""
    digest, number = st.session_state.get(_GIVEN, ("", None))
    return number if digest == fitted.catalog.digest else None


def remember_photos(fitted: Fitted, number: float | None) -> None:
    """Keeps the number for these photos; None if the visitor has taken it back."""
    st.session_state[_GIVEN] = (fitted.catalog.digest, number)


def take_for_size(fitted: Fitted, value: float, number: float) -> None:
    """Takes the threshold that was found for so many photos per model; call from a callback."""
    models = f"{number:g} photo" + ("" if number == 1 else "s")
    take_chosen_on(fitted, within_slider(fitted, value), f"a guess for models of {models}")


def within_slider(fitted: Fitted, value: float) -> float:
    """Returns the nearest value that the slider shows; all photos alone can need one that no link should have."""
    return min(max(value, fitted.control.low), fitted.control.high)
