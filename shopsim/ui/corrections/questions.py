"""The questions on the Review page: two photos side by side, one key to answer."""

from __future__ import annotations

import html

import numpy as np
import streamlit as st

from shopsim.catalog.catalog import CatalogImage
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.questions import JOIN, Question
from shopsim.ui.corrections.acts import off
from shopsim.ui.corrections.asked import Asked, end_block, give, next_block, open_block, take_last_back
from shopsim.ui.corrections.refused import show_refused
from shopsim.ui.corrections.regrouped import Corrected, corrected
from shopsim.ui.guard import callback
from shopsim.ui.page import Opened
from shopsim.ui.parts.gallery import Shown, gallery, picture_addresses
from shopsim.ui.parts.texts import as_written, counted

_LARGE, _OTHERS = 768, 8
_EXPLAINED = (
    "These are the pairs whose answer is likely to change the groups of many photos. An answer is a correction: "
    "the Groups page uses it, lists it and can take it back."
)


def show_questions(opened: Opened, measured: Grouping) -> None:
    """Draws the open question and the buttons for its answer; after a block of questions the photos are regrouped."""
    if not measured.fitted.control.is_a_threshold:
        st.info("Questions need a clustering that joins photos at a similarity, such as average linkage.")
        return
    asked = open_block(measured)
    if asked is None:
        shown = corrected(opened, measured)
        if shown.why_not:
            st.warning(as_written(shown.why_not), icon=":material/build:")
            return
        asked = next_block(shown)
        _remember(measured, shown)
    _progress(asked, measured)
    show_refused(measured.fitted.catalog)
    question = asked.current
    if question is None:
        st.success("No pair is in doubt at this threshold. Move the threshold to get other questions.")
        _undo(measured, asked)
        return
    _ask(measured, question, asked)
    st.caption(_EXPLAINED)


def _remember(measured: Grouping, shown: Corrected) -> None:
    """Keeps the score before the first question of this visit, to say what the answers gained."""
    first = st.session_state.get("questions-first")
    scores = shown.grouping.evaluation
    if scores is not None and (first is None or first[0] != measured.cut):
        st.session_state["questions-first"] = (measured.cut, scores.ari, shown.n_binding)


def _progress(asked: Asked, measured: Grouping) -> None:
    place, size = min(len(asked.given) + 1, len(asked.questions)), len(asked.questions)
    if size:
        st.progress(len(asked.given) / size, text=f"Question {place} of {size}, then the photos are grouped again.")
    first = st.session_state.get("questions-first")
    if asked.ari is None or first is None or measured.evaluation is None:
        return
    _, ari, n_before = first
    n_given = asked.n_before - n_before
    gained = f" That is {(asked.ari - ari) / n_given:+.4f} per answer." if n_given > 0 else ""
    told = "ARI {plain:.4f} without corrections. ARI {ari:.4f} with them, including {answers} of this visit."
    told = told.format(plain=measured.evaluation.ari, ari=asked.ari, answers=counted(n_given, "answer"))
    st.caption(f"{told}{gained} The second number is no measure of the method.")


def _ask(measured: Grouping, question: Question, asked: Asked) -> None:
    st.subheader("Do these two photos show the same model?")
    sizes = len(question.one), len(question.other)
    told = (
        "Two groups of {one:,} and {other:,} photos, on average {similarity:.1%} similar. **Yes** joins them, so "
        "{n:,} photos change their group. **No** keeps them apart."
        if question.kind == JOIN
        else "Both are in one group. Its two parts have {one:,} and {other:,} photos and are on average "
        "{similarity:.1%} similar. **No** parts them, so {n:,} photos change their group. **Yes** keeps the group."
    )
    st.markdown(told.format(one=sizes[0], other=sizes[1], similarity=question.similarity, n=question.n_changed))
    _buttons(measured, asked)
    images = measured.fitted.catalog.images
    places = st.container(key="question-pair").columns(2, gap="medium")
    for column, rows in zip(places, (question.one, question.other), strict=True):
        with column:
            _large(images[rows[0]])
            if len(rows) > 1:
                spread = rows[np.unique(np.linspace(1, len(rows) - 1, _OTHERS).round().astype(int))]
                st.caption(f"Some of the {counted(len(rows) - 1, 'other photo')} of this side")
                gallery([Shown(images[row]) for row in spread], columns=_OTHERS)


def _large(image: CatalogImage) -> None:
    """Draws one photo as large as there is room for."""
    (address,) = picture_addresses([image], _LARGE)
    title = html.escape(image.image_id, quote=True)
    picture = (
        f'<img src="{address}" alt="{title}" title="{title}">' if address else '<div class="none">not at hand</div>'
    )
    st.html(
        f'<div class="photos" style="grid-template-columns:1fr"><figure>{picture}<figcaption>{title}</figcaption>'
        "</figure></div>"
    )


def _buttons(measured: Grouping, asked: Asked) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="question-answers"):
        for label, key, icon, is_same in (
            ("Yes", "Y", ":material/check:", True),
            ("No", "N", ":material/close:", False),
            ("Skip", "S", ":material/skip_next:", None),
        ):
            st.button(
                label,
                key=f"question-{label}",
                icon=icon,
                shortcut=key,
                on_click=callback(give),
                args=(measured, is_same),
                **off(),
            )
        _undo(measured, asked)
        st.button(
            "Group again now",
            key="question-again",
            icon=":material/refresh:",
            on_click=callback(end_block),
            disabled=not asked.n_answered,
        )


def _undo(measured: Grouping, asked: Asked) -> None:
    st.button(
        "Undo",
        key="question-undo",
        icon=":material/undo:",
        shortcut="U",
        on_click=callback(take_last_back),
        args=(measured,),
        **off(not asked.can_go_back),
    )
