"""The Confusion page: what was mixed up with what, as a matrix."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import streamlit as st
from scipy.sparse import csr_array

from shopsim.confusion import contingency, diagonal_order
from shopsim.confusion_chart import matrix_chart, matrix_frame
from shopsim.confusion_csv import contingency_csv
from shopsim.confusion_parts import Part, confused_parts
from shopsim.pipeline import Grouping
from shopsim.ui.address import current_choice, detail, keep_detail
from shopsim.ui.choice import to_address
from shopsim.ui.page import Opened
from shopsim.ui.pager import pagination

MATRICES = {"confused": "Most confused first", "whole": "Whole matrix"}
_MOST_COLUMNS = 40
# With no more columns than these a chart as wide as the page would have cells like planks.
_NARROW = 16
_LABEL_LENGTH = 34


@dataclass(frozen=True)
class Mixed:
    """A cut with its contingency table."""

    grouping: Grouping
    table: csr_array

    @property
    def wrong_pairs(self) -> int:
        """Wrongly together and wrongly apart."""
        scores = self.grouping.evaluation
        return 0 if scores is None else scores.pairs.fp + scores.pairs.fn

    @cached_property
    def names(self) -> list[str]:
        """What to call each model."""
        catalog = self.grouping.fitted.catalog
        return [catalog.model_name(model) for model in catalog.models]

    @cached_property
    def sizes(self) -> np.ndarray:
        """(n_groups,) photos of each group, with those of no known model."""
        return np.bincount(self.grouping.labels_pred)

    def share(self, wrong_pairs: int) -> str:
        """Of all wrong pairs, in percent."""
        return f"{wrong_pairs / max(self.wrong_pairs, 1):.1%}"


def has_models(opened: Opened) -> bool:
    """Whether there is anything to compare with; if not, says so and what to do."""
    if opened.fitted.catalog.labels_true is not None:
        return True
    st.info(
        "Confusion compares the groups with true models, and no photo here has one. "
        "Attach a file of labels on the Catalogs page, or name the photos by their models."
    )
    address = to_address(current_choice())
    st.page_link("pages/Catalogs.py", label="Attach labels", icon=":material/folder_open:", query_params=address)
    return False


def confusion_of(grouping: Grouping) -> Mixed:
    """The contingency table of a cut."""
    return Mixed(grouping, contingency(grouping.fitted.catalog.labels_true, grouping.labels_pred))


def show_cost(mixed: Mixed) -> None:
    """How many pairs are wrong, of which kind."""
    scores = mixed.grouping.evaluation
    if mixed.wrong_pairs == 0:
        st.success(
            f"Everything is right: each of the {scores.n_groups:,} groups holds one model, "
            f"and no model stands in more than one group.",
            icon=":material/check_circle:",
        )
        return
    pairs, columns = scores.pairs, st.columns(4)
    columns[0].metric("Wrong pairs", f"{mixed.wrong_pairs:,}", border=True)
    merged_help = "Pairs of photos of two models in one group: what merges cost."
    columns[1].metric("Wrongly together", f"{pairs.fp:,}", help=merged_help, border=True)
    split_help = "Pairs of photos of one model in two groups: what splits cost."
    columns[2].metric("Wrongly apart", f"{pairs.fn:,}", help=split_help, border=True)
    columns[3].metric("ARI", f"{scores.ari:.3f}", help=f"Threshold: {mixed.grouping.tuned_on}.", border=True)


def show_matrix(mixed: Mixed) -> None:
    """The matrix, in the piece that is chosen; a cell clicked goes to the address."""
    parts = confused_parts(mixed.table, most_groups=_MOST_COLUMNS)
    which, number = matrix_in_address(len(parts))
    if parts:
        st.session_state["confusion-matrix"] = which
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.segmented_control(
                "Matrix",
                list(MATRICES),
                key="confusion-matrix",
                format_func=MATRICES.get,
                on_change=_choose_matrix,
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
    models, groups = diagonal_order(mixed.table)
    models = models[mixed.table.sum(axis=1)[models] > 0].tolist()
    groups = groups[mixed.table.sum(axis=0)[groups] > 0].tolist()
    st.caption(
        f"All {len(models):,} models (rows, with their photos) and {len(groups):,} groups (columns). "
        "Drag to move, turn the wheel to zoom, double-click for all. Click a cell to see its photos."
    )
    _draw(mixed, Part(tuple(models), tuple(groups), mixed.wrong_pairs), whole=True)


def _part(mixed: Mixed, part: Part) -> None:
    shown, photos = _readable(mixed.table, part)
    left_out = len(part.groups) - len(shown.groups)
    tail = f" {left_out:,} more groups hold {photos:,} of their photos and are not drawn." if left_out else ""
    models, groups = _counted(len(part.models), "model"), _counted(len(part.groups), "group")
    st.caption(
        f"{models} in {groups}: {part.wrong_pairs:,} wrong pairs, {mixed.share(part.wrong_pairs)} of all.{tail} "
        "Rows are true models with their photos, columns are groups. Click a cell to see its photos."
    )
    _draw(mixed, shown, whole=False)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _readable(table: csr_array, part: Part) -> tuple[Part, int]:
    """The part with at most so many groups as fit, those with most of its photos; and the photos left out."""
    inside = table[list(part.models)].sum(axis=0)[list(part.groups)]
    kept = np.sort(np.argsort(-inside, kind="stable")[:_MOST_COLUMNS])
    groups = tuple(part.groups[place] for place in kept.tolist())
    return replace(part, groups=groups), int(inside.sum() - inside[kept].sum())


def _draw(mixed: Mixed, part: Part, whole: bool) -> None:
    catalog = mixed.grouping.fitted.catalog
    frame = matrix_frame(mixed.table, part.models, part.groups, catalog.models, mixed.names, mixed.sizes)
    totals = mixed.table.sum(axis=1)
    rows = [f"{_short(mixed.names[model])} · {totals[model]:,}" for model in part.models]
    chart = matrix_chart(frame, rows, [str(group) for group in part.groups], whole, st.context.theme.type == "dark")
    key = f"cell {mixed.grouping.fitted.key} {mixed.grouping.value} {whole} {part.models[0]}"
    st.altair_chart(
        chart,
        key=key,
        on_select=lambda: _open_cell(key),
        selection_mode="cell",
        width="stretch" if whole or len(part.groups) > _NARROW else "content",
        alt="Confusion matrix: rows are true models, columns are groups.",
    )


def _short(name: str) -> str:
    return name if len(name) <= _LABEL_LENGTH else f"{name[: _LABEL_LENGTH - 1]}…"


def offer_contingency(mixed: Mixed) -> None:
    """A button for the table as CSV; the file is made when it is clicked."""
    st.download_button(
        "Download the matrix as CSV",
        lambda: contingency_csv(mixed.table, mixed.grouping.fitted.catalog.models, mixed.names),
        file_name="confusion.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def matrix_in_address(n_parts: int) -> tuple[str, int]:
    """Of `sort`, which is `MATRIX,RANKING`: one of MATRICES, and the number of the part from 1 to n_parts."""
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


def _open_cell(key: str) -> None:
    """Take over the cell that was clicked; a click beside all cells closes it."""
    chosen = st.session_state[key]["selection"].get("cell") or [{}]
    keep_detail("model", str(chosen[0].get("model", "")))
    keep_detail("group", str(chosen[0].get("group", "")))
