"""The models that one setting groups better than the other, with their photos in both."""

from __future__ import annotations

import html
from math import ceil

import numpy as np
import streamlit as st

from shopsim.confusion import contingency
from shopsim.side_by_side import ModelChange, compare_models
from shopsim.ui.address import drawn, follow_choice
from shopsim.ui.compare_sides import Sides
from shopsim.ui.gallery import Shown, gallery
from shopsim.ui.pager import pagination
from shopsim.ui.texts import counted

_A_PAGE, _OWN_PHOTOS, _OTHERS = 4, 6, 3


def show_models(sides: Sides) -> None:
    """The models that B groups better and those it groups worse, with their photos in both."""
    st.markdown("**Models that changed**")
    if sides.labels_true is None:
        st.caption("No true models are known, so only the pairs below can be compared.")
        return
    change = compare_models(sides.labels_true, *sides.labels)
    better, worse = change.better(), change.worse()
    n_models = len(np.unique(sides.labels_true[sides.labels_true >= 0]))
    key = "compare-models"
    kept = st.session_state.get("compare-models-kept", "better")
    # The other list where this one is empty.
    follow_choice(key, kept if len({"better": better, "worse": worse}[kept]) else "worse" if len(worse) else "better")
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        labels = {"better": f"Better in B ({len(better):,})", "worse": f"Worse in B ({len(worse):,})"}
        which = st.segmented_control(
            "Models", list(labels), key=key, format_func=labels.get, label_visibility="collapsed", required=True
        )
        st.session_state["compare-models-kept"] = drawn(key, which)
        places = better if which == "better" else worse
        page = turn_page(f"models-{which}", ceil(len(places) / _A_PAGE))
    st.caption(
        f"{counted(n_models - len(change.models), 'model')} did not change. A model's score is the F1 of the pairs "
        "with one of its photos: 100 % where it has a group of its own and all of it is there."
    )
    if not len(places):
        st.success(f"No model is grouped {which} by B.")
    for place in places[(page - 1) * _A_PAGE : page * _A_PAGE]:
        with st.container(border=True):
            _model(sides, change, int(place))


def turn_page(place: str, n_pages: int) -> int:
    """The page of a list of this page's own, with its pager if there are several."""
    kept = st.session_state.setdefault("compare-pages", {})
    page = min(max(kept.get(place, 1), 1), max(n_pages, 1))
    if n_pages > 1:
        pagination(page, n_pages, f"compare-{place}", lambda chosen: kept.__setitem__(place, chosen))
    return page


def _model(sides: Sides, change: ModelChange, place: int) -> None:
    """One model in A beside the same in B."""
    model = int(change.models[place])
    catalog = sides.a.fitted.catalog
    name = html.escape(catalog.model_name(catalog.models[model]))
    before, after = change.before[place], change.after[place]
    photos = counted(int((sides.labels_true == model).sum()), "photo")
    st.html(
        f'<div class="facts"><div class="name whole">{name}</div>{photos} · {before:.0%} in A → <b>{after:.0%}</b> '
        "in B</div>"
    )
    for column, letter, groups in zip(st.columns(2, gap="medium"), "AB", sides.labels, strict=True):
        with column:
            _model_in(sides, model, letter, groups)


def _model_in(sides: Sides, model: int, letter: str, groups: np.ndarray) -> None:
    """How the model's photos are spread: those of its largest piece, and photos of other models in its groups."""
    catalog, truth = sides.a.fitted.catalog, sides.labels_true
    mine = truth == model
    pieces = np.sort(contingency(np.zeros(int(mine.sum()), np.int64), groups[mine]).data)[::-1]
    main = int(np.argmax(np.bincount(groups[mine])))
    inside, others = np.flatnonzero(mine & (groups == main)), np.flatnonzero(~mine & np.isin(groups, groups[mine]))
    # Those beside its largest piece first.
    others = others[np.argsort(groups[others] != main, kind="stable")]
    spread = " + ".join(f"{size:,}" for size in pieces[:6].tolist()) + (" + …" if len(pieces) > 6 else "")
    foreign = f", with {counted(len(others), 'other photo')}" if len(others) else ""
    st.caption(f"**{letter}**: in {counted(len(pieces), 'group')}: {spread}{foreign}")
    own = [Shown(catalog.images[sides.rows_a[row]]) for row in inside[:_OWN_PHOTOS]]
    wrong = [
        Shown(image, "", "wrong", f"✗ {catalog.model_name(image.model)}")
        for image in (catalog.images[sides.rows_a[row]] for row in others[:_OTHERS])
    ]
    gallery([*own, *wrong], columns=_OWN_PHOTOS + _OTHERS)
