"""Keeps the open group in the address, and follows it when the threshold moves."""

from __future__ import annotations

import streamlit as st

from shopsim.grouping.grouping import Grouping
from shopsim.ui.address import current_choice, detail, keep_detail, keep_details
from shopsim.ui.choice import to_address


def open_group(grouping: Grouping) -> int | None:
    """Returns the number of the group in the address, if there is such a group.

    At another threshold, the same group may have another number. Then the open group is the one with the photo that
    was most central before. A link names a photo of the group, since corrections number the groups differently.
    """
    linked = grouping.fitted.catalog.position.get(detail("photo"))
    if linked is not None:
        keep_details({"group": str(grouping.labels_pred[linked]), "photo": ""})
        st.session_state.pop("group-anchor", None)
    text = detail("group")
    anchor = st.session_state.get("group-anchor")
    group = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
    cut = grouping.cut
    if anchor is not None and anchor["group"] == group and anchor["cut"] != cut:
        row = grouping.fitted.catalog.position.get(anchor["image_id"])
        group = -1 if row is None else int(grouping.labels_pred[row])
    if not 0 <= group <= int(grouping.labels_pred.max()):
        st.session_state.pop("group-anchor", None)
        keep_details({"group": "", "photo": ""})
        return None
    row = int(grouping.representatives.index[(grouping.labels_pred == group).argmax()])
    image_id = grouping.fitted.catalog.image_ids[row]
    st.session_state["group-anchor"] = {"group": group, "cut": cut, "image_id": image_id}
    keep_details({"group": str(group), "photo": ""})
    return group


def go_to_group(group: int | None) -> None:
    """Opens a group, or with None the list; call it from a callback."""
    keep_detail("group", "" if group is None else str(group))
    keep_detail("page", "")


def link_to_group(grouping: Grouping, group: int) -> None:
    """Draws a link to the Groups page with that group open, at the same threshold.

    The link names the most central photo of the group: with corrections, Groups numbers the groups differently.
    """
    image_ids, central = grouping.fitted.catalog.image_ids, grouping.representatives.index
    photo = image_ids[int(central[(grouping.labels_pred == group).argmax()])]
    address = to_address(current_choice().by_hand()) | {"group": str(group), "photo": photo}
    st.page_link("pages/Groups.py", label=f"Open group {group}", icon=":material/grid_view:", query_params=address)
