"""Lists the suspects page by page, from a chosen score on, and offers them as a file."""

from __future__ import annotations

import re

import numpy as np
import streamlit as st

from shopsim.review.decisions import ACCEPTED, REJECTED, read_decisions
from shopsim.review.report import label_errors_csv
from shopsim.ui.address import detail, keep_detail
from shopsim.ui.guard import callback
from shopsim.ui.parts.gallery import picture_addresses
from shopsim.ui.parts.pager import draw_pager, paged
from shopsim.ui.review.card import photos_of_card, show_card
from shopsim.ui.review.review import Reviewed

SHOWN = {"open": "To decide", "accepted": "Accepted", "kept": "Not wrong", "strays": "Fits nowhere"}
_A_PAGE = 6
_LOW, _HIGH = 50.0, 100.0
_SLIDER_WIDTH = 320
# A score in an address; the slider gives tenths.
_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9])?")
_EMPTY = {
    "open": "Nothing is left to decide at this score. Lower the minimum score to see more doubtful ones.",
    "accepted": "No correction has been accepted yet.",
    "kept": "No suspect has been found not wrong yet.",
    "strays": "Every photo fits some model.",
}


def show_suspects(reviewed: Reviewed) -> None:
    """Draws the suspects that the address asks for, as cards."""
    shown, least = _in_address(reviewed)
    listed = _lists(reviewed, least)
    _choose(listed, shown, least)
    rows = listed[shown]
    if shown == "strays" and len(rows):
        st.caption("These photos fit neither their own model nor any other. They may be bad photos, not wrong labels.")
    if not len(rows):
        _say_empty(reviewed, shown)
        return
    kept, page, n_pages = paged(rows, _A_PAGE, "above")
    # All at once, so that missing thumbnails are made side by side.
    picture_addresses([photo.image for row in kept for photo in photos_of_card(reviewed, int(row))])
    for row in kept:
        show_card(reviewed, int(row))
    if n_pages > 1:
        draw_pager(page, n_pages, "below")


def offer_label_errors(reviewed: Reviewed) -> None:
    """Draws the button for a CSV of all suspects from the least score on, and of all decided photos."""
    _, least = _in_address(reviewed)
    lists = _lists(reviewed, least)
    catalog = reviewed.grouping.fitted.catalog
    rows = [*lists["open"], *lists["accepted"], *lists["kept"]]
    rows = sorted(rows, key=lambda row: (-reviewed.errors.score[row], row))
    st.download_button(
        "Download the suspects as CSV",
        # Read again: the button may be clicked while the page still draws the last decision.
        lambda: label_errors_csv(reviewed.grouping, reviewed.errors, rows, read_decisions(catalog)),
        file_name="label_errors.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _lists(reviewed: Reviewed, least: float) -> dict[str, np.ndarray]:
    """Returns the rows of each list in SHOWN."""
    errors = reviewed.errors
    return {
        "open": reviewed.undecided(errors.suspects(least)),
        "accepted": reviewed.decided(ACCEPTED),
        "kept": reviewed.decided(REJECTED),
        "strays": reviewed.undecided(errors.strays),
    }


def _choose(listed: dict[str, np.ndarray], shown: str, least: float) -> None:
    st.session_state["review-shown"], st.session_state["review-least"] = shown, round(least * 100, 1)
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.segmented_control(
            "Show",
            list(SHOWN),
            key="review-shown",
            format_func=lambda name: f"{SHOWN[name]} ({len(listed[name]):,})",
            on_change=callback(_write),
            required=True,
        )
        st.slider(
            "Minimum score",
            _LOW,
            _HIGH,
            step=0.1,
            format="%.1f %%",
            key="review-least",
            on_change=callback(_write),
            disabled=shown != "open",
            help="50 %: the evidence for the suggested model is as strong as that for the given one. 100 %: all of it "
            "is for the suggested one.",
            width=_SLIDER_WIDTH,
        )


def _say_empty(reviewed: Reviewed, shown: str) -> None:
    if shown == "open" and not len(reviewed.errors.suspects(0)):
        st.success("No photo looks more like another model than like its own.", icon=":material/check_circle:")
    elif shown == "open" and not len(reviewed.undecided(reviewed.errors.suspects())):
        st.success(_EMPTY["open"], icon=":material/check_circle:")
    else:
        st.info(_EMPTY[shown])


def _in_address(reviewed: Reviewed) -> tuple[str, float]:
    """Reads `sort`, which is `SHOWN,PERCENT`, from the address: the list and the least score, else the cut-off."""
    shown, _, percent = detail("sort").partition(",")
    chosen = float(percent) if _PERCENT.fullmatch(percent) else 0.0
    shown = shown if shown in SHOWN else "open"
    return shown, chosen / 100 if _LOW <= chosen <= _HIGH else reviewed.errors.cutoff


def _write() -> None:
    keep_detail("sort", f"{st.session_state['review-shown']},{st.session_state['review-least']:g}")
    keep_detail("page", "")
