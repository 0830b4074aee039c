"""Offers Auto on the Tune page: lists the candidates, tries them within a time, keeps and shows the result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from shopsim.base.errors import ShopsimError
from shopsim.base.work.progress import Progress
from shopsim.scoring.folds import MIN_MODELS
from shopsim.ui.access.rights import WHY_NOT, may_change, require_change
from shopsim.ui.address import drawn, follow_choice
from shopsim.ui.page import Opened
from shopsim.ui.parts.texts import as_written, counted
from shopsim.ui.quick_look import stay
from shopsim.ui.server import jobs
from shopsim.ui.tune.auto_found import show_found
from shopsim.ui.tune.auto_plan import Plan, plan_of
from shopsim.ui.tune.next_step import AUTO
from shopsim.ui.waiting import result_beside

_MINUTES = 10
_MOST_MINUTES = 600


def show_auto(opened: Opened) -> None:
    """Draws an expander for photos whose models are known; its content is only computed while it is open."""
    if opened.fitted.catalog.labels_true is None:
        return
    box = st.expander("Auto: find settings that work for new models", key=AUTO, on_change="rerun")
    with box:
        if not box.open:
            return
        plan = plan_of(opened)
        if not plan.is_possible:
            st.info(
                f"Auto tunes on some models and judges by others. It needs {2 * MIN_MODELS} models of two or more "
                f"photos, and here {'is' if plan.n_models == 1 else 'are'} {plan.n_models}."
            )
            return
        try:
            plan.check_unseen()
        except ShopsimError as error:
            st.info(as_written(str(error)))
            return
        if opened.choice.added and opened.tuned is None:
            st.caption("Auto starts from the first extractor. It chooses by itself what to combine it with.")
        _show_search(plan)
        found = plan.found()
        if found is not None:
            show_found(plan, *found, _minutes() * 60)


def _show_search(plan: Plan) -> None:
    """Describes the search, with the button that starts it or its progress."""
    fused = f", alone and combined with {' and '.join(plan.companions)}" if plan.companions else ""
    models = counted(plan.n_models, "model")
    st.markdown(
        f"Auto tries **{counted(plan.n_candidates, 'candidate')}** on validation models, a part of these **{models}** "
        f"of two or more photos. A candidate is a space of {as_written(plan.extractor)}{fused}, and a clusterer: "
        "average linkage cut by rules, the contest's K-means, or another one. The groups are a consensus of the best "
        "candidates. Then Auto is compared with the setting of this page on held-out models. Nothing changes by "
        "itself; the settings are kept, and can group any other photos."
    )
    if plan.few:
        st.info(plan.few)
    job = jobs().get(plan.key)
    if job is None or job.state in ("done", "stopped"):
        _offer_start(plan, stopped=job is not None and job.state == "stopped")
        return
    title = f"Trying {counted(plan.n_candidates, 'candidate')} on validation models, then comparing"
    result_beside(plan.key, title, _tuning(plan))


def _offer_start(plan: Plan, stopped: bool) -> None:
    left, middle, right = st.columns([1, 1, 3], vertical_alignment="bottom")
    follow_choice("auto-minutes", _minutes())
    minutes = drawn("auto-minutes", left.number_input("Minutes at most", 1, _MOST_MINUTES, key="auto-minutes"))
    st.session_state["auto-minutes-kept"] = minutes
    again = stopped or plan.found() is not None
    label, kind = ("Start again", "secondary") if again else ("Start", "primary")
    off = {} if may_change() else {"disabled": True, "help": WHY_NOT}
    start = middle.button(label, key="auto-start", type=kind, icon=":material/play_arrow:", width="stretch", **off)
    ended = "Stopped before anything was chosen. " if stopped else ""
    second = "".join(f" Features of {name} that are not kept yet are extracted before." for name in plan.networks)
    right.caption(
        f"{ended}A sixth of this time is for the search, the rest for the comparison, which searches in each of five "
        f"folds. After that time no further candidate starts; the most promising come first.{second} The page stays "
        "usable."
    )
    if start:
        require_change()
        stay()
        jobs().forget(plan.key)
        title = f"Trying {counted(plan.n_candidates, 'candidate')} on validation models, then comparing"
        jobs().ensure(plan.key, title, _tuning(plan))
        st.rerun()


def _tuning(plan: Plan) -> Callable[[Progress], Any]:
    seconds = _minutes() * 60.0
    return lambda report: plan.tune(seconds, report)


def _minutes() -> int:
    return st.session_state.get("auto-minutes-kept", _MINUTES)
