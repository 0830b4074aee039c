"""What changes from one setting to the other: models that are grouped better or worse, and pairs of photos."""

from __future__ import annotations

from math import ceil

import numpy as np
import streamlit as st

from shopsim.scoring.compare_groupings import VERDICTS, ChangedPairs
from shopsim.ui.address import drawn, follow_choice
from shopsim.ui.compare.sides import Sides
from shopsim.ui.parts.gallery import Shown, gallery
from shopsim.ui.parts.model_change import TwoGroupings, show_changed
from shopsim.ui.parts.pager import turn_page

_A_PAGE, _COLUMNS = 12, 4
_SAME, _DIFFERENT, _UNKNOWN = VERDICTS
# Kind -> (whether the pair is together in B, the verdict, the title).
_KINDS = {
    "found": (True, _SAME, "Rightly joined"),
    "cleared": (False, _DIFFERENT, "Rightly separated"),
    "mixed": (True, _DIFFERENT, "Wrongly joined"),
    "lost": (False, _SAME, "Wrongly separated"),
    "joined": (True, _UNKNOWN, "Joined, models not known"),
    "parted": (False, _UNKNOWN, "Separated, models not known"),
}
_HELP = {
    "found": "One model: apart in A, together in B.",
    "cleared": "Two models: together in A, apart in B.",
    "mixed": "Two models: apart in A, together in B.",
    "lost": "One model: together in A, apart in B.",
    "joined": "Apart in A, together in B.",
    "parted": "Together in A, apart in B.",
}


def show_models(sides: Sides) -> None:
    """Shows the models that B groups better and those it groups worse, with their photos in both."""
    st.markdown("**Models that changed**")
    if sides.labels_true is None:
        st.caption("No true models are known, so only the pairs below can be compared.")
        return
    catalog = sides.a.fitted.catalog
    images = [catalog.images[row] for row in sides.rows_a]
    two = TwoGroupings(catalog, images, sides.labels_true, sides.labels, ("A", "B"), ("in A", "in B"))
    show_changed(two, "compare-models", "Better in B", "Worse in B")


def show_pairs(sides: Sides) -> None:
    """Shows how many pairs changed, rightly or wrongly, and a page of them with photos."""
    st.markdown("**Pairs that changed**")
    groups_a, groups_b = sides.labels
    changed = {
        True: ChangedPairs(groups_b, groups_a, sides.labels_true),
        False: ChangedPairs(groups_a, groups_b, sides.labels_true),
    }
    counts = {kind: changed[joined].counts[verdict] for kind, (joined, verdict, _) in _KINDS.items()}
    present = [kind for kind, count in counts.items() if count]
    if not present:
        st.success("Both settings make the same groups of these photos.")
        return
    _say_what_changed(counts, sides.labels_true is not None)
    key = "compare-kind"
    kept = st.session_state.get("compare-kind-kept")
    follow_choice(key, kept if kept in present else present[0])
    if st.session_state[key] not in present:
        st.session_state[key] = present[0]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        labels = {kind: f"{_KINDS[kind][2]} ({counts[kind]:,})" for kind in present}
        kind = st.segmented_control(
            "Pairs", present, key=key, format_func=labels.get, label_visibility="collapsed", required=True
        )
        st.session_state["compare-kind-kept"] = drawn(key, kind)
        page = turn_page(f"compare-pairs-{kind}", ceil(counts[kind] / _A_PAGE))
    joined, verdict, _ = _KINDS[kind]
    pairs = changed[joined].pairs(verdict, (page - 1) * _A_PAGE, page * _A_PAGE)
    st.caption(f"{_HELP[kind]} Each pair is shown once, with its similarity; the pairs come from all groups.")
    for start in range(0, len(pairs), _COLUMNS):
        for column, pair in zip(st.columns(_COLUMNS), pairs[start : start + _COLUMNS], strict=False):
            with column.container(border=True):
                _pair(sides, pair)


def _say_what_changed(counts: dict[str, int], labelled: bool) -> None:
    if not labelled:
        joined, separated = counts["joined"], counts["parted"]
        st.markdown(f"B joins **{joined:,}** pairs that A keeps apart, and separates **{separated:,}** that A joins.")
        return
    better, worse = counts["found"] + counts["cleared"], counts["mixed"] + counts["lost"]
    told = f"B puts **{better:,}** pairs right that are wrong in A, and **{worse:,}** wrong that are right in A."
    if unknown := counts["joined"] + counts["parted"]:
        told += f" Of {unknown:,} more the models are not known."
    st.markdown(told)


def _pair(sides: Sides, pair: np.ndarray) -> None:
    catalog = sides.a.fitted.catalog
    images = [catalog.images[sides.rows_a[row]] for row in pair]
    named = bool(catalog.models)
    shown = [Shown(image, catalog.model_name(image.model) if named else image.path.name) for image in images]
    gallery(shown, columns=2)
    a, b = (
        float(cut.fitted.vectors[rows[pair[0]]] @ cut.fitted.vectors[rows[pair[1]]])
        for cut, rows in ((sides.a, sides.rows_a), (sides.b, sides.rows_b))
    )
    st.caption(f"{a:.1%} similar" if f"{a:.1%}" == f"{b:.1%}" else f"{a:.1%} similar in A, {b:.1%} in B")
