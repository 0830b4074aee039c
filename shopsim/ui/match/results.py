"""Shows what became of each new photo."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from shopsim.catalog.catalog import Problem
from shopsim.catalog.problem_reasons import MOST_LISTED
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.matching.likeness import Rule
from shopsim.grouping.matching.matched import Matched
from shopsim.grouping.matching.matches_csv import COPY, JOINED, NEW_MODEL, MatchRow, match_rows, matches_csv
from shopsim.ui.guard import callback
from shopsim.ui.match.add import offer_to_add
from shopsim.ui.match.card import show_card
from shopsim.ui.match.compute import matched_for
from shopsim.ui.match.options import choose_one
from shopsim.ui.match.place import NewPlace, forget_place
from shopsim.ui.page import Opened
from shopsim.ui.parts.pager import turn_page
from shopsim.ui.parts.plain_similarity import say_plain_similarity
from shopsim.ui.parts.problem_list import show_problems
from shopsim.ui.parts.tables import show_table
from shopsim.ui.parts.texts import as_written, counted

_RULES: dict[Rule, str] = {"nearest": "Measured on this catalogue", "mean": "Threshold of the groups"}
_RULE_HELP = (
    "Measured on this catalogue: a photo is compared with those three photos of a group that are nearest to it. Photos "
    "of this catalogue are hidden to find the threshold that tells most of them rightly. Threshold of the groups: the "
    "mean similarity to all photos of the group must reach the threshold above. New models are then often missed, "
    "since that threshold was made for joining groups."
)
_ALL = "All"
_SHOWN: dict[str, Callable[[MatchRow], bool]] = {
    _ALL: lambda row: True,
    "Joins a group": lambda row: row.decision == JOINED,
    "New model": lambda row: row.decision == NEW_MODEL,
    "Copy": lambda row: row.decision == COPY,
}
_A_PAGE = 12


def show_matches(opened: Opened, grouping: Grouping, place: NewPlace) -> None:
    """Matches the new photos, and shows each with its group, or as a new model."""
    rule = _choose_rule()
    done, matched = matched_for(opened, grouping, place, rule)
    if not done or matched is None:
        return
    rows = match_rows(matched)
    problems = (*place.left_out, *matched.problems)
    _summary(matched, rows, problems)
    if rows:
        say_plain_similarity(grouping.fitted)
        _show_rows(grouping, matched, rows)
        _offer_files(matched, rows)
        offer_to_add(grouping, matched)
    else:
        st.info("There is no new photo that can be matched.")
    if problems:
        with st.expander(f"Left out, or with a note: {counted(len(problems), 'file')}", expanded=not rows):
            show_problems(problems, "match_left_out.csv")
    st.button(
        "Clear these photos",
        icon=":material/close:",
        help="The page forgets the new photos. Nothing else changes.",
        on_click=callback(forget_place),
    )


def _choose_rule() -> Rule:
    with st.expander("Advanced"):
        return choose_one("When a photo joins a group", list(_RULES), "match-rule", _RULES.__getitem__, _RULE_HELP)


def _summary(matched: Matched, rows: list[MatchRow], problems: tuple[Problem, ...]) -> None:
    matches = matched.matches
    values = {
        "New photos": len(rows),
        "Join a group": sum(row.decision == JOINED for row in rows),
        "Show a new model": sum(row.decision == NEW_MODEL for row in rows),
        "New models": matches.n_new_models,
        "Byte-equal copies": sum(row.decision == COPY for row in rows),
        "Left out": sum(problem.left_out for problem in problems),
    }
    columns = st.container(key="six-figures-match").columns(len(values))
    for column, (label, value) in zip(columns, values.items(), strict=True):
        column.metric(label, f"{value:,}", border=True)
    st.caption(as_written(_threshold_sentence(matched)))


def _threshold_sentence(matched: Matched) -> str:
    decision = matched.matches.decision
    if decision.threshold < -1:
        return f"No photo is called a new model. Chosen on {decision.told}."
    sentence = f"A photo joins its most alike group from {decision.threshold:.1%} on. Chosen on {decision.told}."
    if decision.probability is not None:
        sentence += " Probabilities are for new photos of which half show models of this catalogue."
    return sentence


def _show_rows(grouping: Grouping, matched: Matched, rows: list[MatchRow]) -> None:
    counts = {name: sum(map(belongs, rows)) for name, belongs in _SHOWN.items()}
    chosen = choose_one("Show", list(_SHOWN), "match-shown", lambda name: f"{name} ({counts[name]:,})")
    listed = [place for place, row in enumerate(rows) if _SHOWN[chosen](row)]
    if not listed:
        st.info("No new photo is of this kind.")
        return
    n_pages = -(-len(listed) // _A_PAGE)
    page = turn_page(f"match {chosen}", n_pages)
    for place in listed[(page - 1) * _A_PAGE : page * _A_PAGE]:
        show_card(grouping, matched, rows[place], place)


def _offer_files(matched: Matched, rows: list[MatchRow]) -> None:
    with st.expander("All matches as a table"):
        show_table([_cells(row) for row in rows[:MOST_LISTED]])
        if len(rows) > MOST_LISTED:
            st.caption(f"The first {MOST_LISTED:,} of {len(rows):,} photos; the CSV has all of them.")
    st.download_button(
        "Download the matches as CSV",
        lambda: matches_csv(matched),
        file_name="matches.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _cells(row: MatchRow) -> dict[str, str | int | None]:
    return {
        "photo": row.image_id,
        "decision": row.decision,
        "group": row.group,
        "most alike group": row.closest,
        "alike": _percent(row.likeness),
        "runner-up": row.runner_up,
        "margin": _percent(row.margin),
        "probability": _percent(row.probability),
        "nearest photo": row.nearest[0] if row.nearest else None,
        "copy of": row.copy_of,
    }


def _percent(value: float | None) -> str | None:
    return None if value is None else f"{value:.1%}"
