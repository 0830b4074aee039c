"""Asks for another group, the most similar ones first, and shows its photos."""

from __future__ import annotations

import numpy as np
import streamlit as st

from shopsim.grouping.near_groups import near_groups
from shopsim.ui.corrections.regrouped import Corrected
from shopsim.ui.parts.gallery import Shown, gallery
from shopsim.ui.parts.group_cards import by_similarity
from shopsim.ui.parts.plain_similarity import say_plain_similarity
from shopsim.ui.parts.texts import counted

_MOST, _PHOTOS = 50, 6


def choose_group(corrected: Corrected, rows: np.ndarray, label: str, key: str) -> int | None:
    """Returns the chosen group; None if there is no other one. rows: the photos that it should be similar to."""
    grouping = corrected.grouping
    groups, similarity = near_groups(grouping.labels_pred, grouping.fitted.vectors, rows, _MOST)
    if not len(groups):
        st.caption("There is no other group.")
        return None
    likeness = dict(zip(groups.tolist(), similarity.tolist(), strict=True))
    sizes = np.bincount(grouping.labels_pred)

    def told(group: int) -> str:
        return f"{corrected.title(group)} · {counted(int(sizes[group]), 'photo')} · {likeness[group]:.1%} similar"

    # Another cut has other groups.
    chosen = st.selectbox(label, list(likeness), format_func=told, key=f"{key}-{grouping.fitted.key}-{grouping.value}")
    if chosen is None:
        return None
    say_plain_similarity(grouping.fitted)
    images = grouping.fitted.catalog.images
    gallery([Shown(images[row]) for row in by_similarity(grouping, chosen)[:_PHOTOS]], columns=_PHOTOS)
    return chosen
