"""The models that one setting groups better than the other, with their photos in both."""

from __future__ import annotations

import streamlit as st

from shopsim.ui.compare.sides import Sides
from shopsim.ui.parts.model_change import TwoGroupings, show_changed


def show_models(sides: Sides) -> None:
    """Shows the models that B groups better and those it groups worse, with their photos in both."""
    st.markdown("**Models that changed**")
    if sides.labels_true is None:
        st.caption("No true models are known, so only the pairs below can be compared.")
        return
    catalog = sides.a.fitted.catalog
    images = [catalog.images[row] for row in sides.rows_a]
    two = TwoGroupings(catalog, images, sides.labels_true, sides.labels, ("A", "B"), ("in A", "in B"))
    show_changed(two, "compare-models", "Better in B", "Worse in B")
