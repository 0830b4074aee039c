"""The two parts of the Review page: labels that look wrong, and questions on the groups."""

from __future__ import annotations

import streamlit as st

from shopsim.ui.address import detail, drawn, follow_choice, keep_detail
from shopsim.ui.guard import callback
from shopsim.ui.page import Opened

LABELS, QUESTIONS = "labels", "questions"
_TITLES = {LABELS: "Wrong labels", QUESTIONS: "Questions"}
_KEY = "review-part"


def choose_part(opened: Opened) -> str:
    """Returns LABELS or QUESTIONS, as the address says; without it, questions only where no photo has a label."""
    default = QUESTIONS if opened.fitted.catalog.labels_true is None else LABELS
    part = detail("part")
    follow_choice(_KEY, part if part in _TITLES else default)
    # No radio: its input would keep the focus, and the keys that answer a question do nothing in an input.
    chosen = st.segmented_control(
        "What to review",
        list(_TITLES),
        key=_KEY,
        format_func=_TITLES.get,
        label_visibility="collapsed",
        required=True,
        on_change=callback(_write),
    )
    return drawn(_KEY, chosen)


def _write() -> None:
    keep_detail("part", st.session_state[_KEY])
    keep_detail("page", "")
