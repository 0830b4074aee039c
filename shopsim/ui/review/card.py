"""Draws one suspect: the photo beside its own model and beside the model that it probably shows."""

from __future__ import annotations

import html

import numpy as np
import streamlit as st

from shopsim.base.percent import cut_off
from shopsim.review.decisions import ACCEPTED, REJECTED, decision_on
from shopsim.review.report import evidence_of, models_of
from shopsim.ui.access.rights import WHY_NOT, may_change
from shopsim.ui.corrections.elsewhere import move_to_model
from shopsim.ui.guard import callback
from shopsim.ui.parts.gallery import Shown, gallery
from shopsim.ui.parts.texts import as_written, counted
from shopsim.ui.review.review import Reviewed, settle, unsettle

_PHOTOS = 8
_TOLD = {ACCEPTED: ":material/check: **Accepted**", REJECTED: ":material/block: **Not wrong**"}


def show_card(reviewed: Reviewed, row: int) -> None:
    """Draws the photo, both models' most central photos, the evidence, and the buttons for a decision."""
    given, suggested = _models(reviewed, row)
    with st.container(border=True, key=f"suspect-{row}"):
        _heading(reviewed, row, suggested)
        photo, own, other = st.columns([2, 4, 4], gap="medium")
        with photo:
            _part("This photo", [Shown(reviewed.grouping.fitted.catalog.images[row])], 1)
        with own:
            _model(reviewed, row, "Given", given)
        with other:
            if suggested is None:
                st.html('<div class="facts"><div class="name">No model suggested</div>&nbsp;</div>')
                st.caption("It fits no other model either.")
            else:
                _model(reviewed, row, "Suggested", suggested)
        st.caption(as_written(evidence_of(reviewed.grouping, reviewed.errors, row)))
        if suggested is not None:
            _buttons(reviewed, row, suggested)


def photos_of_card(reviewed: Reviewed, row: int) -> list[Shown]:
    """Returns every photo on a card."""
    models = [model for model in _models(reviewed, row) if model is not None]
    shown = [Shown(reviewed.grouping.fitted.catalog.images[row])]
    return shown + [photo for model in models for photo in _central_photos(reviewed, row, model)[0]]


def _models(reviewed: Reviewed, row: int) -> tuple[str | None, str | None]:
    """Returns the given model and the suggested one; if a correction was accepted, the accepted one."""
    decision = decision_on(reviewed.grouping.fitted.catalog.images[row], reviewed.decisions)
    given, suggested = models_of(reviewed.grouping, reviewed.errors, row)
    return given, suggested if decision is None or decision.suggested is None else decision.suggested


def _heading(reviewed: Reviewed, row: int, suggested: str | None) -> None:
    catalog = reviewed.grouping.fitted.catalog
    image_id = html.escape(catalog.image_ids[row])
    rather = "fits no model" if suggested is None else f"rather {html.escape(catalog.model_name(suggested))}"
    score = "" if suggested is None else f'<span class="mark">score {cut_off(reviewed.errors.score[row])}</span> · '
    st.html(
        f'<div class="facts"><div class="name whole">{image_id}: {rather}</div>{score}{_filed(reviewed, row)}</div>'
    )


def _filed(reviewed: Reviewed, row: int) -> str:
    catalog = reviewed.grouping.fitted.catalog
    return f"filed under {html.escape(catalog.model_name(catalog.images[row].model))}"


def _model(reviewed: Reviewed, row: int, role: str, model: str | None) -> None:
    name = html.escape(reviewed.grouping.fitted.catalog.model_name(model), quote=True)
    photos, count = _central_photos(reviewed, row, model)
    _part(f"{role}: {name}", photos, 4, f"{counted(count, 'other photo')}")


def _part(heading: str, photos: list[Shown], columns: int, below: str = "&nbsp;") -> None:
    """Draws a gallery under a heading; heading: HTML."""
    st.html(f'<div class="facts"><div class="name" title="{heading}">{heading}</div>{below}</div>')
    if photos:
        gallery(photos, columns=columns)


def _central_photos(reviewed: Reviewed, row: int, model: str | None) -> tuple[list[Shown], int]:
    """Returns a model's most central photos without this one, and how many other photos it has."""
    catalog = reviewed.grouping.fitted.catalog
    if model not in catalog.models:
        return [], 0
    rows = np.flatnonzero(catalog.labels_true == catalog.models.index(model))
    rows = rows[rows != row]
    order = np.argsort(-reviewed.centrality[rows], kind="stable")
    return [Shown(catalog.images[other]) for other in rows[order][:_PHOTOS]], len(rows)


def _buttons(reviewed: Reviewed, row: int, suggested: str) -> None:
    image = reviewed.grouping.fitted.catalog.images[row]
    decision = decision_on(image, reviewed.decisions)
    key = f"{image.digest} {image.model} {image.image_id}"
    off = {} if may_change() else {"disabled": True, "help": WHY_NOT}
    with st.container(horizontal=True, vertical_alignment="center"):
        if decision is not None:
            st.markdown(_TOLD[decision.verdict], width="content")
            st.button(
                "Take back",
                key=f"back {key}",
                icon=":material/undo:",
                on_click=callback(unsettle),
                args=(reviewed, row),
                **off,
            )
            if decision.verdict == ACCEPTED:
                move_to_model(reviewed.grouping, row, suggested)
            return
        st.button(
            "Accept",
            key=f"accept {key}",
            icon=":material/check:",
            on_click=callback(settle),
            args=(reviewed, row, ACCEPTED, suggested),
            **{"help": "The photo shows the suggested model.", **off},
        )
        st.button(
            "Not wrong",
            key=f"keep {key}",
            icon=":material/block:",
            on_click=callback(settle),
            args=(reviewed, row, REJECTED, None),
            **{"help": "The photo is filed rightly.", **off},
        )
