"""Shows a job while it runs; a page goes on only with its result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from shopsim.base.work.job import Job
from shopsim.base.work.progress import Progress
from shopsim.ui.access.rights import may_stop, note_started
from shopsim.ui.address import current_choice
from shopsim.ui.choice import to_address
from shopsim.ui.guard import callback, link_to_catalogs, polled
from shopsim.ui.parts.texts import as_written, duration
from shopsim.ui.server import jobs

# Most results are ready by then, and a bar that appears for a moment would only disturb.
_PATIENCE_S = 0.7
_SHORT_PATIENCE_S = 0.05


def result_of(key: str, title: str, work: Callable[[Progress], Any]) -> Any:
    """Returns the job's result; until it is there, the page shows the progress and ends at this place."""
    done, result = result_beside(key, title, work)
    return result if done else st.stop()


def result_beside(key: str, title: str, work: Callable[[Progress], Any]) -> tuple[bool, Any]:
    """Returns whether the job is done, and its result; until then it shows the progress here, and the page goes on."""
    if jobs().get(key) is None:
        note_started(key)
    job = jobs().ensure(key, title, work)
    # A visitor who already sees the bar should see it again at once.
    job.wait(_SHORT_PATIENCE_S if job.rate else _PATIENCE_S)
    state = job.state  # Read once, since the job may end between two questions.
    if state == "done":
        return True, job.result
    if state == "running":
        _watch(job, key)
    else:
        _offer_again(job, key)
    return False, None


@polled(seconds=1.0)
def _watch(job: Job, key: str) -> None:
    if job.state != "running":
        st.rerun()
    with st.container(border=True):
        st.markdown(f"**{as_written(job.title)}**")
        st.progress(min(job.done / job.total, 1.0) if job.total else 0.0, text=as_written(describe(job)))
        offer_stop(job, key)
        st.caption("It goes on if you leave this page or close the browser.")


def offer_stop(job: Job, key: str, place: str = "page") -> None:
    """Shows the button that stops a job to those who may stop it; finished parts are kept.

    place: the part of the page, since two parts may wait for the same job.
    """
    if not may_stop(key):
        return
    label = "Stopping…" if job.is_stopping else "Stop"
    st.button(
        label,
        key=f"stop-{place}-{key}",
        icon=":material/stop:",
        disabled=job.is_stopping,
        on_click=callback(_stop),
        args=(job, key),
    )


def _stop(job: Job, key: str) -> None:
    if may_stop(key):
        job.stop()


def _offer_again(job: Job, key: str) -> None:
    if job.state == "stopped":
        far = f" at {job.done:,} of {job.total:,}. What was done is kept." if job.total else "."
        st.info(f"{as_written(job.title)}: stopped{far}")
    else:
        st.error(as_written(job.error))
    if st.button("Go on" if job.state == "stopped" else "Try again", key=f"again-{key}", type="primary"):
        jobs().forget(key)
        st.rerun()
    if job.state == "failed":
        link_to_catalogs()


def ask_for_models(what: str, more: str = "") -> None:
    """Says, where no photo has a true model, what the page would do with them and how to add some."""
    told = f"{what}, and no photo here has one. Attach a file of labels on the Catalogs page, or name the photos by "
    st.info(f"{told}their models. {more}".rstrip())
    address = to_address(current_choice())
    st.page_link("pages/Catalogs.py", label="Attach labels", icon=":material/folder_open:", query_params=address)


def describe(job: Job) -> str:
    """'120 of 600, 150 per second, 3 s left'; for a step without a count, 'working, for 3 seconds'."""
    parts = [job.doing] if job.doing else []
    if not job.total:
        return ", ".join([*(parts or ["working"]), f"for {duration(job.seconds)}"])
    parts.append(f"{job.done:,} of {job.total:,}")
    rate, left = job.rate, job.seconds_left
    if rate >= 10:
        parts.append(f"{rate:,.0f} per second")
    elif rate:
        parts.append(f"{rate:.1f} per second" if rate >= 1 else f"one in {1 / rate:,.0f} s")
    if left is not None:
        parts.append(f"{duration(left)} left")
    return ", ".join(parts)
