"""The Groups page: a list of cards, or one group opened."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from shopsim.base.disk.store import digest_of
from shopsim.base.work.progress import Progress
from shopsim.base.work.workers import apart
from shopsim.grouping.chains import Extents, extents
from shopsim.grouping.grouping import Grouping
from shopsim.ui.address import detail, keep_detail
from shopsim.ui.columns.filters import filtered_photos, groups_with
from shopsim.ui.corrections.regrouped import Corrected
from shopsim.ui.groups.listing import (
    GROUPS_A_PAGE,
    ORDERS,
    SHOWN,
    Arrangement,
    arranged,
    orders,
    shown_options,
    table_of,
)
from shopsim.ui.groups.one_group import show_group
from shopsim.ui.guard import callback
from shopsim.ui.parts.downloads import offer_csv
from shopsim.ui.parts.group_cards import show_cards
from shopsim.ui.parts.open_group import open_group
from shopsim.ui.parts.pager import draw_pager, paged
from shopsim.ui.parts.texts import counted
from shopsim.ui.waiting import result_of

_CHAINED_HELP = (
    "The similarity of its two least similar photos is nearer to the average of the catalogue than to the threshold. "
    "Photos in between link them. Strict, under Advanced beside the threshold, splits the group."
)


def show_groups(corrected: Corrected) -> None:
    """Shows the group that the address names, else the list that the address describes."""
    grouping = corrected.grouping
    # A group of many thousand photos takes some seconds.
    key = digest_of("extents", *grouping.cut)

    def work(report: Progress) -> Extents:
        return apart(extents, grouping.labels_pred, grouping.fitted.vectors, progress=report)

    table = table_of(corrected, result_of(key, "Measuring the groups", work))
    arrangement = Arrangement.parse(detail("sort"), detail("find"), _labelled(grouping))
    group = open_group(grouping)
    if group is None:
        rows = filtered_photos(grouping.fitted.catalog)
        _show_list(corrected, groups_with(table, grouping, rows), arrangement, rows is not None)
    else:
        row = table[table["group"] == group].to_dict("records")[0]
        show_group(corrected, arranged(grouping, table, arrangement), row)
    offer_csv(grouping, "Download all groups as CSV")


def _show_list(corrected: Corrected, table: pd.DataFrame, arrangement: Arrangement, is_filtered: bool) -> None:
    grouping = corrected.grouping
    _choose(arrangement, _labelled(grouping))
    listed = arranged(grouping, table, arrangement)
    if listed.empty:
        st.info(f"None of the {counted(len(table), 'group')} matches. Search for something else, or list all groups.")
        st.button("List all groups", on_click=callback(_list_all))
        return
    number = (f"{len(listed):,} of " if len(listed) < len(table) else "") + counted(len(table), "group")
    left, right = st.columns([1, 1], vertical_alignment="center")
    with right.container(horizontal=True, horizontal_alignment="right"):
        rows, page, n_pages = paged(listed, GROUPS_A_PAGE, "above")
    n_chained = int(listed["chained"].sum())
    chained = f" · ⚠ {counted(n_chained, 'chained group')}" if n_chained else ""
    photos = counted(int(listed["size"].sum()), "photo")
    which = " with at least one of the filtered photos" if is_filtered else ""
    photos = f"{photos} in all" if is_filtered else photos
    left.caption(f"{number}{which}, {photos}{chained}", help=_CHAINED_HELP if chained else None)
    show_cards(grouping, rows, corrected.title, corrected.approvals)
    if n_pages > 1:
        with st.container(horizontal=True, horizontal_alignment="right"):
            draw_pager(page, n_pages, "below")


def _choose(arrangement: Arrangement, labelled: bool) -> None:
    """Draws the fields above the list; their values go to the address, and from there to the list."""
    state = {"find": arrangement.find, "order": arrangement.order, "shown": arrangement.shown}
    for name, value in (state | {"least": arrangement.least}).items():
        st.session_state[f"groups-{name}"] = value
    find, order, shown, least = st.columns([4, 3, 3, 2], vertical_alignment="bottom")
    find.text_input(
        "Search",
        placeholder="Model, group number or file name",
        icon=":material/search:",
        key="groups-find",
        max_chars=200,
        on_change=callback(_arrange),
    )
    order.selectbox(
        "Order",
        orders(labelled),
        key="groups-order",
        format_func=lambda name: ORDERS[name][0],
        on_change=callback(_arrange),
    )
    shown.selectbox(
        "Show", shown_options(labelled), key="groups-shown", format_func=SHOWN.get, on_change=callback(_arrange)
    )
    least.number_input(
        "Photos at least", min_value=1, max_value=1_000_000, key="groups-least", on_change=callback(_arrange)
    )


def _arrange() -> None:
    state = st.session_state
    chosen = Arrangement(state["groups-order"], state["groups-shown"], state["groups-least"], state["groups-find"])
    keep_detail("sort", chosen.text)
    keep_detail("find", chosen.find)
    keep_detail("page", "")


def _list_all() -> None:
    for name in ("sort", "find", "page"):
        keep_detail(name, "")


def _labelled(grouping: Grouping) -> bool:
    return grouping.evaluation is not None
