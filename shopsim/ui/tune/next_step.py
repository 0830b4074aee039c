"""The one next step on the Tune page: what to do for better groups, with the way there."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from shopsim.tuning.settings import TunedSettings
from shopsim.ui.address import current_choice
from shopsim.ui.choice import to_address
from shopsim.ui.guard import callback
from shopsim.ui.page import Opened
from shopsim.ui.tune.auto_plan import Plan, plan_of

# Auto's ARI on held-out models less that of the default setting, in five folds; docs/experiments.md has the table.
LEAST_GAIN, MOST_GAIN = 0.03, 0.13
_MEASURED_ON = "three photo sets of 29 to 302 models"
# The key of Auto's expander, which is opened by it.
AUTO = "auto"


@dataclass(frozen=True)
class Step:
    """A next step. page: the page that it leads to, '' for Auto on this page; label: of the button or link."""

    text: str
    label: str
    page: str = ""


def show_next_step(opened: Opened) -> None:
    """Draws the step in one line, with a button or a link."""
    step = _step(opened)
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.markdown(f"**Next step**: {step.text}")
    with right:
        if step.page:
            address = to_address(current_choice())
            st.page_link(step.page, label=step.label, icon=":material/arrow_forward:", query_params=address)
        else:
            st.button(step.label, icon=":material/arrow_forward:", on_click=callback(_open_auto), width="stretch")


def _step(opened: Opened) -> Step:
    if opened.fitted.catalog.labels_true is None:
        return Step("look at the groups, and move the threshold until they look right.", "Groups", "pages/Groups.py")
    confused = Step("see which models are mixed up, and the photos behind it.", "Confusion", "pages/Confusion.py")
    if opened.tuned is not None:
        return confused
    plan = plan_of(opened)
    if not plan.is_possible:
        return confused
    found = plan.found()
    if found is None:
        return Step(next_step(plan), "Open Auto")
    return Step("use the settings that Auto found for these photos.", "Open Auto") if _wins(found[1]) else confused


def _wins(settings: TunedSettings) -> bool:
    return settings.comparison is None or settings.comparison.wins


def next_step(plan: Plan) -> str:
    """The line; the range is measured on other photos, and with few models it says that nothing can be promised."""
    if plan.few:
        return "start Auto. With so few models or photos nobody can say beforehand whether it gains anything."
    return (
        f"start Auto. On {_MEASURED_ON} it gained {LEAST_GAIN:.2f} to {MOST_GAIN:.2f} ARI on held-out models over the "
        "default setting."
    )


def _open_auto() -> None:
    st.session_state[AUTO] = True
