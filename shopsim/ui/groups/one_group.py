"""One group with all its photos."""

from __future__ import annotations

import html
from collections import Counter

import numpy as np
import pandas as pd
import streamlit as st

from shopsim.grouping.grouping import Grouping
from shopsim.ui.corrections.group_actions import show_group_actions
from shopsim.ui.corrections.pick import MOST_TICKED, pick_photos
from shopsim.ui.corrections.regrouped import Corrected
from shopsim.ui.groups.listing import GROUPS_A_PAGE
from shopsim.ui.guard import callback
from shopsim.ui.parts.downloads import offer_csv
from shopsim.ui.parts.gallery import Shown, gallery
from shopsim.ui.parts.group_cards import by_similarity, wrong_photos
from shopsim.ui.parts.open_group import go_to_group
from shopsim.ui.parts.pager import go_to_page, paged
from shopsim.ui.parts.texts import as_written, counted

_PAGE = 200
_MODELS_NAMED = 12
_AVERAGE_HELP = "How similar its photos are to the most central photo, on average. Below each photo stands its own."


def show_group(corrected: Corrected, listed: pd.DataFrame, row: dict) -> None:
    """Shows all photos of a group, the weakest last. row: its row of the group table; listed: all listed groups."""
    grouping, group = corrected.grouping, row["group"]
    _navigation(listed, group)
    _heading(corrected, row)
    ticks = show_group_actions(corrected, group)
    rows = by_similarity(grouping, group)
    wrong = wrong_photos(grouping, rows, row["model"])
    _models(grouping, rows)
    places, _, n_pages = paged(np.arange(len(rows)), MOST_TICKED if ticks else _PAGE, "photos")
    if n_pages > 1:
        st.caption(f"Photos {places[0] + 1:,} to {places[-1] + 1:,} of {len(rows):,}, the most central first.")
    shown = [_shown(grouping, rows[place], bool(wrong[place])) for place in places]
    if ticks:
        pick_photos(corrected, group, shown)
    else:
        gallery(shown, width=130)
    label, name = f"Download group {group} as CSV", f"group-{group}"
    offer_csv(grouping, label, name, frozenset(rows.tolist()), width="content")


def _navigation(listed: pd.DataFrame, group: int) -> None:
    """Draws the buttons to the list and to the groups before and after this one."""
    order = listed["group"].tolist()
    place = order.index(group) if group in order else -1
    before = order[place - 1] if place > 0 else None
    after = order[place + 1] if 0 <= place < len(order) - 1 else None
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "All groups", icon=":material/arrow_back:", on_click=callback(_back), args=(max(place, 0),), key="back"
        )
        for label, icon, target in (
            ("Previous group", ":material/chevron_left:", before),
            ("Next group", ":material/chevron_right:", after),
        ):
            st.button(
                label, icon=icon, disabled=target is None, on_click=callback(go_to_group), args=(target,), key=label
            )
        if place >= 0:
            st.caption(f"{place + 1:,} of {len(order):,} in the list")


def _heading(corrected: Corrected, row: dict) -> None:
    catalog = corrected.grouping.fitted.catalog
    st.subheader(as_written(corrected.title(row["group"])))
    if row["model"] is not None:
        name, model = catalog.model_name(row["model"]), row["model"]
        shown = html.escape(name) + (f" <small>({html.escape(model)})</small>" if name != model else "")
        st.html(f'<div class="facts"><div class="name whole">Mostly {shown}</div></div>')
    values = {"Photos": f"{row['size']:,}"}
    if row["model"] is not None:
        values |= {"Purity": f"{row['purity']:.1%}", "Wrong pairs": f"{row['wrong_pairs']:,}"}
    if row["size"] > 1:
        values["Similar on average"] = f"{_mean_similarity(corrected.grouping, row['group']):.0%}"
    for column, (label, value) in zip(st.columns(4), values.items(), strict=False):
        column.metric(label, value, border=True, help=_AVERAGE_HELP if label == "Similar on average" else None)
    if row["size"] > 1:
        _extent(row)


def _extent(row: dict) -> None:
    """Says how far apart its photos are, and whether only a chain connects them."""
    link, apart = f"{row['weakest_link']:.1%}", f"{row['diameter']:.1%}"
    if row["chained"]:
        st.warning(
            f"Chained: its least similar photos are only {apart} similar. Photos in between link them; the weakest "
            f"link is {link}. Strict, under Advanced beside the threshold, splits the group.",
            icon=":material/link:",
        )
    else:
        with st.expander("Advanced", icon=":material/tune:", key="advanced-group"):
            st.caption(
                f"The photo least like the most central one is {row['weakest_similarity']:.1%} similar to it. "
                f"In one piece up to a similarity of {link}; its least similar photos are {apart} similar."
            )


def _mean_similarity(grouping: Grouping, group: int) -> float:
    """Returns how similar the photos of a group are to its most central one, which is left out."""
    inside = grouping.representatives.similarity[grouping.labels_pred == group]
    return float((inside.sum() - 1) / (len(inside) - 1))


def _models(grouping: Grouping, rows: np.ndarray) -> None:
    """Lists the models in the group with their photos, if there are several."""
    catalog = grouping.fitted.catalog
    counts = Counter(catalog.images[row].model for row in rows)
    if not catalog.models or len(counts) == 1:
        return
    parts = [
        f"{count:,} × {html.escape(catalog.model_name(model) if model is not None else 'no known model')}"
        for model, count in counts.most_common(_MODELS_NAMED)
    ]
    more = len(counts) - len(parts)
    tail = f" · and {counted(more, 'more model')}" if more else ""
    st.html(f'<div class="facts">{" · ".join(parts)}{tail}</div>')


def _shown(grouping: Grouping, row: int, wrong: bool) -> Shown:
    catalog, central = grouping.fitted.catalog, grouping.representatives
    image = catalog.images[row]
    own = central.index[row] == row
    likeness = "representative" if own else f"{central.similarity[row]:.1%}"
    name = catalog.model_name(image.model) if image.model is not None else "no known model"
    if wrong:
        return Shown(image, likeness, "wrong", f"✗ {name}")
    caption = f"{likeness} · {name}" if catalog.models else f"{likeness} · {image.path.name}"
    return Shown(image, caption, "center" if own else "")


def _back(place: int) -> None:
    """Goes to the page of the list that has the group's card."""
    go_to_group(None)
    go_to_page(place // GROUPS_A_PAGE + 1)
