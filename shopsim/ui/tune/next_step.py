"""The one next step on the Tune page: what to do for better groups, with the way there."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from shopsim.grouping.grouping import Grouping
from shopsim.scoring.curve import Curve
from shopsim.tuning.settings import TunedSettings
from shopsim.ui.address import current_choice
from shopsim.ui.choice import to_address
from shopsim.ui.guard import callback
from shopsim.ui.page import Opened
from shopsim.ui.threshold import BY_HAND, take_best
from shopsim.ui.tune.auto_plan import Plan, plan_of

# Auto's ARI on held-out models less that of the default setting, in five folds; docs/experiments.md has the table.
LEAST_GAIN, MOST_GAIN = 0.03, 0.13
_MEASURED_ON = "three photo sets of 29 to 302 models"
# By so much less ARI, a threshold is clearly worse than the best one.
_CLEARLY = 0.02
# The key of Auto's expander, which is opened by it.
AUTO = "auto"


@dataclass(frozen=True)
class Step:
    """A next step. label: of the button or link; page: the page that it leads to; threshold: the one to take.

    Without a page and a threshold, it leads to Auto on this page.
    """

    text: str
    label: str
    page: str = ""
    threshold: float | None = None


def show_next_step(opened: Opened, grouping: Grouping) -> None:
    """Draws the step in one line, with a button or a link."""
    step = _step(opened, grouping)
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.markdown(f"**Next step**: {step.text}")
    with right:
        if step.page:
            address = to_address(current_choice())
            st.page_link(step.page, label=step.label, icon=":material/arrow_forward:", query_params=address)
        elif step.threshold is not None:
            st.button(step.label, on_click=callback(take_best), args=(step.threshold,), width="stretch")
        else:
            st.button(step.label, icon=":material/arrow_forward:", on_click=callback(_open_auto), width="stretch")


def _step(opened: Opened, grouping: Grouping) -> Step:
    if opened.fitted.catalog.labels_true is None:
        return Step("look at the groups, and move the threshold until they look right.", "Groups", "pages/Groups.py")
    better = _better_threshold(grouping)
    if better is not None:
        return better
    confused = Step("see which models are mixed up, and the photos behind it.", "Confusion", "pages/Confusion.py")
    if opened.tuned is not None:
        return confused
    plan = plan_of(opened)
    if not plan.is_possible:
        return confused
    found = plan.found()
    if found is None:
        return Step(next_step(plan, grouping.evaluation.ari), "Open Auto")
    return Step("use the settings that Auto found for these photos.", "Open Auto") if _wins(found[1]) else confused


def _better_threshold(grouping: Grouping) -> Step | None:
    """Returns the step to the best threshold, where it was moved by hand to one that is clearly worse."""
    curve, scores = grouping.fitted.curve, grouping.evaluation
    if grouping.tuned_on != BY_HAND or grouping.strict or not isinstance(curve, Curve) or scores is None:
        return None
    best = float(curve.ari[curve.best])
    if best - scores.ari < _CLEARLY:
        return None
    told = f"take the best threshold. Its ARI on these photos is {best:z.3f}; here it is {scores.ari:z.3f}."
    return Step(told, "Best threshold", threshold=grouping.fitted.best(curve))


def _wins(settings: TunedSettings) -> bool:
    return settings.comparison is None or settings.comparison.wins


def next_step(plan: Plan, ari: float = 0.0) -> str:
    """The line; the range is measured on other photos, and with few models it says that nothing can be promised.

    ari: of the groups now. Where it leaves less room than the range, the line says how much is left.
    """
    if plan.few:
        return "start Auto. With so few models or photos nobody can say beforehand whether it gains anything."
    if 1 - ari < MOST_GAIN:
        return f"start Auto. These groups have ARI {ari:.3f}, so it can gain {max(1 - ari, 0):.3f} at most."
    return (
        f"start Auto. On {_MEASURED_ON} it gained {LEAST_GAIN:.2f} to {MOST_GAIN:.2f} ARI on held-out models over the "
        "default setting."
    )


def _open_auto() -> None:
    st.session_state[AUTO] = True
