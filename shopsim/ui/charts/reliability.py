"""Makes the reliability diagram: stated probabilities against observed shares."""

from __future__ import annotations

import altair as alt
import pandas as pd

from shopsim.scoring.calibration.quality import TELLING, Reliability
from shopsim.ui.charts.style import BLUE, GREY


def reliability_chart(found: Reliability) -> alt.LayerChart:
    """Draws the observed share of same-model pairs against the stated probability; each point has equally many pairs.

    On the dashed diagonal, both are equal; below it, the stated probability was too high.
    """
    frame = pd.DataFrame({"stated": found.stated * 100, "observed": found.observed * 100, "pairs": found.pairs})
    axis = alt.Axis(values=list(range(0, 101, 20)))
    scale = alt.Scale(domain=[TELLING * 100, 100], nice=False)
    x = alt.X("stated:Q", title="stated probability, %", scale=scale, axis=axis)
    y = alt.Y(
        "observed:Q", title="pairs that show one model, %", scale=alt.Scale(domain=[0, 100], nice=False), axis=axis
    )
    ends = pd.DataFrame({"stated": [TELLING * 100, 100.0], "observed": [TELLING * 100, 100.0]})
    diagonal = alt.Chart(ends).mark_line(color=GREY, strokeDash=[5, 4]).encode(x=x, y=y)
    points = alt.Chart(frame).encode(x=x, y=y)
    tooltip = [
        alt.Tooltip("stated:Q", format=".1f", title="stated, %"),
        alt.Tooltip("observed:Q", format=".1f", title="came true, %"),
        alt.Tooltip("pairs:Q", format=",", title="pairs"),
    ]
    marks = points.mark_point(color=BLUE, filled=True, size=80, opacity=1).encode(tooltip=tooltip)
    return alt.layer(diagonal, points.mark_line(color=BLUE, strokeWidth=2), marks).properties(height=300)
