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

# Most results are at hand by then, and a bar that flashes up would only disturb.
_PATIENCE_S = 0.7
_SHORT_PATIENCE_S = 0.05


def result_of(key: str, title: str, work: Callable[[Progress], Any]) -> Any:
    """The job's result; until there is one the page shows how far it is and ends there."""
    done, result = result_beside(key, title, work)
    return result if done else st.stop()


def result_beside(key: str, title: str, work: Callable[[Progress], Any]) -> tuple[bool, Any]:
    """Whether the job is done, and its result; until it is, how far it is stands here and the page goes on."""
    if jobs().get(key) is None:
        note_started(key)
    job = jobs().ensure(key, title, work)
    # A visitor who is already watching the bar need not wait to see it again.
    job.wait(_SHORT_PATIENCE_S if job.rate else _PATIENCE_S)
    if job.state == "done":
        return True, job.result
    if job.state == "running":
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


def offer_stop(job: Job, key: str) -> None:
    """The button that ends a job, for who may; what it has finished is kept."""
    if not may_stop(key):
        return
    label = "Stopping…" if job.is_stopping else "Stop"
    st.button(
        label,
        key=f"stop-{key}",
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
    """Where no photo has a true model: what the page would do with them, and how to give it some."""
    told = f"{what}, and no photo here has one. Attach a file of labels on the Catalogs page, or name the photos by "
    st.info(f"{told}their models. {more}".rstrip())
    address = to_address(current_choice())
    st.page_link("pages/Catalogs.py", label="Attach labels", icon=":material/folder_open:", query_params=address)


def describe(job: Job) -> str:
    """'120 of 600, 150 per second, 3 s left'; of a step that does not count, which it is and how long it runs."""
    parts = [job.doing] if job.doing else []
    if not job.total:
        return ", ".join([*(parts or ["working"]), f"since {duration(job.seconds)}"])
    parts.append(f"{job.done:,} of {job.total:,}")
    rate, left = job.rate, job.seconds_left
    if rate >= 10:
        parts.append(f"{rate:,.0f} per second")
    elif rate:
        parts.append(f"{rate:.1f} per second" if rate >= 1 else f"one in {1 / rate:,.0f} s")
    if left is not None:
        parts.append(f"{duration(left)} left")
    return ", ".join(parts)
