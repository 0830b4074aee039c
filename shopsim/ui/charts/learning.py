"""Makes Altair charts of the learning curve: the scores on validation models after each pass."""

from __future__ import annotations

import math
from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from shopsim.learning.network.passes import PassScore
from shopsim.ui.charts.style import BLUE, GREY, ORANGE, VERMILION, name_colour, spread

# Field of a PassScore -> its name and colour.
_SCORES = {"ari": ("ARI", BLUE), "recall_at_1": ("recall@1", ORANGE)}
_HEIGHT, _LABEL_HEIGHT = 260, 18
# Room for the names, as a share of the plotted range of the axis.
_MARGIN = 0.3


def learning_chart(
    curve: Sequence[PassScore], kept: int, kept_name: str = "kept", dark: bool = False
) -> alt.LayerChart:
    """Draws ARI and recall@1 on validation models after 0, 1, 2 ... passes, each named at its end, one pass marked.

    curve: at least the score before the first pass. kept: number of the marked pass; kept_name: its name in the chart.
    dark: the theme.
    """
    points = _points(curve)
    low, high = _y_range(points["score"])
    x = _x(len(curve) - 1, _MARGIN)
    scale = alt.Scale(domain=[low, high], nice=False, zero=False)
    y = alt.Y("score:Q", title=None, scale=scale)
    names, colours = zip(*_SCORES.values(), strict=True)
    color = alt.Color("which:N", scale=alt.Scale(domain=list(names), range=list(colours)), legend=None)
    base = alt.Chart(points).encode(x=x, y=y, color=color)
    lines = base.mark_line(strokeWidth=2)
    spots = base.mark_point(filled=True, size=60, opacity=1).encode(tooltip=_tooltip())
    ends = points[points["passes"] == len(curve) - 1].copy()
    heights = (ends["score"].to_numpy(float) - low) / (high - low)
    ends["label_y"] = low + spread(heights, _LABEL_HEIGHT / _HEIGHT) * (high - low)
    ends["label"] = [f"{which} {score:.3f}" for which, score in zip(ends["which"], ends["score"], strict=True)]
    texts = (
        alt.Chart(ends)
        .mark_text(align="left", dx=10, fontSize=13, color=name_colour(dark))
        .encode(x=x, y=alt.Y("label_y:Q", scale=scale), text="label:N")
    )
    return alt.layer(*_mark(x, y, kept, low, kept_name), lines, spots, texts).properties(height=_HEIGHT)


def loss_chart(curve: Sequence[PassScore]) -> alt.Chart:
    """Draws the loss of each pass; it falls even if the validation scores do not rise. It needs at least one pass."""
    rows = [(number, score.loss) for number, score in enumerate(curve) if score.loss is not None]
    frame = pd.DataFrame(rows, columns=["passes", "loss"])
    y = alt.Y("loss:Q", title="loss", scale=alt.Scale(zero=False))
    tooltip = [alt.Tooltip("passes:Q", title="after passes"), alt.Tooltip("loss:Q", format=".3f")]
    line = alt.Chart(frame).mark_line(strokeWidth=2, color=GREY, point=alt.OverlayMarkDef(color=GREY, size=40))
    return line.encode(x=_x(len(curve) - 1, 0.05), y=y, tooltip=tooltip).properties(height=_HEIGHT)


def _points(curve: Sequence[PassScore]) -> pd.DataFrame:
    """Returns one row per score and pass."""
    return pd.DataFrame(
        [
            {"passes": number, "which": name, "score": getattr(score, field), "map_at_r": score.map_at_r}
            for number, score in enumerate(curve)
            for field, (name, _) in _SCORES.items()
        ]
    )


def _y_range(scores: pd.Series) -> tuple[float, float]:
    """Returns a range around the scores in steps of 0.05: from 0 to 1 the changes of a pass would be invisible."""
    high = min(math.ceil(float(scores.max()) * 20 + 0.2) / 20, 1.0)
    return min(math.floor(float(scores.min()) * 20 - 0.2) / 20, high - 0.1), high


def _x(last: int, margin: float = 0.0) -> alt.X:
    last = max(last, 1)
    values = np.arange(0, last + 1, max(1, last // 8)).tolist()
    scale = alt.Scale(domain=[0, last * (1 + margin)], nice=False)
    axis = alt.Axis(values=values, format="d", titleAnchor="start", labelOverlap=False)
    return alt.X("passes:Q", title="passes", scale=scale, axis=axis)


def _mark(x: alt.X, y: alt.Y, kept: int, low: float, name: str) -> list[alt.Chart]:
    frame = pd.DataFrame({"passes": [kept], "label": [name], "score": [low]})
    rule = alt.Chart(frame).mark_rule(strokeDash=[5, 4], strokeWidth=2, color=VERMILION).encode(x=x)
    text = alt.Chart(frame).mark_text(align="left", dx=6, dy=-9, color=VERMILION, fontWeight="bold")
    return [rule, text.encode(x=x, y=y, text="label:N")]


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("which:N", title="score"),
        alt.Tooltip("passes:Q", title="after passes"),
        alt.Tooltip("score:Q", format=".3f"),
        alt.Tooltip("map_at_r:Q", title="MAP@R", format=".3f"),
    ]
