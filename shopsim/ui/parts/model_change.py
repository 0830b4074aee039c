"""Shows the models that two groupings of the same photos treat differently, with the models' photos."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import streamlit as st

from shopsim.catalog.catalog import Catalog, CatalogImage
from shopsim.scoring.compare_groupings import ModelChange, compare_models
from shopsim.scoring.confusion import contingency
from shopsim.ui.address import drawn, follow_choice
from shopsim.ui.parts.gallery import Shown, gallery
from shopsim.ui.parts.pager import turn_page
from shopsim.ui.parts.texts import counted

_A_PAGE, _OWN_PHOTOS, _OTHERS = 4, 6, 3


@dataclass(frozen=True, eq=False)
class TwoGroupings:
    """Describes photos in two groupings. labels_true: (n,) models; labels: twice (n,) groups, all of the n `images`.

    where: the words behind a score of each grouping, 'in A' or 'before'; names: the heading of each.
    """

    catalog: Catalog
    images: Sequence[CatalogImage]
    labels_true: np.ndarray
    labels: tuple[np.ndarray, np.ndarray]
    names: tuple[str, str]
    where: tuple[str, str]


def show_changed(two: TwoGroupings, key: str, better: str, worse: str, most: int | None = None) -> None:
    """Shows the models that the second grouping groups better, and those it groups worse, most changed first.

    key: of the widgets, unique on a page; better, worse: names of the two lists; most: the most models per list.
    """
    change = compare_models(two.labels_true, *two.labels)
    if not len(change.models):
        st.caption(f"Every model is grouped as well {two.where[0]} as {two.where[1]}.")
        return
    places = {"better": change.better(), "worse": change.worse()}
    kept = st.session_state.get(f"{key}-kept", "better")
    # The other list, if this one is empty.
    follow_choice(key, kept if len(places[kept]) else "worse" if len(places["worse"]) else "better")
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        labels = {"better": f"{better} ({len(places['better']):,})", "worse": f"{worse} ({len(places['worse']):,})"}
        which = st.segmented_control(
            "Models", list(labels), key=key, format_func=labels.get, label_visibility="collapsed", required=True
        )
        st.session_state[f"{key}-kept"] = drawn(key, which)
        shown = places[which][:most]
        page = turn_page(f"{key}-{which}", ceil(len(shown) / _A_PAGE))
    n_models = len(np.unique(two.labels_true[two.labels_true >= 0]))
    st.caption(
        f"{counted(n_models - len(change.models), 'model')} did not change. A model's score is the F1 of the pairs "
        "with one of its photos. It is 100 % if all photos of the model are in one group, without others."
    )
    if not len(shown):
        st.success(f"No model is grouped {which} {two.where[1]}.")
    for place in shown[(page - 1) * _A_PAGE : page * _A_PAGE]:
        with st.container(border=True):
            _model(two, change, int(place))


def _model(two: TwoGroupings, change: ModelChange, place: int) -> None:
    """Shows one model in the first grouping beside the same model in the second."""
    model = int(change.models[place])
    name = html.escape(two.catalog.model_name(two.catalog.models[model]))
    before, after = change.before[place], change.after[place]
    photos = counted(int((two.labels_true == model).sum()), "photo")
    st.html(
        f'<div class="facts"><div class="name whole">{name}</div>{photos} · {before:.0%} {two.where[0]} → '
        f"<b>{after:.0%}</b> {two.where[1]}</div>"
    )
    for column, heading, groups in zip(st.columns(2, gap="medium"), two.names, two.labels, strict=True):
        with column:
            _model_in(two, model, heading, groups)


def _model_in(two: TwoGroupings, model: int, heading: str, groups: np.ndarray) -> None:
    """Shows the model's photos in its largest group, and the photos of other models in its groups."""
    mine = two.labels_true == model
    pieces = np.sort(contingency(np.zeros(int(mine.sum()), np.int64), groups[mine]).data)[::-1]
    main = int(np.argmax(np.bincount(groups[mine])))
    inside, others = np.flatnonzero(mine & (groups == main)), np.flatnonzero(~mine & np.isin(groups, groups[mine]))
    # Those in its largest group come first.
    others = others[np.argsort(groups[others] != main, kind="stable")]
    spread = " + ".join(f"{size:,}" for size in pieces[:6].tolist()) + (" + …" if len(pieces) > 6 else "")
    foreign = f", with {counted(len(others), 'other photo')}" if len(others) else ""
    st.caption(f"**{heading}**: in {counted(len(pieces), 'group')}: {spread}{foreign}")
    own = [Shown(two.images[row]) for row in inside[:_OWN_PHOTOS]]
    wrong = [
        Shown(image, "", "wrong", f"✗ {two.catalog.model_name(image.model)}")
        for image in (two.images[row] for row in others[:_OTHERS])
    ]
    gallery([*own, *wrong], columns=_OWN_PHOTOS + _OTHERS)
