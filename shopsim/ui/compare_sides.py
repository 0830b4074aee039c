"""Two settings side by side: B is chosen here, and what it changes is told by models and by pairs of photos."""

from __future__ import annotations

import html
from dataclasses import dataclass
from functools import cached_property
from math import ceil

import numpy as np
import streamlit as st

from shopsim.confusion import contingency
from shopsim.leaderboard_table import distinct_titles, titles
from shopsim.pipeline import Grouping
from shopsim.side_by_side import ModelChange, compare_models
from shopsim.ui.address import drawn, follow_choice
from shopsim.ui.compare_board import TICKED
from shopsim.ui.compare_cut import fitted_cell, opening_cut
from shopsim.ui.compare_parts import REGISTRIES, cell_of, offered, parts_of, parts_of_cell
from shopsim.ui.gallery import Shown, gallery
from shopsim.ui.page import Opened
from shopsim.ui.pager import pagination
from shopsim.ui.texts import as_written, counted

_TITLES = {"extractor": "Extractor of B", "space": "Space of B", "clusterer": "Clustering of B"}
_MODELS_A_PAGE, _OWN_PHOTOS, _OTHERS = 4, 6, 3


@dataclass(frozen=True, eq=False)
class Sides:
    """Two groupings and the photos both know: rows_a, rows_b (n,) int64 are the same photos in each.

    name_a, name_b: what tells the two settings apart.
    """

    a: Grouping
    b: Grouping
    rows_a: np.ndarray
    rows_b: np.ndarray
    name_a: str
    name_b: str

    @cached_property
    def labels(self) -> tuple[np.ndarray, np.ndarray]:
        """(n,) groups in A and in B."""
        return self.a.labels_pred[self.rows_a], self.b.labels_pred[self.rows_b]

    @cached_property
    def labels_true(self) -> np.ndarray | None:
        """(n,) models of the shared photos, None without labels."""
        truth = self.a.fitted.catalog.labels_true
        return None if truth is None else truth[self.rows_a]

    @property
    def images(self) -> tuple:
        """Of A's catalogue; `rows_a` leads to the shared ones."""
        return self.a.fitted.catalog.images


def choose_other(opened: Opened, grouping: Grouping) -> Sides:
    """Fields for B, preset by the row ticked last; B stands at the threshold it opens with."""
    _follow_ticks(opened)
    kept, chosen = st.session_state["compare-b"], {}
    for column, kind in zip(st.columns(3), REGISTRIES, strict=True):
        options, key = offered(kind, opened.choice), f"compare-b-{kind}"
        follow_choice(key, kept[kind] if kept[kind] in options else next(iter(options)))
        titles_of = {part: each.title for part, each in options.items()}
        with column:
            kept[kind] = drawn(key, st.selectbox(_TITLES[kind], list(options), key=key, format_func=titles_of.get))
        chosen[kind] = options[kept[kind]]
    cell_a, cell_b = cell_of(parts_of(opened.choice)), cell_of(chosen)
    other = opening_cut(fitted_cell(opened, cell_b))
    _, rows_a, rows_b = np.intersect1d(
        grouping.fitted.catalog.image_ids, other.fitted.catalog.image_ids, assume_unique=True, return_indices=True
    )
    name_a, name_b = distinct_titles([cell_a, cell_b]) if cell_a != cell_b else (titles(cell_a)[2],) * 2
    return Sides(grouping, other, rows_a, rows_b, name_a, name_b)


def _follow_ticks(opened: Opened) -> None:
    """Let the fields of B show the row ticked last, if that is a new one; at first another clustering than A's."""
    own = parts_of(opened.choice)
    if "compare-b" not in st.session_state:
        keys = {kind: part.key for kind, part in own.items()}
        others = [key for key in offered("clusterer", opened.choice) if key != keys["clusterer"]]
        st.session_state["compare-b"] = keys | {"clusterer": others[0] if others else keys["clusterer"]}
    last = next(iter(reversed(st.session_state.get(TICKED, []))), None)
    if last is not None and last != st.session_state.get("compare-b-ticked"):
        st.session_state["compare-b"] = {kind: part.key for kind, part in parts_of_cell(last).items()}
    st.session_state["compare-b-ticked"] = last


def show_both(sides: Sides) -> None:
    """Both settings with their threshold, what it was chosen on, and their scores."""
    for column, letter, name, cut in zip(
        st.columns(2), "AB", (sides.name_a, sides.name_b), (sides.a, sides.b), strict=True
    ):
        control = cut.fitted.control
        value = f"{cut.value:.1%}" if control.kind == "similarity" else f"{cut.value:g}"
        with column.container(border=True):
            st.markdown(f"**{letter}: {as_written(name)}**")
            st.caption(f"{control.name} {value}, {cut.tuned_on}.")
            groups = counted(int(cut.labels_pred.max()) + 1, "group")
            scores = cut.evaluation
            if scores is None:
                st.markdown(groups)
            else:
                pairs = scores.pairs
                st.markdown(
                    f"ARI **{scores.ari:z.3f}** · pair precision {pairs.precision:.3f} · recall {pairs.recall:.3f} · "
                    f"{groups}"
                )
    left_out = len(sides.images) + len(sides.b.fitted.catalog.images) - 2 * len(sides.rows_a)
    if left_out:
        st.caption(f"{counted(left_out, 'photo')} that only one of the two extractors knows cannot be compared.")


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
    follow_choice(key, st.session_state.get("compare-models-kept") or ("better" if len(better) else "worse"))
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        labels = {"better": f"Better in B ({len(better):,})", "worse": f"Worse in B ({len(worse):,})"}
        which = st.segmented_control(
            "Models", list(labels), key=key, format_func=labels.get, label_visibility="collapsed", required=True
        )
        st.session_state["compare-models-kept"] = drawn(key, which)
        places = better if which == "better" else worse
        page = _page(f"models-{which}", ceil(len(places) / _MODELS_A_PAGE))
    st.caption(
        f"The other {counted(n_models - len(change.models), 'model')} did not change. A model's score is the F1 of the "
        "pairs with one of its photos: 100 % where it has a group of its own and all of it is there."
    )
    if not len(places):
        st.success(f"No model is grouped {which} by B.")
    for place in places[(page - 1) * _MODELS_A_PAGE : page * _MODELS_A_PAGE]:
        with st.container(border=True):
            _model(sides, change, int(place))


def _page(place: str, n_pages: int) -> int:
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


def turn_page(place: str, n_pages: int) -> int:
    """As the models' pager, for the other lists of this page."""
    return _page(place, n_pages)
