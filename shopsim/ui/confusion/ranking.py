"""Lists splits and merges with photos, the most wrong pairs first."""

from __future__ import annotations

import html

import numpy as np
import streamlit as st

from shopsim.scoring.confusion import Merge, Split
from shopsim.ui.address import detail, keep_detail
from shopsim.ui.confusion.cell import shown_photos
from shopsim.ui.confusion.confusion import Mixed
from shopsim.ui.guard import callback
from shopsim.ui.parts.gallery import gallery
from shopsim.ui.parts.group_cards import by_similarity
from shopsim.ui.parts.open_group import link_to_group
from shopsim.ui.parts.pager import paged
from shopsim.ui.parts.texts import counted

_A_PAGE = 8
_PIECES = 4
_PHOTOS = 6
RANKINGS = ("merges", "splits")


def show_ranking(mixed: Mixed) -> None:
    """Shows merges or splits, the most wrong pairs first."""
    confusion = mixed.grouping.confusion
    ranked = {"merges": confusion.merges, "splits": confusion.splits}
    titles = {"merges": f"Merges ({len(ranked['merges']):,})", "splits": f"Splits ({len(ranked['splits']):,})"}
    which = _ranking_in_address(ranked)
    st.session_state["confusion-ranking"] = which
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.segmented_control(
            "Ranking",
            RANKINGS,
            key="confusion-ranking",
            format_func=titles.get,
            on_change=callback(_choose),
            label_visibility="collapsed",
            required=True,
        )
        found, _, _ = paged(ranked[which], _A_PAGE, "ranking")
    if which == "merges":
        st.caption("A merge is one group that has several models.")
    else:
        st.caption("A split is one model that is in several groups.")
    if not found:
        st.success("No group has two models." if which == "merges" else "No model is in two groups.")
    for entry in found:
        with st.container(border=True):
            if isinstance(entry, Merge):
                _merge(mixed, entry)
            else:
                _split(mixed, entry)


def _merge(mixed: Mixed, merge: Merge) -> None:
    group, rows = merge.group, by_similarity(mixed.grouping, merge.group)
    labels = mixed.grouping.fitted.catalog.labels_true[rows]
    _heading(mixed, f"Group {group} has {len(merge.models):,} models", merge.wrong_pairs)
    for column, model, count in zip(st.columns(_PIECES), merge.models, merge.counts, strict=False):
        with column:
            _piece(mixed, f"{count:,} × {html.escape(mixed.names[model])}", rows[labels == model])
    _more(len(merge.models), "model")
    link_to_group(mixed.grouping, group)


def _split(mixed: Mixed, split: Split) -> None:
    labels = mixed.grouping.fitted.catalog.labels_true
    name = html.escape(mixed.names[split.model])
    _heading(mixed, f"{name} is in {len(split.groups):,} groups", split.wrong_pairs)
    for column, group, count in zip(st.columns(_PIECES), split.groups, split.counts, strict=False):
        rows = by_similarity(mixed.grouping, group)
        with column:
            _piece(mixed, f"{count:,} in group {group}", rows[labels[rows] == split.model])
            link_to_group(mixed.grouping, group)
    _more(len(split.groups), "group")


def _heading(mixed: Mixed, text: str, wrong_pairs: int) -> None:
    """Draws one line; text: HTML."""
    cost = f"{counted(wrong_pairs, 'wrong pair')}, {mixed.share(wrong_pairs)} of all"
    st.html(f'<div class="facts"><div class="name whole">{text}</div><span class="mark">✗ {cost}</span></div>')


def _piece(mixed: Mixed, heading: str, rows: np.ndarray) -> None:
    st.html(f'<div class="facts"><div class="name" title="{heading}">{heading}</div></div>')
    gallery(shown_photos(mixed, rows[:_PHOTOS], ""), columns=3)


def _more(count: int, what: str) -> None:
    if count > _PIECES:
        st.caption(f"And {counted(count - _PIECES, what)} more.")


def _ranking_in_address(ranked: dict) -> str:
    """Reads RANKING of `sort` (`MATRIX,RANKING`); by default the kind that occurs."""
    text = detail("sort").partition(",")[2]
    if text in RANKINGS:
        return text
    return "merges" if ranked["merges"] or not ranked["splits"] else "splits"


def _choose() -> None:
    matrix = detail("sort").partition(",")[0]
    keep_detail("sort", f"{matrix},{st.session_state['confusion-ranking']}")
    keep_detail("page", "")
