"""Shows a quick look while the features of an automatic choice are computed, and changes over to them once.

A visitor who has moved something meanwhile is asked before the groups on the page change.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from shopsim.base.errors import ShopsimError
from shopsim.base.work.job import Job, Work
from shopsim.catalog.catalog import Catalog
from shopsim.features.default_extractor import QUICK
from shopsim.features.extractors import extractors
from shopsim.features.networks.wanted import is_network
from shopsim.grouping.added import Added
from shopsim.grouping.fit import OWN_VECTORS, n_missing
from shopsim.ui.access.rights import note_started
from shopsim.ui.address import about_groups, take_choice
from shopsim.ui.choice import Choice
from shopsim.ui.compute import added_task, features_task, fitted_task, if_there
from shopsim.ui.guard import callback, polled
from shopsim.ui.opening import check_task, is_checked, with_candidate
from shopsim.ui.parts.texts import as_written
from shopsim.ui.server import jobs
from shopsim.ui.spare_cache import cache_folder
from shopsim.ui.waiting import describe, offer_stop

# The key of the features that this visitor waits for.
_WAITS = "waits-for-features"
# Whether the groups of this page were drawn since the page last ran; the visitor has moved something if they are
# drawn again.
_DRAWN = "quick-look-drawn"
# What Compare keeps of the settings that it was opened with.
_OF_QUICK_LOOK = ("compare-parts", "compare-b")
_QUICK_LOOK = "This is a quick look by colour and shape."
# A page waits for so small a share of the photos with its usual progress: new photos, or those that cannot be read.
_FEW = 0.05


def until_ready(catalog: Catalog, target: Choice) -> Choice:
    """Returns the automatic choice `target` if it can be shown at once, else the same with the quick extractor."""
    if target.extractor in (QUICK, OWN_VECTORS) or not is_network(target.extractor) or _is_ready(catalog, target):
        _forget()
        return target
    return replace(target, extractor=QUICK, extractor_settings={})


def follow_up(catalog: Catalog, choice: Choice, target: Choice) -> None:
    """Draws the line about the features that are still to come; call it once the groups of `choice` are there.

    target: what the automatic choice of this catalogue will be. The line starts the features, if nobody has.
    """
    key = features_task(catalog, target)[0]
    if choice.automatic and choice.extractor != target.extractor:
        st.session_state[_WAITS], st.session_state[_DRAWN] = key, False
    elif st.session_state.get(_WAITS) != key or choice.tuned or choice.extractor != QUICK:
        return  # The groups on the page are not those of the quick look.
    key, job = _next_job(catalog, target)
    state = job.state  # Read once, since the job may end between two questions.
    if state == "running":
        # In a fresh place, since a box that waited for the groups may have been drawn here a moment ago.
        with st.empty().container():
            _watch(catalog, target)
    elif state == "done" and choice.automatic:
        st.rerun()
    elif state == "done":
        _ask(target)
    else:
        _offer_again(key, job, target)


def is_quick_look() -> bool:
    """Whether the page waits for the features of a network, so that other work should wait."""
    return _WAITS in st.session_state


def by_hand_if_moved(choice: Choice) -> Choice:
    """Returns the choice, as one by hand if the visitor has moved something on a page that is to change over.

    Call it whenever groups are drawn.
    """
    if not choice.automatic or _WAITS not in st.session_state:
        return choice
    was_drawn = st.session_state.get(_DRAWN, False)
    st.session_state[_DRAWN] = True
    return choice.by_hand() if was_drawn or about_groups() else choice


def stay() -> None:
    """Keeps a page that is to change over as it is, since the visitor has started something on its groups."""
    if _WAITS in st.session_state:
        st.session_state["choice"] = st.session_state["choice"].by_hand()


def _is_ready(catalog: Catalog, target: Choice) -> bool:
    key, _, _ = features_task(catalog, target)
    job = jobs().get(key)
    if st.session_state.get(_WAITS) == key and job is not None:
        # The page shows groups, which stay until the others are complete.
        return _next_job(catalog, target)[1].state == "done"
    if job is None or (job.state == "running" and not job.total):
        return _few_missing(catalog, target)
    return job.state == "done" or (job.state == "running" and job.total - job.done <= _FEW * job.total)


def _few_missing(catalog: Catalog, target: Choice) -> bool:
    try:
        missing = n_missing(catalog, target.extractor, target.extractor_settings, cache_folder())
    except ShopsimError:
        return False  # The job meets the same error, and the page tells it beside the quick look.
    return missing <= _FEW * len(catalog.images)


def _next_job(catalog: Catalog, target: Choice) -> tuple[str, Job]:
    """Returns the first job that is not done of features, check and tree, or the last one; starts it if nobody has."""
    key, job = _ensure(*if_there(features_task(catalog, target)))
    if job.state != "done":
        return key, job
    features, added = job.result, None
    if is_checked(catalog):
        key, job = _ensure(*check_task(catalog, features, target))
        if job.state != "done":
            return key, job
        target = with_candidate(target, job.result.candidate)
    if target.added:
        key, job = _ensure(*if_there(added_task(catalog, target)))
        if job.state != "done":
            return key, job
        added = Added(target.added, job.result, target.share)
    return _ensure(*fitted_task(catalog, features, target, added))


def _ensure(key: str, title: str, work: Work) -> tuple[str, Job]:
    if jobs().get(key) is None:
        note_started(key)
    return key, jobs().ensure(key, title, work)


@polled(seconds=1.0)
def _watch(catalog: Catalog, target: Choice) -> None:
    key, job = _next_job(catalog, target)
    if job.state != "running":
        st.rerun()
    with st.container(border=True):
        left, right = st.columns([6, 1], vertical_alignment="center")
        far = min(job.done / job.total, 1.0) if job.total else 0.0
        told = f"{_QUICK_LOOK} Groups by {_title(target)} are on their way: {as_written(describe(job))}."
        left.progress(far, text=told)
        with right:
            offer_stop(job, key, "follow-up")


def _ask(target: Choice) -> None:
    with st.container(border=True):
        left, middle, right = st.columns([4, 2, 2], vertical_alignment="center")
        ready = f"**The groups by {_title(target)} are ready.**"
        left.markdown(f"{ready} The page still shows the quick look, since you have changed something.")
        if middle.button("Show the new groups", type="primary", width="stretch", key="change-over"):
            _forget()
            take_choice(st.session_state["choice"].as_automatic())
        right.button("Keep the quick look", width="stretch", on_click=callback(_forget), key="keep-quick-look")


def _offer_again(key: str, job: Job, target: Choice) -> None:
    if job.state == "stopped":
        far = f" at {job.done:,} of {job.total:,}. What was done is kept." if job.done else "."
        st.info(f"{_QUICK_LOOK} The work on the groups by {_title(target)} was stopped{far}")
    else:
        st.warning(f"{_QUICK_LOOK} The work on the groups by {_title(target)} failed: {as_written(job.error)}")
    if st.button("Go on" if job.state == "stopped" else "Try again", key=f"again-{key}", icon=":material/refresh:"):
        jobs().forget(key)
        st.rerun()


def _forget() -> None:
    """Ends the wait: the page shows the features, or the visitor keeps the quick look."""
    if st.session_state.pop(_WAITS, None) is not None:
        for key in _OF_QUICK_LOOK:
            st.session_state.pop(key, None)


def _title(target: Choice) -> str:
    return as_written(extractors.entry(target.extractor).title)
