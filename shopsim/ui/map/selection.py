"""Shows the photos that are selected on the map, by group, with their models and a CSV of them."""

from __future__ import annotations

from collections import Counter

import numpy as np
import streamlit as st

from shopsim.ui.charts.map_colours import WRONG
from shopsim.ui.corrections.elsewhere import correct_photos
from shopsim.ui.guard import callback
from shopsim.ui.map.colours import Coloured, show_group_on_map
from shopsim.ui.map.state import clear_selection
from shopsim.ui.parts.downloads import offer_csv
from shopsim.ui.parts.gallery import Shown, gallery
from shopsim.ui.parts.texts import as_written, counted

_GROUPS = 8
_PHOTOS = 24
_NEAREST = 12


def show_selected(coloured: Coloured, selected: np.ndarray) -> None:
    """Shows the selected photos group by group; without a selection, those searched for or of the chosen group."""
    rows, what = (selected, "selected") if len(selected) else (coloured.focus, coloured.what)
    if len(rows) == 0:
        if what:
            st.info(as_written(f"No photo {what}."))
        return
    labels = coloured.grouping.labels_pred[rows]
    groups, counts = np.unique(labels, return_counts=True)
    st.subheader(as_written(_headline(coloured, rows, len(groups), what)))
    with st.container(horizontal=True):
        wanted = frozenset(rows.tolist())
        offer_csv(coloured.grouping, "Download these photos as CSV", "selected.csv", wanted, width="content")
        if len(selected):
            st.button("Clear the selection", on_click=callback(clear_selection), icon=":material/close:")
    correct_photos(coloured.grouping, rows)
    if len(rows) == 1:
        _show_nearest(coloured, int(rows[0]))
    n_shown = st.session_state.get("map-more", 1) * _GROUPS
    for group in groups[np.argsort(-counts, kind="stable")][:n_shown].tolist():
        _show_group(coloured, rows[labels == group], group)
    if len(groups) > n_shown:
        st.button(f"Show more of the {counted(len(groups) - n_shown, 'other group')}", on_click=callback(_more))


def _more() -> None:
    st.session_state["map-more"] = st.session_state.get("map-more", 1) + 1


def _headline(coloured: Coloured, rows: np.ndarray, n_groups: int, what: str) -> str:
    parts = [counted(len(rows), "photo") + f" {what}", counted(n_groups, "group")]
    if coloured.verdicts is not None:
        images = coloured.grouping.fitted.catalog.images
        parts.append(counted(len({images[row].model for row in rows} - {None}), "model"))
        parts.append(f"{int((coloured.verdicts[rows] == WRONG).sum()):,} wrong")
    return " · ".join(parts)


def _show_nearest(coloured: Coloured, row: int) -> None:
    """Shows the photo that was clicked and the photos most similar to it, of any group."""
    grouping = coloured.grouping
    similarity = grouping.fitted.vectors @ grouping.fitted.vectors[row]
    similarity[row] = np.inf
    nearest = np.argsort(-similarity, kind="stable")[1 : _NEAREST + 1].tolist()
    left, right = st.columns([1, 5])
    with left:
        st.caption("This photo")
        gallery([_shown(coloured, row)], columns=1)
    with right:
        st.caption("The photos most like it, with their groups")
        gallery(
            [_shown(coloured, near, f"{similarity[near]:.0%}, group {grouping.labels_pred[near]}") for near in nearest]
        )


def _show_group(coloured: Coloured, rows: np.ndarray, group: int) -> None:
    grouping, catalog = coloured.grouping, coloured.grouping.fitted.catalog
    size = int((grouping.labels_pred == group).sum())
    models = Counter(catalog.model_name(catalog.images[row].model) for row in rows) if catalog.models else Counter()
    named = ", ".join(f"{name} {count:,}" for name, count in models.most_common(4)) + (" …" if len(models) > 4 else "")
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.markdown(
        f"**Group {group}** · {len(rows):,} of its {counted(size, 'photo')}{' · ' if named else ''}{as_written(named)}"
    )
    right.button(
        "Show on the map", key=f"map-show-{group}", on_click=callback(show_group_on_map), args=(group,), type="tertiary"
    )
    shown = rows[np.argsort(_doubt(coloured, rows), kind="stable")][:_PHOTOS]
    gallery([_shown(coloured, row) for row in shown.tolist()], width=96)
    if len(rows) > len(shown):
        st.caption(f"and {len(rows) - len(shown):,} more")


def _doubt(coloured: Coloured, rows: np.ndarray) -> np.ndarray:
    """Returns a sort key: wrong photos first, then those least similar to the rest of their group."""
    similarity = coloured.grouping.representatives.similarity[rows]
    return similarity if coloured.verdicts is None else similarity - 2.0 * coloured.verdicts[rows]


def _shown(coloured: Coloured, row: int, caption: str = "") -> Shown:
    catalog = coloured.grouping.fitted.catalog
    image = catalog.images[row]
    wrong = coloured.verdicts is not None and coloured.verdicts[row] == WRONG
    name = caption or (image.image_id.rpartition("/")[2] if image.model is None else catalog.model_name(image.model))
    return Shown(image, name, "wrong" if wrong else "")
