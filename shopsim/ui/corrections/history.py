"""The list of corrections, each with a button that takes it back."""

from __future__ import annotations

import numpy as np
import streamlit as st

from shopsim.grouping.corrections.action import Action
from shopsim.grouping.corrections.sentences import sentence
from shopsim.ui.corrections.acts import off, undo_last
from shopsim.ui.corrections.regrouped import Corrected
from shopsim.ui.guard import callback
from shopsim.ui.parts.gallery import Shown, gallery
from shopsim.ui.parts.pager import turn_page
from shopsim.ui.parts.texts import as_written

_A_PAGE, _PHOTOS = 8, 5


def show_history(corrected: Corrected) -> None:
    """Draws the corrections that are not undone, the latest first."""
    listed = corrected.valid[::-1]
    if not listed:
        return
    n_pages = -(-len(listed) // _A_PAGE)
    page = turn_page("corrections-list", n_pages)
    rows: dict[str, int] = {}
    for row, key in enumerate(corrected.keys):
        rows.setdefault(key, row)
    for each in listed[(page - 1) * _A_PAGE : page * _A_PAGE]:
        with st.container(border=True, key=f"correction-{each.number}"):
            _show(corrected, each, rows)


def _show(corrected: Corrected, each: Action, rows: dict[str, int]) -> None:
    told, button = st.columns([5, 1], vertical_alignment="center")
    told.markdown(f"**{as_written(sentence(each))}**")
    told.caption(as_written(f"{each.who or 'somebody'}, {each.at.removesuffix('+00:00')} UTC"))
    button.button(
        "Take back",
        key=f"correction-back-{each.number}",
        icon=":material/undo:",
        on_click=callback(undo_last),
        args=(corrected.grouping, each.number),
        **off(),
    )
    images = corrected.grouping.fitted.catalog.images
    here = [[rows[key] for key in part if key in rows] for part in each.parts[:3]]
    for column, part in zip(told.columns(len(here)), here, strict=True):
        with column:
            gallery([Shown(images[row]) for row in np.array(part[:_PHOTOS], dtype=int)], width=56)
