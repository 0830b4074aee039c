"""Ways into corrections from pages that show the groups without them: Map, Confusion and Review."""

from __future__ import annotations

import numpy as np
import streamlit as st

from shopsim.grouping.corrections.action import DIFFERENT, MOVE, SAME, SPLIT
from shopsim.grouping.corrections.store import read_actions
from shopsim.grouping.grouping import Grouping
from shopsim.ui.corrections.acts import correct, off, undo_last
from shopsim.ui.corrections.refused import show_refused
from shopsim.ui.guard import callback
from shopsim.ui.parts.group_cards import by_similarity
from shopsim.ui.parts.texts import counted

_MOST_AT_ONCE = 5000


def correct_photos(grouping: Grouping, rows: np.ndarray) -> None:
    """Offers to say that some photos show the same model, or different ones. rows: (k,) int64."""
    if not 2 <= len(rows) <= _MOST_AT_ONCE:
        return
    alone = [[int(row)] for row in rows]
    told = counted(len(rows), "selected photo")
    with st.container(horizontal=True, vertical_alignment="center", key="correct-photos"):
        _button(f"Same model: {told}", "correct-same", grouping, SAME, [rows.tolist()])
        # Of many photos, all pairs would be too many.
        if len(rows) <= 20:
            _button("Each shows a different model", "correct-different", grouping, DIFFERENT, alone)
        _kept(grouping, "photos")
    show_refused(grouping.fitted.catalog)


def correct_cell(grouping: Grouping, cell: np.ndarray, group_rest: np.ndarray, model_rest: np.ndarray) -> None:
    """Offers to take the photos of one model out of a group, or to move them to the model's largest other group.

    cell, group_rest, model_rest: rows of the photos, of the rest of their group, and of the rest of their model.
    """
    others = grouping.labels_pred[model_rest]
    with st.container(horizontal=True, vertical_alignment="center", key="correct-cell"):
        if len(group_rest):
            parts = [cell.tolist(), group_rest.tolist()]
            _button(f"Split off {counted(len(cell), 'photo')}", "cell-split", grouping, SPLIT, parts)
        if len(others):
            target = int(np.bincount(others).argmax())
            parts = [cell.tolist(), by_similarity(grouping, target).tolist()]
            if len(group_rest):
                parts.append(group_rest.tolist())
            _button("Move them to the group with most photos of this model", "cell-move", grouping, MOVE, parts)
        _kept(grouping, "cell")
    show_refused(grouping.fitted.catalog)


def move_to_model(grouping: Grouping, row: int, model: str) -> None:
    """Offers to move a photo to the group that has most photos of a model. model: one of the catalogue's."""
    catalog, labels = grouping.fitted.catalog, grouping.labels_pred
    if model not in catalog.models:
        return
    of_model = np.flatnonzero(catalog.labels_true == catalog.models.index(model))
    of_model = of_model[of_model != row]
    if not len(of_model):
        return
    target = int(np.bincount(labels[of_model]).argmax())
    key = f"move-to-model-{row}"
    if labels[row] == target:
        st.caption("It is already in the group with most photos of that model.")
        return
    rest = [other for other in by_similarity(grouping, int(labels[row])).tolist() if other != row]
    parts = [[row], by_similarity(grouping, target).tolist(), *([rest] if rest else [])]
    _button("Correct the groups too: move it to the group with most photos of that model", key, grouping, MOVE, parts)


def _button(label: str, key: str, grouping: Grouping, kind: str, parts: list[list[int]]) -> None:
    st.button(
        label, key=key, icon=":material/build:", on_click=callback(correct), args=(grouping, kind, parts), **off()
    )


def _kept(grouping: Grouping, place: str) -> None:
    """Says how many corrections are kept, and that they change nothing here."""
    n_kept = sum(not each.undone for each in read_actions(grouping.fitted.catalog))
    if not n_kept:
        return
    st.button(
        "Undo",
        key=f"correct-undo-{place}",
        icon=":material/undo:",
        on_click=callback(undo_last),
        args=(grouping,),
        **off(),
    )
    st.caption(f"Corrections kept: {n_kept:,}. The Groups page uses them; this page shows the groups without them.")
