"""Two settings side by side: B is chosen here; models and pairs of photos show what it changes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, urlencode

import numpy as np
import streamlit as st

from shopsim.grouping.grouping import Grouping
from shopsim.tuning.leaderboard_table import distinct_titles, titles
from shopsim.ui.address import detail, drawn, follow_choice, keep_detail
from shopsim.ui.choice import Choice, from_address, to_address
from shopsim.ui.compare.board import TICKED
from shopsim.ui.compare.cut import fitted_cell, own_cut
from shopsim.ui.compare.parts import REGISTRIES, cell_of, offered, parts_of, parts_of_cell, remember_tried, with_cell
from shopsim.ui.page import Opened
from shopsim.ui.parts.texts import as_written, counted
from shopsim.ui.tuned_settings import show_tuned_scores

_TITLES = {"extractor": "Extractor of B", "space": "Space of B", "clusterer": "Clustering of B"}

# Linkages are quick and have groups for all photos; others may refuse some photos.
_FIRST_OTHERS = ("complete", "average")


@dataclass(frozen=True, eq=False)
class Sides:
    """Two groupings and their common photos: rows_a and rows_b (n,) int64 are the rows of the same photos in each.

    name_a, name_b: the parts of the two settings that differ.
    """

    a: Grouping
    b: Grouping
    rows_a: np.ndarray
    rows_b: np.ndarray
    name_a: str
    name_b: str

    @cached_property
    def labels(self) -> tuple[np.ndarray, np.ndarray]:
        """(n,) groups in A and in B."""
        return self.a.labels_pred[self.rows_a], self.b.labels_pred[self.rows_b]

    @cached_property
    def labels_true(self) -> np.ndarray | None:
        """(n,) models of the shared photos, None without labels."""
        truth = self.a.fitted.catalog.labels_true
        return None if truth is None else truth[self.rows_a]

    @property
    def images(self) -> tuple:
        """The images of A's catalogue; `rows_a` are the rows of the shared ones."""
        return self.a.fitted.catalog.images


def choose_other(opened: Opened, grouping: Grouping) -> Sides:
    """Draws the fields for B, preset by the last ticked row; B has its best threshold on these photos, if known."""
    _follow_ticks(opened)
    kept, chosen = st.session_state["compare-b"], {}
    for column, kind in zip(st.columns(3), REGISTRIES, strict=True):
        options, key = offered(kind, opened.choice), f"compare-b-{kind}"
        follow_choice(key, kept[kind] if kept[kind] in options else next(iter(options)))
        titles_of = {part: each.title for part, each in options.items()}
        with column:
            kept[kind] = drawn(key, st.selectbox(_TITLES[kind], list(options), key=key, format_func=titles_of.get))
        chosen[kind] = options[kept[kind]]
    cell_a, cell_b = cell_of(parts_of(opened.choice)), cell_of(chosen)
    keep_detail("beside", urlencode(to_address(with_cell(Choice(), cell_b))))
    other = own_cut(fitted_cell(opened, cell_b))
    _, rows_a, rows_b = np.intersect1d(
        grouping.fitted.catalog.image_ids, other.fitted.catalog.image_ids, assume_unique=True, return_indices=True
    )
    name_a, name_b = distinct_titles([cell_a, cell_b]) if cell_a != cell_b else (titles(cell_a)[2],) * 2
    if opened.tuned is not None:
        name_a, name_b = f"as {opened.tuned.told}", " · ".join(titles(cell_b))
    return Sides(grouping, other, rows_a, rows_b, name_a, name_b)


def _follow_ticks(opened: Opened) -> None:
    """Sets the fields of B to the row that was ticked last, if it is new; at first to another clustering than A's."""
    if "compare-b" not in st.session_state:
        st.session_state["compare-b"] = _in_address() if detail("beside") else _first_other(opened)
    last = next(iter(reversed(st.session_state.get(TICKED, []))), None)
    if last is not None and last != st.session_state.get("compare-b-ticked"):
        st.session_state["compare-b"] = {kind: part.key for kind, part in parts_of_cell(last).items()}
    st.session_state["compare-b-ticked"] = last


def _first_other(opened: Opened) -> dict[str, str]:
    keys = {kind: part.key for kind, part in parts_of(opened.choice).items()}
    return keys | {"clusterer": next(key for key in _FIRST_OTHERS if key != keys["clusterer"])}


def _in_address() -> dict[str, str]:
    """The keys of the setting that a link names for B; an extractor with settings is offered only if chosen here."""
    parts = parts_of(from_address(dict(parse_qsl(detail("beside")))))
    # A SavedModel is a program, so no link may choose one without a question to the visitor.
    remember_tried({kind: part for kind, part in parts.items() if kind != "extractor" or not part.settings})
    return {kind: part.key for kind, part in parts.items()}


def show_both(sides: Sides) -> None:
    """Shows both settings with their threshold, what it was chosen on, and their scores."""
    for column, letter, name, cut in zip(
        st.columns(2), "AB", (sides.name_a, sides.name_b), (sides.a, sides.b), strict=True
    ):
        control = cut.fitted.control
        value = f"{cut.value:.1%}" if control.kind == "similarity" else f"{cut.value:g}"
        with column.container(border=True):
            st.markdown(f"**{letter}: {as_written(name)}**")
            st.caption(f"{control.name} {value}{', strict' if cut.strict else ''}, {as_written(cut.tuned_on)}.")
            groups = counted(int(cut.labels_pred.max()) + 1, "group")
            scores = cut.evaluation
            if scores is None:
                st.markdown(groups)
            else:
                pairs = scores.pairs
                st.markdown(
                    f"ARI **{scores.ari:z.3f}** · pair precision {pairs.precision:.3f} · recall {pairs.recall:.3f} · "
                    f"{groups}"
                )
    show_tuned_scores()
    left_out = len(sides.images) + len(sides.b.fitted.catalog.images) - 2 * len(sides.rows_a)
    if left_out:
        st.caption(f"{counted(left_out, 'photo')} that only one of the two extractors knows cannot be compared.")
