"""Shows groups as cards: a large photo, a few small ones, and facts."""

from __future__ import annotations

import html
from collections.abc import Callable, Container, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from shopsim.grouping.grouping import Grouping
from shopsim.ui.guard import callback
from shopsim.ui.parts.gallery import Shown, gallery
from shopsim.ui.parts.open_group import go_to_group
from shopsim.ui.parts.texts import as_written, counted

_COLUMNS = 4
_SMALL_PHOTOS = 5


def show_cards(
    grouping: Grouping, rows: pd.DataFrame, title: Callable[[int], str], approved: Container[int] = ()
) -> None:
    """Shows one card per row of the group table. title: of a group; approved: the groups that somebody approved."""
    cards = [(row, _photos(grouping, row)) for row in rows.to_dict("records")]
    for start in range(0, len(cards), _COLUMNS):
        for column, (row, photos) in zip(st.columns(_COLUMNS), cards[start : start + _COLUMNS], strict=False):
            with column.container(border=True, gap="xsmall", key=f"card-{row['group']}"):
                _card(grouping, row, photos, title(row["group"]), row["group"] in approved)


def facts_html(grouping: Grouping, row: dict) -> str:
    """Returns one group's facts from the group table in HTML; all groups of a catalogue have as many lines."""
    catalog, single = grouping.fitted.catalog, row["size"] == 1
    weakest = "a single photo" if single else f"weakest {row['weakest_similarity']:.1%}"
    chained = ' <span class="mark">· ⚠ chained</span>' if row["chained"] else ""
    if not catalog.models:
        return f'<div class="facts">{weakest}{chained}</div>'
    if row["model"] is None:
        return f'<div class="facts"><div class="name">no known model</div>{weakest}<br>{chained or "&nbsp;"}</div>'
    name = html.escape(catalog.model_name(row["model"]), quote=True)
    verdict = "✓ one model"
    if row["wrong_pairs"]:
        rows = np.flatnonzero(grouping.labels_pred == row["group"])
        wrong = counted(int(wrong_photos(grouping, rows, row["model"]).sum()), "wrong photo")
        verdict = f'<span class="mark" title="{counted(row["wrong_pairs"], "wrong pair")}">✗ {wrong}</span>'
    pure = "" if single else f"{row['purity']:.0%} pure · " if row["purity"] == 1 else f"{row['purity']:.1%} pure · "
    facts = f"{pure}{weakest}<br>{verdict}{chained}"
    return f'<div class="facts"><div class="name" title="{name}">{name}</div>{facts}</div>'


def wrong_photos(grouping: Grouping, rows: np.ndarray, model: str | None) -> np.ndarray:
    """Returns (k,) bool for photos of one group: True if the photo's model is known and not the group's main one."""
    images = grouping.fitted.catalog.images
    return np.array([images[row].model is not None and images[row].model != model for row in rows], dtype=bool)


def by_similarity(grouping: Grouping, group: int) -> np.ndarray:
    """Returns the rows of a group's photos, the most central first and the weakest last."""
    rows = np.flatnonzero(grouping.labels_pred == group)
    central = grouping.representatives
    return rows[np.lexsort((rows, -central.similarity[rows], central.index[rows] != rows))]


def _card(grouping: Grouping, row: dict, photos: Sequence[Shown], title: str, approved: bool) -> None:
    group, size = row["group"], row["size"]
    st.button(
        f"{as_written(title)} · {counted(size, 'photo')}",
        key=f"open-{group}",
        type="tertiary",
        icon=":material/verified:" if approved else ":material/open_in_full:",
        on_click=callback(go_to_group),
        args=(group,),
    )
    st.html(facts_html(grouping, row))
    gallery(photos, columns=3)


def _photos(grouping: Grouping, row: dict) -> list[Shown]:
    """Returns the most central photo, then the others from near to far; wrong ones come first if not all fit."""
    rows = by_similarity(grouping, row["group"])
    wrong = wrong_photos(grouping, rows, row["model"])
    places = np.arange(1, len(rows))
    if len(places) > _SMALL_PHOTOS:
        spread = np.unique(np.linspace(1, len(rows) - 1, _SMALL_PHOTOS).round().astype(int))
        bad = [place for place in places[::-1] if wrong[place]][: _SMALL_PHOTOS // 2]
        rest = [place for place in spread[::-1] if place not in bad]
        places = np.sort([*bad, *rest][:_SMALL_PHOTOS])
    images = grouping.fitted.catalog.images
    shown = [0, *places.tolist()]
    return [Shown(images[rows[place]], kind="wrong" if wrong[place] else "") for place in shown]
