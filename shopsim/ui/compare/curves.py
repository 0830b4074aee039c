"""One chart with the curves of the ticked settings and of the one in the sidebar."""

from __future__ import annotations

import streamlit as st

from shopsim.grouping.grouping import Fitted
from shopsim.scoring.curve import Curve
from shopsim.tuning.leaderboard_cell import Cell
from shopsim.tuning.leaderboard_table import distinct_titles
from shopsim.ui.address import drawn, follow_choice
from shopsim.ui.charts.compare import MOST_LINES, VIEWS, Line, compare_chart
from shopsim.ui.compare.board import TICKED
from shopsim.ui.compare.cut import fitted_cell, own_cut
from shopsim.ui.compare.parts import cell_of, parts_of
from shopsim.ui.page import Opened


def show_curves(opened: Opened) -> None:
    """Draws the scores of several settings over the threshold or the number of groups, or precision over recall."""
    st.subheader("Curves")
    cells = _cells(opened)
    lines = [_line(name, fitted_cell(opened, cell)) for name, cell in zip(distinct_titles(cells), cells, strict=True)]
    if opened.tuned is not None:
        lines = [_line(f"as {opened.tuned.told}", opened.fitted), *lines]
    if not any(line.curve is not None or line.cut.evaluation is not None for line in lines):
        st.info("Only a merge tree has a curve; tick a row with average linkage, say.")
        return
    scored = any(isinstance(line.curve, Curve) or line.cut is not None for line in lines)
    view = _view() if opened.fitted.catalog.labels_true is not None and scored else "threshold"
    chart = compare_chart(lines, view, st.context.theme.type == "dark")
    st.altair_chart(chart, key=f"curves-{view}")
    _explain(opened, cells, lines, view)


def _cells(opened: Opened) -> list[Cell]:
    """The setting of the sidebar, unless tuned settings group the photos, then the ticked settings."""
    ticked = st.session_state.get(TICKED, [])
    if opened.tuned is not None:
        return ticked[: MOST_LINES - 1]
    return list({_key(cell): cell for cell in [cell_of(parts_of(opened.choice)), *ticked]}.values())[:MOST_LINES]


def _key(cell: Cell) -> tuple[str, str]:
    return cell.features_key, cell.recipe.digest


def _line(name: str, fitted: Fitted) -> Line:
    if fitted.curve is not None:
        return Line(name, fitted.curve, measure=fitted.control.measure)
    return Line(name, None, own_cut(fitted))


def _view() -> str:
    key = "compare-view"
    follow_choice(key, st.session_state.get("compare-view-kept", "threshold"))
    view = st.segmented_control(
        "What to draw", list(VIEWS), key=key, format_func=VIEWS.get, label_visibility="collapsed", required=True
    )
    st.session_state["compare-view-kept"] = drawn(key, view)
    return view


def _explain(opened: Opened, cells: list[Cell], lines: list[Line], view: str) -> None:
    labelled = opened.fitted.catalog.labels_true is not None
    told = "Tuned and scored on these photos, so too optimistic. The best point of each is marked. " if labelled else ""
    if opened.tuned is not None and view == "threshold":
        told += "The threshold of tuned settings is a share of agreement, that of the others one of similarity. "
    if len(lines) == 1:
        told += "Tick rows of the leaderboard to draw them beside the setting of the sidebar. " if labelled else ""
    if points := [line.name for line in lines if line.curve is None]:
        where = "in the other views only" if view == "threshold" else "as a point"
        told += f"Without a curve, so drawn {where}: {', '.join(points)}. "
    if len(st.session_state.get(TICKED, [])) >= MOST_LINES:
        told += f"At most {MOST_LINES} are drawn."
    st.caption(told)
