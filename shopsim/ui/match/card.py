"""Draws one new photo beside the most similar photos that are known."""

from __future__ import annotations

import html

import streamlit as st

from shopsim.grouping.grouping import Grouping
from shopsim.grouping.matching.matched import Matched
from shopsim.grouping.matching.matches_csv import COPY, NEW_MODEL, MatchRow
from shopsim.ui.parts.gallery import Shown, gallery
from shopsim.ui.parts.open_group import link_to_group

# Narrower than its column on any screen, so that it is not as wide as a phone.
_PHOTO_PX = 110


def show_card(grouping: Grouping, matched: Matched, row: MatchRow, place: int) -> None:
    """Draws the photo, what was decided, and the nearest photos. place: of the photo among the new ones."""
    with st.container(border=True, key=f"match-{place}"):
        photo, facts, near = st.columns([2, 4, 7], gap="medium")
        with photo:
            gallery([Shown(matched.catalog.images[place])], width=_PHOTO_PX)
        with facts:
            st.html(f'<div class="facts">{_facts(grouping, row)}</div>')
            if row.decision != NEW_MODEL and row.group <= int(grouping.labels_pred.max()):
                link_to_group(grouping, row.group)
        with near:
            st.html('<div class="facts"><div class="name">Nearest photos</div></div>')
            gallery(_nearest(matched, place), columns=5)


def _facts(grouping: Grouping, row: MatchRow) -> str:
    """Returns the decision, the evidence and the name of the photo as HTML."""
    name = html.escape(row.image_id, quote=True)
    parts = [f'<div class="name whole">{_decision(row)}</div>', f'<div class="name" title="{name}">{name}</div>']
    if row.decision == COPY:
        return "".join([*parts, f"byte-equal with {html.escape(row.copy_of or '')}"])
    model = _model_of(grouping, row.closest)
    closest = f"group {row.closest}{f' ({html.escape(model)})' if model else ''}"
    parts.append(f"most alike: {closest}, {row.likeness:.1%}<br>")
    if row.runner_up is not None:
        parts.append(f"runner-up: group {row.runner_up}, {row.runner_up_likeness:.1%}; margin {row.margin:.1%}<br>")
    if row.over_threshold is not None:
        side = "above" if row.over_threshold >= 0 else "below"
        parts.append(f"{abs(row.over_threshold):.1%} {side} the threshold<br>")
    if row.probability is not None:
        parts.append(f"shows that model with {_probability(row.probability)} probability")
    return "".join(parts)


def _decision(row: MatchRow) -> str:
    if row.decision == NEW_MODEL:
        return f"New model: new group {row.group}"
    return f"{'Copy' if row.decision == COPY else 'Joins'}: group {row.group}"


def _probability(share: float) -> str:
    """Writes a share as '87%', and never as 0 % or 100 %, since nothing is certain."""
    if share >= 0.995:
        return "over 99%"
    return "under 1%" if share < 0.005 else f"{share:.0%}"


def _model_of(grouping: Grouping, group: int) -> str:
    """Returns the name of the model that most photos of a group show, '' if none is known."""
    table = grouping.table
    found = table.loc[table["group"] == group, "model"]
    model = None if found.empty else found.iloc[0]
    return "" if model is None else grouping.fitted.catalog.model_name(model)


def _nearest(matched: Matched, place: int) -> list[Shown]:
    like, together = matched.matches.like, matched.together
    return [
        Shown(
            together.images[row],
            f"group {together.members.labels_pred[row]} · {similarity:.1%}",
        )
        for row, similarity in zip(like.nearest[place].tolist(), like.similarity[place].tolist(), strict=True)
    ]
