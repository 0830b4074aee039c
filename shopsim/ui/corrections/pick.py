"""Photos of the open group with boxes to tick, and what can be done with the ticked ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from shopsim.grouping.corrections.action import DIFFERENT, MOVE, SAME, SPLIT
from shopsim.ui.corrections.acts import correct, off
from shopsim.ui.corrections.choose_group import choose_group
from shopsim.ui.corrections.regrouped import Corrected
from shopsim.ui.guard import callback
from shopsim.ui.parts.gallery import Shown, gallery, picture_addresses
from shopsim.ui.parts.group_cards import by_similarity
from shopsim.ui.parts.texts import counted

_COLUMNS = 8
MOST_TICKED = 48
"""Photos with boxes on one page."""


def pick_photos(corrected: Corrected, group: int, shown: Sequence[Shown]) -> None:
    """Draws photos of a group, each with a box to tick, and the buttons for those that are ticked.

    shown: photos of the page, of this group.
    """
    position = corrected.grouping.fitted.catalog.position
    place = st.container()
    ticked = [position[photo.image.image_id] for photo in _grid(shown)]
    with place.container(horizontal=True, vertical_alignment="center", key="picked"):
        _buttons(corrected, group, ticked)


def _grid(shown: Sequence[Shown]) -> list[Shown]:
    """Returns the photos that are ticked."""
    # All at once, so that missing thumbnails are made side by side.
    picture_addresses([photo.image for photo in shown])
    ticked = []
    for start in range(0, len(shown), _COLUMNS):
        for column, photo in zip(st.columns(_COLUMNS), shown[start : start + _COLUMNS], strict=False):
            with column:
                gallery([photo], columns=1)
                image_id = photo.image.image_id
                if st.checkbox(image_id.rpartition("/")[2], key=f"pick-{image_id}"):
                    ticked.append(photo)
    return ticked


def _buttons(corrected: Corrected, group: int, ticked: list[int]) -> None:
    grouping = corrected.grouping
    rest = [row for row in by_similarity(grouping, group).tolist() if row not in ticked]
    st.markdown(f"**{counted(len(ticked), 'photo')} ticked**", width="content")
    alone = [[row] for row in ticked]
    for label, kind, parts, is_off in (
        ("Split off", SPLIT, [ticked, rest], not ticked or not rest),
        ("Same model", SAME, alone, len(ticked) < 2),
        ("Different models", DIFFERENT, alone, len(ticked) < 2),
    ):
        st.button(label, key=f"picked-{kind}", on_click=callback(correct), args=(grouping, kind, parts), **off(is_off))
    if ticked:
        with st.popover("Move", icon=":material/drive_file_move:"):
            _move(corrected, ticked, rest)


def _move(corrected: Corrected, ticked: list[int], rest: list[int]) -> None:
    target = choose_group(corrected, np.array(ticked), "To which group", "move-to")
    if target is None:
        return
    parts = [ticked, by_similarity(corrected.grouping, target).tolist(), *([rest] if rest else [])]
    st.button(
        "Move them",
        key="picked-move",
        on_click=callback(correct),
        args=(corrected.grouping, MOVE, parts),
        **off(),
    )
    st.caption("The photos and that group then stay together at every threshold.")
