"""Sets the threshold for photos without true models from the number of photos per model, estimated or known."""

from __future__ import annotations

import streamlit as st

from shopsim.clusterers.merge_tree import MergeTree, threshold_for_size
from shopsim.grouping.grouping import Grouping
from shopsim.tuning.built_in.look import blind_of
from shopsim.ui.guard import callback
from shopsim.ui.tune.estimated_size import offer_estimate
from shopsim.ui.tune.known_size import remember_photos, take_for_size

_KEY = "expected-photos"
_HELP = (
    "The threshold then joins as many pairs of photos as models of that size have. If sizes differ, give the number of "
    "photos of a typical photo's model. On labelled photos this threshold was near the best one. Half or twice the "
    "right number was still better than the guess."
)


def offer_expected(grouping: Grouping) -> None:
    """Draws a field that sets the threshold, if the clustering is a tree that is cut by similarity.

    Where the built-in settings estimate the number, the field shows the estimate.
    """
    fitted = grouping.fitted
    tree = fitted.tree
    if not isinstance(tree, MergeTree) or not fitted.control.is_a_threshold:
        return
    blind = blind_of(fitted)
    if blind is not None:
        offer_estimate(grouping, tree, blind)
        return

    def take() -> None:
        number = st.session_state[_KEY]
        remember_photos(fitted, number)
        if number:
            take_for_size(fitted, threshold_for_size(tree, number), number)

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
