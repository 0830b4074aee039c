"""Sets the threshold for photos without true models from a known number of photos per model."""

from __future__ import annotations

import streamlit as st

from shopsim.clusterers.merge_tree import MergeTree, threshold_for_size
from shopsim.grouping.grouping import Fitted, Grouping
from shopsim.ui.guard import callback
from shopsim.ui.threshold import take_chosen_on

_KEY = "expected-photos"
# The value is kept also on another page, where Streamlit forgets the field.
_GIVEN = "expected-photos-given"
_HELP = (
    "The threshold then joins as many pairs of photos as models of that size have. If sizes differ, give the number of "
    "photos of a typical photo's model. On labelled photos this threshold was near the best one. Half or twice the "
    "right number was still better than the guess."
)


def offer_expected(grouping: Grouping) -> None:
    """Draws a field that sets the threshold, if the clustering is a tree that is cut by similarity."""
    tree = grouping.fitted.tree
    if not isinstance(tree, MergeTree) or not grouping.fitted.control.is_a_threshold:
        return

    fitted = grouping.fitted

    def take() -> None:
        number = st.session_state[_KEY]
        st.session_state[_GIVEN] = (fitted.catalog.digest, number)
        if number:
            # All photos alone can need a value just above 1, which no slider shows and no link should have.
            value = min(max(threshold_for_size(tree, number), fitted.control.low), fitted.control.high)
            models = f"{number:g} photo" + ("" if number == 1 else "s")
            take_chosen_on(fitted, value, f"a guess for models of {models}")

    left, _ = st.columns([2, 5])
    left.number_input(
        "Photos per model, if you know the rough number",
        min_value=1.0,
        max_value=float(tree.n_images),
        value=None,
        step=1.0,
        format="%g",
        placeholder="20, say",
        key=_KEY,
        on_change=callback(take),
        help=_HELP,
    )


def expected_photos(fitted: Fitted) -> float | None:
    """Returns the field's last value for these photos, None if it was empty."""
    digest, number = st.session_state.get(_GIVEN, ("", None))
    return number if digest == fitted.catalog.digest else None
