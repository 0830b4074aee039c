"""Draws the confusion matrix, in readable parts with the most confused first, or whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st
from scipy.sparse import csr_array

from shopsim.scoring.assignment import MOST_CELLS
from shopsim.scoring.confusion_blocks import MOST_GROUPS, Part
from shopsim.ui.address import detail, keep_detail
from shopsim.ui.charts.confusion import matrix_chart, matrix_frame
from shopsim.ui.confusion.confusion import Mixed
from shopsim.ui.guard import callback
from shopsim.ui.parts.pager import pagination
from shopsim.ui.parts.texts import counted

MATRICES = {"confused": "Most confused first", "whole": "Whole matrix"}
# With no more columns than these a chart as wide as the page would have cells like planks.
_NARROW = 16
_LABEL_LENGTH = 34


def show_matrix(mixed: Mixed) -> None:
    """Draws the chosen part of the matrix; a cell that is clicked goes to the address."""
    parts = mixed.grouping.confusion.parts
    which, number = matrix_in_address(len(parts))
    if parts:
        st.session_state["confusion-matrix"] = which
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.segmented_control(
                "Matrix",
                list(MATRICES),
                key="confusion-matrix",
                format_func=MATRICES.get,
                on_change=callback(_choose_matrix),
                label_visibility="collapsed",
                required=True,
            )
            if which == "confused" and len(parts) > 1:
                pagination(number, len(parts), "part", lambda part: _write(str(part)))
    if which == "whole" or not parts:
        _whole(mixed)
    else:
        _part(mixed, parts[number - 1])


def _whole(mixed: Mixed) -> None:
    n_models, n_groups = mixed.table.shape
    if n_models * n_groups > MOST_CELLS:
        st.info(
            f"The whole matrix of {n_models:,} models and {n_groups:,} groups is too large to draw "
            f"(more than {MOST_CELLS:,} cells); the CSV below lists every cell that has photos."
        )
        return
    models, groups = mixed.grouping.confusion.order
    models = models[mixed.table.sum(axis=1)[models] > 0].tolist()
    groups = groups[mixed.table.sum(axis=0)[groups] > 0].tolist()
    st.caption(
        f"All of {counted(len(models), 'model')} (rows, with their photos) and {counted(len(groups), 'group')} "
        "(columns). Drag to move, turn the wheel to zoom, double-click for all. Click a cell to see its photos."
    )
    _draw(mixed, Part(tuple(models), tuple(groups), mixed.wrong_pairs), whole=True)


def _part(mixed: Mixed, part: Part) -> None:
    shown, photos = _readable(mixed.table, part)
    left_out = len(part.groups) - len(shown.groups)
    tail = f" Not drawn: {counted(left_out, 'group')} with {photos:,} of their photos." if left_out else ""
    models, groups = counted(len(part.models), "model"), counted(len(part.groups), "group")
    st.caption(
        f"{models} in {groups}: {counted(part.wrong_pairs, 'wrong pair')}, "
        f"{mixed.share(part.wrong_pairs)} of all.{tail} "
        "Rows are true models with their photos, columns are groups. Click a cell to see its photos."
    )
    _draw(mixed, shown, whole=False)


def _readable(table: csr_array, part: Part) -> tuple[Part, int]:
    """Returns the part with as many groups as fit, largest shares first, and the number of photos left out."""
    inside = table[list(part.models)].toarray()[:, list(part.groups)]
    # 0 for the groups that are the largest piece of one of the models, 1 for the second largest, and so on.
    rank = np.argsort(np.argsort(-inside, axis=1, kind="stable"), axis=1, kind="stable").min(axis=0)
    kept = np.sort(np.lexsort((-inside.sum(axis=0), rank))[:MOST_GROUPS])
    groups = tuple(part.groups[place] for place in kept.tolist())
    return replace(part, groups=groups), int(inside.sum() - inside[:, kept].sum())


def _draw(mixed: Mixed, part: Part, whole: bool) -> None:
    catalog = mixed.grouping.fitted.catalog
    frame = matrix_frame(mixed.table, part.models, part.groups, catalog.models, mixed.names, mixed.sizes)
    totals = mixed.table.sum(axis=1)
    rows = [f"{_short(mixed.names[model])} · {totals[model]:,}" for model in part.models]
    chart = matrix_chart(frame, rows, [str(group) for group in part.groups], whole, st.context.theme.type == "dark")
    closed = st.session_state.get("cells-closed", 0)
    key = f"cell {mixed.grouping.cut} {whole} {part.models[0]} {closed}"
    st.altair_chart(
        chart,
        key=key,
        on_select=callback(lambda: _open_cell(key)),
        selection_mode="cell",
        width="stretch" if whole or len(part.groups) > _NARROW else "content",
        alt="Confusion matrix: rows are true models, columns are groups.",
    )


def _short(name: str) -> str:
    return name if len(name) <= _LABEL_LENGTH else f"{name[: _LABEL_LENGTH - 1]}…"


def matrix_in_address(n_parts: int) -> tuple[str, int]:
    """Reads MATRIX of `sort` (`MATRIX,RANKING`): one of MATRICES, and the number of the part from 1 to n_parts."""
    text = detail("sort").split(",")[0]
    if text == "whole":
        return "whole", 1
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1
    return "confused", min(max(number, 1), max(n_parts, 1))


def _choose_matrix() -> None:
    _write("whole" if st.session_state["confusion-matrix"] == "whole" else "")


def _write(matrix: str) -> None:
    ranking = detail("sort").partition(",")[2]
    keep_detail("sort", ",".join([matrix, ranking]) if ranking else matrix)


def close_cell() -> None:
    """Closes the open cell and draws the matrix again, since a second click on the same cell would do nothing."""
    keep_detail("model", "")
    keep_detail("group", "")
    st.session_state["cells-closed"] = st.session_state.get("cells-closed", 0) + 1


def _open_cell(key: str) -> None:
    """Opens the cell that was clicked; a click beside all cells closes the open one."""
    chosen = st.session_state[key]["selection"].get("cell") or [{}]
    keep_detail("model", str(chosen[0].get("model", "")))
    keep_detail("group", str(chosen[0].get("group", "")))
