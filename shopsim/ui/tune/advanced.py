"""The drawer for experts on the Tune page: how photos are compared, and what a similarity means as a probability."""

from __future__ import annotations

import streamlit as st

from shopsim.clusterers.approximate_tree import note_on
from shopsim.grouping.grouping import Fitted, Grouping
from shopsim.ui.page import Opened
from shopsim.ui.parts.texts import as_written
from shopsim.ui.tune.calibration import show_calibration
from shopsim.ui.tune.tuned_calibration import calibration_for

_SPACE_HELP = (
    "The space turns features into the vectors that are compared. Whitening gives a direction in which all photos "
    "differ less weight. Its strength is 0 for none and 1 for all directions alike. Components are the directions kept."
)


def show_advanced(opened: Opened, grouping: Grouping) -> None:
    """Draws the drawer."""
    with st.expander("Advanced", icon=":material/tune:", key="advanced"):
        st.caption(as_written(_about(opened.fitted)), help=_SPACE_HELP)
        show_calibration(grouping, calibration_for(opened))


def _about(fitted: Fitted) -> str:
    return f"{fitted.space_note} {note_on(fitted.tree)}".strip()
