"""The Learn page while a learning runs, and how the last one ended."""

from __future__ import annotations

import time
from typing import Any

import streamlit as st

from shopsim.features.networks.trained import names
from shopsim.learning.network.architecture import ARCHITECTURES
from shopsim.learning.network.passes import PassCurve, PassScore
from shopsim.learning.prepare import NETWORK
from shopsim.learning.process import (
    BUSY,
    KILLED,
    NONE,
    UNDER_WAY,
    Watched,
    can_stop,
    last_lines,
    log_path,
    stop,
    watched,
)
from shopsim.learning.progress_file import DONE, FAILED, STOPPED, Entry
from shopsim.learning.read_back import held_out_of, kept_network, pass_scores
from shopsim.tuning.settings_files import names as settings_names
from shopsim.ui.access.rights import changes, may_change
from shopsim.ui.charts.learning import learning_chart, loss_chart
from shopsim.ui.guard import polled
from shopsim.ui.learn.result import show_compared, verdict
from shopsim.ui.learn.use import offer_network, offer_settings
from shopsim.ui.page import Photos
from shopsim.ui.parts.texts import as_written, duration
from shopsim.ui.tuned_settings import about_settings, unseen_score

_STOPPED = "learn-stopped"
_WHAT = {"network": "a network", "metric": "a metric"}


def show_learning(photos: Photos) -> None:
    """Shows the learning that runs, whoever started it, or how the last one ended; nothing if there was none."""
    now = watched()
    if now.state in UNDER_WAY:
        _watch()
        return
    st.session_state.pop(_STOPPED, None)
    if now.state != NONE:
        with st.container(border=True):
            _show_end(now, photos)


def show_curve(curve: tuple[PassScore, ...], kept: int, name: str, key: str) -> None:
    """Shows how well validation models are told apart after each pass, and the loss beside it."""
    st.markdown("**Learning curve**, on models left out of a training")
    left, right = st.columns([5, 3], gap="medium")
    left.altair_chart(learning_chart(curve, kept, name, st.context.theme.type == "dark"), key=f"{key}-curve")
    if any(score.loss is not None for score in curve):
        right.altair_chart(loss_chart(curve), key=f"{key}-loss")


@polled(seconds=1.0)
def _watch() -> None:
    now = watched()
    if now.state not in UNDER_WAY:
        st.rerun()
    with st.container(border=True):
        entry = now.entry
        if now.state == BUSY:
            st.markdown("**A benchmark is learning**")
            st.caption("The terminal in which `benchmark --learn` was started shows how far it is, and can stop it.")
            return
        if entry is None:
            st.markdown("**A learning begins**")
            st.progress(0.0, text="Looking at the photos")
        else:
            st.markdown(f"**{_title(entry)}**, begun {duration(time.time() - entry.started)} ago")
            st.progress(min(entry.done / max(entry.total, 1), 1.0), text=_progress(entry))
            _show_scores_so_far(entry)
        _offer_stop(0 if entry is None else entry.pid)


def _offer_stop(pid: int) -> None:
    """Shows the button, and whether it was pressed; strangers only watch."""
    if may_change() and can_stop() and st.button("Stop", key="learn-stop", icon=":material/stop:"):
        changes(stop)()
        st.session_state[_STOPPED] = pid
    if st.session_state.get(_STOPPED) == pid:
        st.caption("It stops when the present step has ended.")
    else:
        st.caption("It goes on if you leave this page or close the browser.")


def _title(entry: Entry) -> str:
    return f"Learning {_WHAT.get(entry.what, 'something')} from {as_written(entry.catalog)}"


def _progress(entry: Entry) -> str:
    phase = as_written(entry.phase) or "Looking at the photos"
    if not entry.total:
        return phase
    left = entry.seconds_left
    # Training ends as soon as the scores rise no more.
    told = "" if left is None else f", up to {duration(left)} left"
    return f"{phase}: {entry.done:,} of {entry.total:,}{told}"


def _show_scores_so_far(entry: Entry) -> None:
    scores = pass_scores(entry.curve)
    if scores:
        show_curve(scores, PassCurve(scores).best, "best so far", "learn-live")


def _show_end(now: Watched, photos: Photos) -> None:
    entry = now.entry
    title = "The last learning" if entry is None else f"{_title(entry)}, {duration(time.time() - entry.updated)} ago"
    st.markdown(f"**{title}**")
    sentence = as_written(now.sentence)
    if now.state == DONE and entry is not None:
        _show_result(entry, sentence, photos)
    elif now.state == STOPPED:
        st.info(f"{sentence} {_how_to_go_on(entry)}")
    elif now.state == KILLED:
        st.warning(f"{sentence} {_how_to_go_on(entry)}")
    else:
        st.error(sentence)
    if entry is not None and now.state != DONE:
        _show_scores_so_far(entry)
    if now.state in (FAILED, KILLED) and may_change():
        _show_log(entry)


def _how_to_go_on(entry: Entry | None) -> str:
    if entry is None:
        return ""
    after = "after the last finished pass" if entry.what == NETWORK else "after what _Auto_ has tried"
    no_button = entry.what == NETWORK and entry.asked and entry.asked.get("extractor") not in ARCHITECTURES
    if no_button or not may_change():
        return f"To go on {after}, give the same command again."
    return f"To go on {after}, open {as_written(entry.catalog)} and press _Go on_ below."


def _show_result(entry: Entry, sentence: str, photos: Photos) -> None:
    """Shows the result, as far as it is still kept; the list of networks below says more."""
    network = _if_kept(entry.result.get("network"), names())
    settings = _if_kept(entry.result.get("settings"), settings_names())
    held_out = kept_network(network).held_out if network else held_out_of(entry.result.get("held_out"))
    gained = held_out is None or held_out.after.ari >= held_out.before.ari
    said = f"{sentence} {verdict(held_out)}" if held_out is not None else sentence
    (st.success if gained else st.warning)(said, icon=":material/school:")
    with st.container(horizontal=True):
        if settings:
            offer_settings(settings, "learn-last")
        if network:
            offer_network(network, "learn-last")
    if network:
        return
    if held_out is not None:
        show_compared(held_out, frozenset(), photos.whole, "learn-last")
    elif settings:
        st.caption(unseen_score(about_settings(settings)))


def _if_kept(name: Any, kept: list[str]) -> str:
    """Returns a name from the progress file if something is kept under it, else ''."""
    return name if isinstance(name, str) and name in kept else ""


def _show_log(entry: Entry | None) -> None:
    """Shows the log of the process, if it was started from a page."""
    lines = last_lines()
    if lines and (entry is None or log_path().stat().st_mtime >= entry.started):
        with st.expander("The last lines of its log"):
            st.code(lines, language=None, wrap_lines=True)
