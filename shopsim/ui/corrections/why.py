"""The card that says why the photos of a group are together."""

from __future__ import annotations

from collections import Counter

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from shopsim.grouping.why_together import WhyTogether, why_together
from shopsim.ui.corrections.regrouped import Corrected
from shopsim.ui.parts.gallery import Shown, gallery
from shopsim.ui.parts.group_cards import by_similarity
from shopsim.ui.parts.plain_similarity import say_plain_similarity
from shopsim.ui.parts.texts import as_written, counted

_SIDE, _NAMED, _MATRIX_PX, _LEGEND_PX = 6, 8, 280, 108


def show_why(corrected: Corrected, group: int) -> None:
    """Draws what parts the group, its weakest link, its last merges, its similarity matrix, and its products."""
    found = why_together(corrected.grouping, group)
    if found is None:
        st.info("The group has too many photos to be explained.")
        return
    say_plain_similarity(corrected.grouping.fitted)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(_what_parts_it(found))
        _weakest(corrected, found)
        _products(corrected, group)
    with right:
        _matrix(corrected, found)
    _history(corrected, found)


def _what_parts_it(found: WhyTogether) -> str:
    if found.parts_above is None:
        return "**No threshold parts it**: corrections keep all its photos together."
    one, other, _ = found.merges[0]
    told = (
        "**A threshold above {at:.1%} parts it** into {one:,} and {other:,} photos: the average similarity of both "
        "parts."
    )
    if not found.is_own:
        told = "Grouped by themselves, its photos fall into {one:,} and {other:,} above a similarity of {at:.1%}."
    return told.format(at=found.parts_above, one=max(len(one), len(other)), other=min(len(one), len(other)))


def _weakest(corrected: Corrected, found: WhyTogether) -> None:
    one, other, similarity = found.weakest
    images = corrected.grouping.fitted.catalog.images
    st.markdown(
        f"**Weakest link: {similarity:.1%}**, the similarity of these two photos. They connect two parts of the group, "
        "whose other photos are less similar to each other."
    )
    gallery([Shown(images[row], images[row].path.name) for row in (one, other)], columns=2)


def _products(corrected: Corrected, group: int) -> None:
    """Lists the products and categories of the photos, where the catalogue has them."""
    images = corrected.grouping.fitted.catalog.images
    rows = by_similarity(corrected.grouping, group)
    for title, values in (
        ("Products", [images[row].product for row in rows]),
        ("Categories", [images[row].category for row in rows]),
    ):
        counts = Counter(value for value in values if value is not None)
        if counts:
            named = " · ".join(f"{n:,} × {as_written(value)}" for value, n in counts.most_common(_NAMED))
            more = " · …" if len(counts) > _NAMED else ""
            st.caption(f"{title}: {len(counts):,}. {named}{more}")


def _matrix(corrected: Corrected, found: WhyTogether) -> None:
    images = corrected.grouping.fitted.catalog.images
    n = len(found.matrix_rows)
    names = [images[row].path.name for row in found.matrix_rows]
    y, x = np.divmod(np.arange(n * n), n)
    frame = pd.DataFrame({"x": x, "y": y, "similarity": found.matrix.ravel() * 100})
    frame["one"], frame["other"] = [names[place] for place in y], [names[place] for place in x]
    # Below the squares, so that they stay squares.
    legend = alt.Legend(title="similarity, %", orient="bottom", gradientLength=_MATRIX_PX // 2)
    chart = (
        alt.Chart(frame)
        .mark_rect()
        .encode(
            x=alt.X("x:O", axis=None),
            y=alt.Y("y:O", axis=None),
            color=alt.Color("similarity:Q", scale=alt.Scale(scheme="viridis"), legend=legend),
            tooltip=["one", "other", alt.Tooltip("similarity:Q", format=".1f")],
        )
        .properties(width=_MATRIX_PX, height=_MATRIX_PX + _LEGEND_PX)
    )
    st.markdown(f"**Similarity of {counted(n, 'photo')} to each other**, in the order of their merges")
    st.altair_chart(chart, width="content", key="why-matrix")


def _history(corrected: Corrected, found: WhyTogether) -> None:
    images = corrected.grouping.fitted.catalog.images
    st.markdown("**How it was made**, the last merge first")
    for number, (one, other, similarity) in enumerate(found.merges):
        with st.container(key=f"why-merge-{number}"):
            st.caption(f"At {similarity:.1%}: {len(one):,} and {len(other):,} photos")
            for column, rows in zip(st.columns(2, gap="medium"), (one, other), strict=True):
                with column:
                    gallery([Shown(images[row]) for row in rows[:_SIDE]], columns=_SIDE)
