"""Shows the photos of one cell of the matrix, beside the rest of its group and of its model."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
import streamlit as st

from shopsim.ui.address import detail, keep_detail
from shopsim.ui.confusion.confusion import Mixed
from shopsim.ui.confusion.matrix import close_cell
from shopsim.ui.corrections.elsewhere import correct_cell
from shopsim.ui.guard import callback
from shopsim.ui.parts.gallery import Shown, gallery
from shopsim.ui.parts.group_cards import by_similarity
from shopsim.ui.parts.open_group import link_to_group, open_group
from shopsim.ui.parts.texts import counted

_MOST_PHOTOS = 24


def show_cell(mixed: Mixed) -> None:
    """Shows the cell that the address names: its photos, the rest of the group, and the rest of the model."""
    model = _model_in_address(mixed)
    group = open_group(mixed.grouping) if model is not None else None
    if model is None or group is None or not mixed.table[model, group]:
        keep_detail("model", "")
        keep_detail("group", "")
        return
    catalog = mixed.grouping.fitted.catalog
    rows = by_similarity(mixed.grouping, group)
    of_model = catalog.labels_true[rows] == model
    elsewhere = _by_share(mixed, np.flatnonzero(catalog.labels_true == model), group)
    name = html.escape(mixed.names[model])
    with st.container(border=True, key=f"look-cell-{model}-{group}"):
        cell, group_rest, model_rest = st.columns(3, gap="medium")
        with cell:
            _photos(mixed, f"{name} in group {group}", rows[of_model], "")
        with group_rest:
            _photos(mixed, f"The rest of group {group}", rows[~of_model], "model")
        with model_rest:
            _photos(mixed, f"The rest of {name}", elsewhere, "group")
        correct_cell(mixed.grouping, rows[of_model], rows[~of_model], elsewhere)
        with st.container(horizontal=True, vertical_alignment="center"):
            link_to_group(mixed.grouping, group)
            st.button("Close", icon=":material/close:", on_click=callback(close_cell))


def _model_in_address(mixed: Mixed) -> int | None:
    models, text = mixed.grouping.fitted.catalog.models, detail("model")
    return models.index(text) if text in models else None


def _by_share(mixed: Mixed, rows: np.ndarray, group: int) -> np.ndarray:
    """Returns a model's photos outside the group, those in the model's largest group first."""
    groups = mixed.grouping.labels_pred[rows]
    pieces = np.bincount(groups)[groups]
    order = np.lexsort((-mixed.grouping.representatives.similarity[rows], groups, -pieces))
    return rows[order][groups[order] != group]


def _photos(mixed: Mixed, heading: str, rows: np.ndarray, below: str) -> None:
    """Draws a gallery with a heading in HTML. below: `model` or `group`, which is written below each photo, or ''."""
    st.html(
        f'<div class="facts"><div class="name" title="{heading}">{heading}</div>{counted(len(rows), "photo")}</div>'
    )
    if not len(rows):
        st.caption("There are no others.")
        return
    gallery(shown_photos(mixed, rows[:_MOST_PHOTOS], below), width=84)
    if len(rows) > _MOST_PHOTOS:
        st.caption(f"The first {_MOST_PHOTOS} of {len(rows):,}.")


def shown_photos(mixed: Mixed, rows: Sequence[int] | np.ndarray, below: str) -> list[Shown]:
    """Returns the photos with their model, their group or nothing below."""
    catalog, labels_pred = mixed.grouping.fitted.catalog, mixed.grouping.labels_pred
    captions = {
        "model": lambda row: catalog.model_name(catalog.images[row].model),
        "group": lambda row: f"group {labels_pred[row]}",
        "": lambda row: "",
    }
    return [Shown(catalog.images[row], captions[below](row)) for row in rows]
