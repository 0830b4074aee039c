"""Shows at a glance how good the groups are: some as photos, right ones and a wrong one with its reason."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from shopsim.grouping.examples import N_RIGHT, Example, examples
from shopsim.grouping.grouping import Grouping
from shopsim.ui.parts.gallery import Shown, gallery
from shopsim.ui.parts.open_group import link_to_group
from shopsim.ui.parts.texts import as_written, counted

_CARDS, _PHOTOS, _COLUMNS = N_RIGHT + 1, 6, 3


def show_glance(grouping: Grouping) -> None:
    """Draws one card per example."""
    found = examples(grouping)
    if not found:
        return
    for number, (column, example) in enumerate(zip(st.columns(_CARDS), found, strict=False)):
        with column.container(border=True, gap="xsmall", height="stretch", key=f"glance-{number}"):
            heading, reason = _told(grouping, example)
            good = example.verdict in ("right", "tight")
            mark = f'<span class="{"good" if good else "mark"}">{heading}</span>'
            st.html(f'<div class="facts"><div class="name whole">{mark}</div>{reason}</div>')
            for caption, photos in _photos(grouping, example):
                if caption:
                    st.caption(caption)
                gallery(photos, columns=_COLUMNS)
            link_to_group(grouping, example.group)


def _told(grouping: Grouping, example: Example) -> tuple[str, str]:
    """Returns the verdict in a word, and its reason, both in HTML."""
    catalog = grouping.fitted.catalog
    names = [html.escape(catalog.model_name(catalog.models[model])) for model in example.models]
    similar = f"{example.similarity:.0%}"
    if example.verdict == "right":
        photos = counted(example.counts[0], "photo")
        return (
            "✓ Right",
            f"{photos} of {names[0]}, all there are" if example.is_whole else f"{photos} of {names[0]} only",
        )
    if example.verdict == "mixed":
        n_models = len(example.parts) + example.others
        two = f"{example.counts[0]:,} × {names[0]}, {example.counts[1]:,} × {names[1]}"
        return f"✗ Wrong: {n_models:,} models in a group", two if n_models == 2 else f"{two}, and others"
    if example.verdict == "divided":
        n_groups = len(example.parts) + example.others
        return f"✗ Wrong: one model in {n_groups:,} groups", f"{names[0]}: the two largest parts are shown"
    photos = counted(example.counts[0], "photo")
    if example.verdict == "tight":
        return "Alike", f"{photos}, on average {similar} similar to the most central one"
    return "? Doubtful: look here first", f"{photos}, on average only {similar} similar to the most central one"


def _photos(grouping: Grouping, example: Example) -> list[tuple[str, list[Shown]]]:
    """Returns photos from all over the group, or of a wrong one a row per model or group with its caption."""
    catalog = grouping.fitted.catalog
    if len(example.parts) == 1:
        return [("", [Shown(catalog.images[row]) for row in _spread(example.parts[0], _PHOTOS)])]
    rows = []
    for place, (part, count) in enumerate(zip(example.parts, example.counts, strict=True)):
        is_mixed = example.verdict == "mixed"
        of = catalog.model_name(catalog.models[example.models[place]]) if is_mixed else ""
        caption = as_written(of) if is_mixed else f"Group {grouping.labels_pred[part[0]]}"
        kind = "wrong" if is_mixed and place else ""
        shown = [Shown(catalog.images[row], kind=kind) for row in part[:_COLUMNS]]
        rows.append((f"{caption}: {counted(count, 'photo')}", shown))
    return rows


def _spread(rows: Sequence[int], most: int) -> list[int]:
    """Returns up to `most` of the rows, from the first to the last, evenly."""
    if len(rows) <= most:
        return list(rows)
    return [rows[round(place * (len(rows) - 1) / (most - 1))] for place in range(most)]
