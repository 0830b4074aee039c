"""One line near the top of the Tune page: what to do next for better groups."""

from __future__ import annotations

import streamlit as st

from shopsim.ui.page import Opened
from shopsim.ui.tune.auto_plan import Plan, plan_of

# Auto's ARI on held-out models less that of the default setting, in five folds; docs/experiments.md has the table.
LEAST_GAIN, MOST_GAIN = 0.03, 0.13
_MEASURED_ON = "three photo sets of 29 to 302 models"


def show_next_step(opened: Opened) -> None:
    """Says what Auto may gain on labelled photos, where it can run and has not found anything for them yet."""
    if opened.tuned is not None:
        return
    plan = plan_of(opened)
    if plan.is_possible and plan.found() is None:
        st.caption(next_step(plan))


def next_step(plan: Plan) -> str:
    """The line; the range is measured on other photos, and with few models it says that nothing can be promised."""
    if plan.few:
        return (
            "Next step: Auto, below. With so few models or photos nobody can say beforehand whether it gains anything."
        )
    return (
        f"Next step: start Auto, below. On {_MEASURED_ON} it gained {LEAST_GAIN:.2f} to {MOST_GAIN:.2f} ARI on "
        "held-out models over the default setting."
    )
