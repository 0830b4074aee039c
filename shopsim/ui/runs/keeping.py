"""Keeps the groups on the page as a run."""

from __future__ import annotations

from dataclasses import asdict

import streamlit as st

from shopsim.grouping.grouping import Grouping
from shopsim.grouping.runs.kept import MOST_NAME, keep
from shopsim.grouping.runs.making import run_of
from shopsim.grouping.runs.record import Estimated
from shopsim.tuning.built_in.look import blind_of
from shopsim.ui.access.rights import WHY_NOT, changes, may_change
from shopsim.ui.address import keep_detail
from shopsim.ui.corrections.regrouped import Corrected
from shopsim.ui.page import Opened
from shopsim.ui.parts.texts import as_written
from shopsim.ui.runs.choices import settings_of


def offer_keeping(opened: Opened, shown: Corrected) -> None:
    """Asks for a name, and keeps the groups as they are on the page."""
    grouping = shown.grouping
    st.subheader("Keep this run")
    st.caption(
        "A run keeps everything that was chosen, the corrections, the scores, and the group of each photo. A group "
        "keeps its number in the next run of the same photos."
    )
    if not may_change():
        st.caption(WHY_NOT)
        return
    with st.form("keep-run", border=False, clear_on_submit=True):
        left, middle, right = st.columns([3, 2, 1.5], vertical_alignment="bottom")
        name = left.text_input("Name of the run", max_chars=MOST_NAME, placeholder="for example: week 48")
        who = middle.text_input("Kept by", max_chars=MOST_NAME, placeholder="your name")
        if not right.form_submit_button("Keep this run", icon=":material/bookmark_add:", width="stretch"):
            return
    settings, expected = settings_of(opened, grouping), expected_of(shown.measured)
    run = run_of(grouping, name, settings, expected, who.strip(), shown.applied)
    changes(keep)(run)
    keep_detail("run", run.about.id)
    st.toast(f"Kept as {as_written(run.about.name)}.")
    st.rerun()


def expected_of(grouping: Grouping) -> Estimated | None:
    """Returns the scores to expect of groups without labels; None where they are not known."""
    blind = blind_of(grouping.fitted)
    if blind is None:
        return None
    scores = blind.expected.at(grouping.value)
    return {
        "ari": asdict(scores.ari),
        "pair_precision": asdict(scores.precision),
        "pair_recall": asdict(scores.recall),
    }
