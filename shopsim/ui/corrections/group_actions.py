"""What can be done with the open group: approve it, name it, merge it, divide it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from shopsim.grouping.corrections.action import APPROVE, DIFFERENT, DIVIDE, LONGEST_TEXT, NAME, SAME
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.inside_group import MOST_INSIDE, parts_at, tree_inside
from shopsim.ui.corrections.acts import correct, off, undo_last
from shopsim.ui.corrections.choose_group import choose_group
from shopsim.ui.corrections.refused import show_done, show_refused
from shopsim.ui.corrections.regrouped import Corrected
from shopsim.ui.corrections.why import show_why
from shopsim.ui.guard import callback
from shopsim.ui.parts.gallery import Shown, gallery
from shopsim.ui.parts.group_cards import by_similarity
from shopsim.ui.parts.texts import counted

PICK, WHY = "pick", "why"
_MOST_PARTS, _PARTS_SHOWN, _PHOTOS = 100, 6, 12


def show_group_actions(corrected: Corrected, group: int) -> bool:
    """Draws the buttons that correct the open group; returns whether its photos are to have boxes to tick."""
    is_single = (corrected.grouping.labels_pred == group).sum() == 1
    tools = {
        NAME: ":material/label: Name",
        SAME: ":material/merge: Same or different model",
        DIVIDE: ":material/call_split: Divide",
        PICK: ":material/check_box: Tick photos",
        WHY: ":material/help: Why together",
    }
    if is_single:
        del tools[DIVIDE], tools[WHY]
    # Streamlit forgets which one is open while photos are grouped, when it is not drawn.
    kept = st.session_state.get("group-tool-kept")
    st.session_state["group-tool"] = kept if kept in tools else None
    with st.container(horizontal=True, vertical_alignment="center", key="group-actions"):
        _approve(corrected, group)
        tool = st.segmented_control(
            "Correct this group",
            list(tools),
            key="group-tool",
            format_func=tools.get,
            label_visibility="collapsed",
            on_change=callback(_keep_tool),
        )
    # Here and not on top of the page, where nobody looks after a click.
    show_done(corrected.grouping.fitted.catalog)
    show_refused(corrected.grouping.fitted.catalog)
    if tool in _DRAWN:
        with st.container(border=True, key="group-tool-box"):
            _DRAWN[tool](corrected, group)
    return tool == PICK


def _correct_and_close(grouping: Grouping, kind: str, parts: list[list[int]], text: str = "") -> None:
    """Keeps a correction and closes the tool, whose choice was for the groups as they were; call it from a callback."""
    correct(grouping, kind, parts, text)
    st.session_state["group-tool-kept"] = None


def _keep_tool() -> None:
    st.session_state["group-tool-kept"] = st.session_state["group-tool"]


def _approve(corrected: Corrected, group: int) -> None:
    grouping, approval = corrected.grouping, corrected.approvals.get(group)
    if approval is None:
        st.button(
            "Approve",
            key=f"approve-{group}",
            icon=":material/verified:",
            on_click=callback(correct),
            args=(grouping, APPROVE, [_rows(corrected, group)]),
            **off(),
        )
        return
    st.button(
        "Take approval back",
        key=f"approve-back-{group}",
        icon=":material/verified:",
        on_click=callback(undo_last),
        args=(grouping, approval.action.number),
        **off(),
    )
    if approval.has_changed:
        st.caption(
            f"Approved, but changed since: photos that joined: {approval.n_joined:,}, that left: {approval.n_left:,}."
        )


def _name(corrected: Corrected, group: int) -> None:
    key = f"name-{group}"
    current = corrected.names[group].action.text if group in corrected.names else ""
    st.text_input("Name of this group", value=current, key=key, max_chars=LONGEST_TEXT)
    st.button(
        "Save the name",
        key=f"save-{key}",
        on_click=callback(
            lambda: _correct_and_close(corrected.grouping, NAME, [_rows(corrected, group)], str(st.session_state[key]))
        ),
        **off(not str(st.session_state[key]).strip()),
    )


def _merge(corrected: Corrected, group: int) -> None:
    rows = _rows(corrected, group)
    other = choose_group(corrected, np.array(rows), "The other group", f"merge-{group}")
    if other is None:
        return
    parts = [rows, _rows(corrected, other)]
    for label, kind, told in (
        ("Same model: merge them", SAME, "All photos of both groups then stay together at every threshold."),
        ("Different models", DIFFERENT, "The most central photos of both groups then never get into one group."),
    ):
        st.button(
            label,
            key=f"{kind}-{group}",
            on_click=callback(_correct_and_close),
            args=(corrected.grouping, kind, parts),
            **off(),
        )
        st.caption(told)


def _divide(corrected: Corrected, group: int) -> None:
    """Offers to divide the group as a higher threshold would."""
    grouping = corrected.grouping
    rows = np.flatnonzero(grouping.labels_pred == group)
    if len(rows) > MOST_INSIDE:
        st.caption(f"A group of more than {MOST_INSIDE:,} photos cannot be divided here. Raise the threshold first.")
        return
    tree = tree_inside(grouping.fitted.vectors, rows)
    low, high = float(tree.merge_similarities.min()), float(tree.merge_similarities.max())
    # Just above its last merge, the group has fallen into two.
    first = float(np.ceil(low * 1000) / 10)
    at = st.slider(
        "Similarity inside the group",
        min(first, 99.9),
        100.0,
        min(max(first, 0.0) if low < high else first, 99.9),
        step=0.1,
        format="%.1f %%",
        key=f"divide-{group}",
    )
    parts = parts_at(tree, rows, at / 100)
    st.caption(f"At {at:.1f} % it falls into {counted(len(parts), 'part')}.")
    images = grouping.fitted.catalog.images
    for part in parts[:_PARTS_SHOWN]:
        st.caption(counted(len(part), "photo"))
        gallery([Shown(images[row]) for row in part[:_PHOTOS]], columns=_PHOTOS)
    if len(parts) > _MOST_PARTS:
        st.caption(f"Choose a lower similarity: at most {_MOST_PARTS} parts can be kept apart at once.")
    st.button(
        "Divide it so",
        key=f"divide-do-{group}",
        on_click=callback(_correct_and_close),
        args=(grouping, DIVIDE, [_central_first(corrected, part) for part in parts]),
        **off(not 1 < len(parts) <= _MOST_PARTS),
    )


def _rows(corrected: Corrected, group: int) -> list[int]:
    return by_similarity(corrected.grouping, group).tolist()


def _central_first(corrected: Corrected, rows: np.ndarray) -> list[int]:
    """Returns the rows, the one most similar to all of them first."""
    vectors = corrected.grouping.fitted.vectors[rows]
    return rows[np.argsort(-(vectors @ vectors.mean(axis=0)), kind="stable")].tolist()


_DRAWN = {NAME: _name, SAME: _merge, DIVIDE: _divide, WHY: show_why}
