"""Scores with and without corrections, side by side and never mixed."""

from __future__ import annotations

import streamlit as st

from shopsim.grouping.grouping import Grouping
from shopsim.scoring.curve import Curve
from shopsim.ui.charts.style import count_curve_chart, score_curve
from shopsim.ui.corrections.regrouped import Corrected
from shopsim.ui.parts.tables import show_table
from shopsim.ui.parts.texts import counted
from shopsim.ui.tune.scores import tuned_in_words

# tuned: what the threshold was tuned on.
_NO_MEASURE = (
    "The scores with corrections do not measure the method: people told it the answer for some of these photos. They "
    "say how good these groups are now. The scores without corrections are of these photos too, and other photos may "
    "score lower. {tuned}"
)


def show_side_by_side(corrected: Corrected) -> None:
    """Draws the scores and curves of both groupings at the same threshold; nothing where no correction is used."""
    if not corrected.is_used:
        return
    told = f"With {counted(corrected.n_used, 'correction')}"
    show_table([_row("Without corrections", corrected.measured), _row(told, corrected.grouping)])
    if corrected.measured.evaluation is not None:
        st.caption(_NO_MEASURE.format(tuned=tuned_in_words(corrected.measured)))
    if not st.toggle("Show both curves", key="corrections-curves"):
        return
    for column, heading, grouping in zip(
        st.columns(2), ("Without corrections", told), (corrected.measured, corrected.grouping), strict=True
    ):
        with column:
            st.markdown(f"**{heading}**")
            _curve(grouping, heading)


def _row(name: str, grouping: Grouping) -> dict[str, str | int | float]:
    scores, sizes = grouping.evaluation, int(grouping.labels_pred.max()) + 1
    if scores is None:
        return {"scored": name, "groups": sizes}
    return {
        "scored": name,
        "ARI": round(scores.ari, 4),
        "pair precision": round(scores.pairs.precision, 4),
        "pair recall": round(scores.pairs.recall, 4),
        "groups": sizes,
    }


def _curve(grouping: Grouping, key: str) -> None:
    curve, control = grouping.fitted.curve, grouping.fitted.control
    if curve is None:
        st.caption("This clustering has no curve.")
        return
    draw = score_curve if isinstance(curve, Curve) else count_curve_chart
    st.altair_chart(draw(curve, grouping.value, control.low, control.measure), key=f"corrections-{key}")
