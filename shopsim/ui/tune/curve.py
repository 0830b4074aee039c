"""Shows the curve on the Tune page; a click on it takes a threshold."""

from __future__ import annotations

import streamlit as st

from shopsim.grouping.grouping import Grouping
from shopsim.scoring.curve import Curve
from shopsim.tuning.built_in.look import blind_of
from shopsim.ui.charts.style import PICK, count_curve_chart, expected_curve_chart, score_curve
from shopsim.ui.guard import callback
from shopsim.ui.threshold import take_threshold
from shopsim.ui.tune.estimates import how_often


def show_curve(grouping: Grouping) -> None:
    """Shows the exact scores of every threshold; a click takes a threshold."""
    curve, control = grouping.fitted.curve, grouping.fitted.control
    if curve is None:
        st.markdown("**No curve**")
        st.info("Only a clustering that joins photos from the most to the least similar has such a curve.")
        return
    blind = blind_of(grouping.fitted)
    scored = isinstance(curve, Curve)
    if blind is not None:
        st.markdown("**Expected scores at every threshold**")
        chart = expected_curve_chart(curve, blind.expected, grouping.value, control.low)
    else:
        st.markdown("**Scores at every threshold**" if scored else "**Groups at every threshold**")
        draw = score_curve if scored else count_curve_chart
        chart = draw(curve, grouping.value, control.low, control.measure)
    key = _curve_key(grouping)
    st.altair_chart(chart, key=key, on_select=callback(lambda: _take_picked(key)), selection_mode=PICK)
    scored_on = " Scored on these photos." if scored else ""
    if blind is not None:
        scored_on = f" Estimated, not measured. {how_often('The band', 'The true ARI')}"
    before = " The groups as they are before _strict_ splits them." if grouping.strict else ""
    st.caption(f"Click the chart to take the threshold there.{scored_on}{before}")


def _curve_key(grouping: Grouping) -> str:
    """Returns the chart's key: a new one once a picked threshold was left, so that its point can be picked again."""
    picked, number = st.session_state.get("picked", (None, 0))
    if picked not in (None, grouping.value):
        picked, number = None, number + 1
    st.session_state["picked"] = (picked, number)
    return f"curve-{grouping.fitted.key}-{number}"


def _take_picked(key: str) -> None:
    picked = st.session_state[key].selection.get(PICK, [])
    if picked:
        value = float(picked[0]["take"])
        st.session_state["picked"] = (value, st.session_state["picked"][1])
        take_threshold(value)
