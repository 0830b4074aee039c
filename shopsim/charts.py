"""Data frames -> Altair charts: few colours, safe for the colour-blind, the same on the light and the dark theme."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from shopsim.curve import CountCurve, Curve

# Okabe and Ito, Color Universal Design (2008).
BLUE, ORANGE, GREEN, VERMILION, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#8a8f98"
RIGHT, WRONG = BLUE, VERMILION
_SCORES = {"ari": ("ARI", BLUE), "precision": ("pair precision", ORANGE), "recall": ("pair recall", GREEN)}


def score_curve(curve: Curve, value: float, low: float) -> alt.LayerChart:
    """ARI, pair precision and recall against the threshold in percent, the current and the best one marked."""
    thin = curve.thin()
    wide = pd.DataFrame(
        {"threshold": thin.similarity * 100} | {name: getattr(thin, key) for key, (name, _) in _SCORES.items()}
    )
    wide["groups"] = thin.n_groups
    names = [name for name, _ in _SCORES.values()]
    long = wide.melt(["threshold", "groups"], names, "score", "value")
    # A cut holds from its merge's similarity down to the next one: a step, not a slope.
    x = _threshold_axis(low)
    color = alt.Color(
        "score:N",
        scale=alt.Scale(domain=names, range=[c for _, c in _SCORES.values()]),
        legend=alt.Legend(title=None, orient="top"),
    )
    lines = (
        alt.Chart(long)
        .mark_line(interpolate="step-before", strokeWidth=2)
        .encode(
            x=x,
            y=alt.Y("value:Q", title=None, scale=alt.Scale(domain=[min(0.0, float(thin.ari.min())), 1.0])),
            color=color,
            tooltip=[
                alt.Tooltip("score:N"),
                alt.Tooltip("value:Q", format=".3f"),
                alt.Tooltip("threshold:Q", format=".2f", title="threshold %"),
                alt.Tooltip("groups:Q", format=","),
            ],
        )
    )
    best = pd.DataFrame({"threshold": [curve.best_threshold * 100], "ari": [float(curve.ari[curve.best])]})
    best["label"] = [f"best {best['ari'][0]:.3f}"]
    point = alt.Chart(best).mark_point(size=90, filled=True, color=BLUE).encode(x=x, y="ari:Q")
    text = alt.Chart(best).mark_text(dy=-13, color=BLUE, fontWeight="bold").encode(x=x, y="ari:Q", text="label:N")
    return (lines + point + text + _threshold_rule(value, x)).properties(height=300)


def count_curve_chart(curve: CountCurve, value: float, low: float) -> alt.LayerChart:
    """The number of groups against the threshold in percent, for photos without true models."""
    thin = curve.thin()
    frame = pd.DataFrame({"threshold": thin.similarity * 100, "groups": thin.n_groups})
    x = _threshold_axis(low)
    line = (
        alt.Chart(frame)
        .mark_line(interpolate="step-before", strokeWidth=2, color=BLUE)
        .encode(
            x=x,
            y=alt.Y("groups:Q", title="groups"),
            tooltip=[
                alt.Tooltip("threshold:Q", format=".2f", title="threshold %"),
                alt.Tooltip("groups:Q", format=","),
            ],
        )
    )
    return (line + _threshold_rule(value, x)).properties(height=300)


def size_histogram(sizes: np.ndarray) -> alt.Chart:
    """How many groups have how many photos; sizes: (n_groups,) integers."""
    edges = _size_edges(int(sizes.max(initial=1)))
    counts = np.histogram(sizes, bins=[*edges, edges[-1] * 10**9])[0]
    labels = [_size_label(low, high) for low, high in zip(edges, [*edges[1:], None], strict=True)]
    frame = pd.DataFrame({"size": labels, "groups": counts})
    base = alt.Chart(frame).encode(
        x=alt.X("size:N", sort=labels, title="photos in the group", axis=alt.Axis(labelAngle=0))
    )
    bars = base.mark_bar(color=BLUE, cornerRadiusEnd=2).encode(
        y=alt.Y("groups:Q", title="groups", axis=alt.Axis(tickMinStep=1)),
        tooltip=[alt.Tooltip("size:N", title="photos"), alt.Tooltip("groups:Q", format=",")],
    )
    numbers = (
        base.transform_filter("datum.groups > 0")
        .mark_text(dy=-7, color=GREY)
        .encode(y="groups:Q", text=alt.Text("groups:Q", format=","))
    )
    return (bars + numbers).properties(height=300)


def _size_edges(largest: int) -> list[int]:
    """Sizes that matter by themselves first, then in doubling steps."""
    edges = [1, 2, 3, 5, 9, 17, 33, 65, 129, 257, 513, 1025, 2049, 4097, 8193]
    return [edge for edge in edges if edge <= max(largest, 2)]


def _size_label(low: int, high: int | None) -> str:
    if high is None:
        return f"{low}+" if low > 2 else str(low)
    return str(low) if high == low + 1 else f"{low}–{high - 1}"


def _threshold_axis(low: float) -> alt.X:
    domain = [max(-100.0, low * 100), 100.0]
    return alt.X("threshold:Q", title="similarity threshold, %", scale=alt.Scale(domain=domain, nice=False, clamp=True))


def _threshold_rule(value: float, x: alt.X) -> alt.Chart:
    frame = pd.DataFrame({"threshold": [value * 100]})
    return alt.Chart(frame).mark_rule(strokeDash=[5, 4], strokeWidth=2, color=VERMILION).encode(x=x)
