"""Says which groups new photos are matched with, where corrections or a rule make a difference."""

from __future__ import annotations

import streamlit as st

from shopsim.grouping.corrections.action import BINDING
from shopsim.grouping.corrections.store import read_actions
from shopsim.ui.page import Opened
from shopsim.ui.parts.texts import as_written

_UNCORRECTED = (
    "New photos are matched with the groups without corrections. So added photos stay with their groups, whatever is "
    "corrected later. Corrections of these photos: {n:,}."
)
_NO_VALUE = "New photos have no value in the column {column}, so they may join a group of any value."


def say_which_groups(opened: Opened) -> None:
    """Draws a line for each of them; nothing where nobody corrected anything and no rule keeps photos apart."""
    actions = read_actions(opened.fitted.catalog)
    n_made = sum(each.kind in BINDING and not each.undone for each in actions)
    if n_made:
        st.caption(_UNCORRECTED.format(n=n_made))
    rule = opened.fitted.never_joined
    if rule is not None:
        st.caption(as_written(_NO_VALUE.format(column=rule.column)))
