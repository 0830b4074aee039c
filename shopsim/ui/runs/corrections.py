"""What the page Runs and report says of corrections: whether its groups respect them, and what that does to scores."""

from __future__ import annotations

import streamlit as st

from shopsim.grouping.runs.corrections_since import corrections_since, used_now
from shopsim.grouping.runs.record import About
from shopsim.ui.corrections.panel import show_use
from shopsim.ui.corrections.regrouped import Corrected
from shopsim.ui.corrections.scores import show_side_by_side

_KEPT = (
    "What this page keeps and hands on has these corrections. What mistakes cost is counted without them, since a "
    "threshold is never chosen by scores that corrections have raised."
)
_LEFT_OUT = "What this page keeps and hands on has no corrections."
_OTHERS_SHOWN = "The page shows the settings of this run, but leaves its corrections out."


def show_corrections_of_run(shown: Corrected) -> None:
    """Says whether the groups of the page have corrections; nothing where nobody made any."""
    if not shown.bound and not shown.why_not and not shown.note:
        return
    show_use(shown)
    if not shown.is_used:
        st.caption(_LEFT_OUT)
        return
    show_side_by_side(shown)
    st.caption(_KEPT)


def has_its_corrections(about: About, shown: Corrected) -> bool:
    """Returns whether the groups of the page respect exactly the corrections of a run."""
    here = None if shown.applied is None else shown.applied.used.digest
    return here == (None if about.corrections is None else about.corrections.digest)


def why_not_its_corrections(about: About, shown: Corrected) -> str:
    """Says in one sentence why the page, with the settings of a run, shows other groups."""
    return corrections_since(about, used_now(shown.measured.fitted)) or _OTHERS_SHOWN
