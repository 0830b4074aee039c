"""Draws the numbers of groups that no true model can check, on the Tune page."""

from __future__ import annotations

import numpy as np
import streamlit as st

from shopsim.grouping.grouping import GUESSED, Grouping
from shopsim.tuning.built_in.look import blind_of, why_no_estimate
from shopsim.tuning.built_in.opening import Blind
from shopsim.tuning.settings_files import names
from shopsim.ui.parts.texts import as_written
from shopsim.ui.tune.estimates import NOT_MEASURED, as_score, as_share, how_often, likely
from shopsim.ui.tune.expected import offer_expected

_MEANINGS = {
    "ARI": "Adjusted Rand index: 1 perfect, 0 as good as chance.",
    "pair precision": "Of the pairs of photos put into one group, the share that show one model.",
    "pair recall": "Of the pairs of photos that show one model, the share put into one group.",
}


def show_unlabelled(grouping: Grouping) -> None:
    """Shows the expected scores where there are some, the sizes, and the field for the photos per model."""
    fitted = grouping.fitted
    blind = blind_of(fitted)
    if blind is not None:
        _show_expected(grouping, blind)
    _show_sizes(grouping)
    offer_expected(grouping)
    if grouping.tuned_on == GUESSED:
        better = "choose some under _Settings_ in the sidebar" if names() else "let _Auto_ find some on such photos"
        st.info(
            "Without true models there is no score. The threshold is a guess; look at the groups and move it. Settings "
            "that were tuned on similar photos with known models, and with about as many photos per model, do better: "
            f"{better}."
        )
    if why := why_no_estimate(fitted):
        st.caption(as_written(why))


def _show_expected(grouping: Grouping, blind: Blind) -> None:
    scores = blind.expected.at(grouping.value)
    shown = {
        "ARI": (scores.ari, as_score),
        "pair precision": (scores.precision, as_share),
        "pair recall": (scores.recall, as_share),
    }
    with st.container(key="expected-scores"):
        for column, (name, (score, write)) in zip(st.columns(len(shown)), shown.items(), strict=True):
            column.metric(
                f"Expected {name}",
                write(score.value),
                likely(score, write),
                delta_color="off",
                delta_arrow="off",
                help=f"{_MEANINGS[name]} {NOT_MEASURED}",
                border=True,
            )
    before = " They are of the groups before _strict_ splits them." if grouping.strict else ""
    st.caption(
        "No true models are known, so these scores are estimated from how other catalogues turned out. They are not "
        f"measured. {how_often('The range', 'The true score')}{before}"
    )


def _show_sizes(grouping: Grouping) -> None:
    sizes = np.bincount(grouping.labels_pred)
    columns = st.columns(4)
    columns[0].metric("Groups found", f"{len(sizes):,}", border=True)
    columns[1].metric("Single photos", f"{int((sizes == 1).sum()):,}", border=True)
    columns[2].metric("Largest group", f"{int(sizes.max()):,}", border=True)
    cohesion = float(grouping.representatives.similarity.mean())
    cohesion_help = "Mean similarity of a photo to the most central photo of its group."
    columns[3].metric("Likeness within groups", f"{cohesion:.1%}", help=cohesion_help, border=True)
