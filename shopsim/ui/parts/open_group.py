"""Keeps the open group in the address, and follows it when the threshold moves."""

from __future__ import annotations

import streamlit as st

from shopsim.grouping.grouping import Grouping
from shopsim.ui.address import current_choice, detail, keep_detail
from shopsim.ui.choice import to_address


def open_group(grouping: Grouping) -> int | None:
    """Returns the number of the group in the address, if there is such a group.

    At another threshold, the same group may have another number. Then the open group is the one with the photo that
    was most central before.
    """
    text = detail("group")
    anchor = st.session_state.get("group-anchor")
    group = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
    cut = grouping.cut
    if anchor is not None and anchor["group"] == group and anchor["cut"] != cut:
        row = grouping.fitted.catalog.position.get(anchor["image_id"])
        group = -1 if row is None else int(grouping.labels_pred[row])
    if not 0 <= group <= int(grouping.labels_pred.max()):
        st.session_state.pop("group-anchor", None)
        if text:
            keep_detail("group", "")
        return None
    row = int(grouping.representatives.index[(grouping.labels_pred == group).argmax()])
    image_id = grouping.fitted.catalog.image_ids[row]
    st.session_state["group-anchor"] = {"group": group, "cut": cut, "image_id": image_id}
    keep_detail("group", str(group))
    return group


def go_to_group(group: int | None) -> None:
    """Opens a group, or with None the list; call it from a callback."""
    keep_detail("group", "" if group is None else str(group))
    keep_detail("page", "")


def link_to_group(group: int, label: str) -> None:
    """Draws a link to the Groups page with that group open, at the same threshold; label: without names of models."""
    address = to_address(current_choice().by_hand()) | {"group": str(group)}
    st.page_link("pages/Groups.py", label=label, icon=":material/grid_view:", query_params=address)
