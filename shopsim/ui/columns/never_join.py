"""The rule that photos which differ in a column never join: its field, and what it stopped."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from shopsim.base.disk.store import digest_of
from shopsim.base.work.progress import Progress
from shopsim.base.work.workers import apart
from shopsim.catalog.catalog import Catalog
from shopsim.clusterers.bindings import takes_bindings
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.never_join import Stopped, stopped_joins
from shopsim.ui.address import drawn, follow_choice
from shopsim.ui.choice import Choice
from shopsim.ui.parts.texts import as_written, counted
from shopsim.ui.waiting import result_of

_KEY = "side-never-join"
_HELP = (
    "Photos with different values in this column are never put into one group. Photos without a value join each other "
    "only. A correction outranks the rule."
)
_CANNOT = "This clustering cannot keep photos apart. Average, complete and single linkage and DBSCAN can."


def choose_never_join(choice: Choice, catalog: Catalog) -> Choice:
    """Draws the field where the catalogue has columns with two values or more; a change drops the threshold."""
    names = [name for name, column in catalog.columns.items() if len(column.values) > 1]
    able = takes_bindings(choice.clusterer)
    current = choice.never_join if choice.never_join in names and able else ""
    if names:
        follow_choice(_KEY, current)
        if st.session_state[_KEY] not in ("", *names) or not able:
            st.session_state[_KEY] = ""
        current = drawn(
            _KEY,
            st.selectbox(
                "Never join photos that differ in",
                ["", *names],
                key=_KEY,
                format_func=lambda name: name or "no column",
                help=_HELP if able else _CANNOT,
                disabled=not able,
            ),
        )
    return choice if current == choice.never_join else replace(choice, never_join=current, value=None)


def show_stopped(grouping: Grouping) -> None:
    """Says how many joins the rule stopped; nothing without a rule."""
    rule = grouping.fitted.never_joined
    if rule is None:
        return
    if grouping.strict or not grouping.fitted.control.instant:
        key = digest_of("stopped joins", rule.free.catalog.shown_digest, *grouping.cut)
        stopped = result_of(key, "Counting the joins that the rule stopped", lambda report: _count(grouping, report))
    else:
        stopped = stopped_joins(grouping)
    if stopped is not None:
        st.markdown(f":material/block: {as_written(_told(stopped, rule.column))}")


def _count(grouping: Grouping, report: Progress) -> Stopped | None:
    return stopped_joins(grouping, report, apart)


def _told(stopped: Stopped, column: str) -> str:
    if not stopped.n_pairs:
        return f"Photos that differ in {column} are never joined. At this threshold the rule stops no join."
    told = (
        f"Photos that differ in {column} are never joined. At this threshold the rule keeps {stopped.n_pairs:,} pairs "
        f"of photos apart and divides {counted(stopped.n_groups, 'group')}."
    )
    if stopped.n_pairs_of_one_model:
        told += f" Of these pairs, {stopped.n_pairs_of_one_model:,} show one model, so the rule is wrong about them."
    return told
