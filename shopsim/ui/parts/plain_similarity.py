"""Says that similarities on a page are plain ones, where the threshold is on another scale."""

from __future__ import annotations

import streamlit as st

from shopsim.grouping.grouping import Fitted

_ON_LOCAL_SCALE = "average_local"
_TOLD = (
    "Similarities between photos are plain ones here: the cosine of their vectors. Thresholds are on the clustering's "
    "own scale, so the two cannot be compared."
)


def say_plain_similarity(fitted: Fitted) -> None:
    """Draws the sentence if the clustering measures something else than the plain similarity of photos."""
    choice = st.session_state["choice"]
    is_local = choice.clusterer == _ON_LOCAL_SCALE and not choice.tuned
    if is_local or fitted.control.measure != "similarity":
        st.caption(_TOLD)
