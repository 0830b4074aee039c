"""Makes Altair charts with few colours, which colour-blind people can distinguish, on the light and the dark theme."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from shopsim.scoring.curve import CountCurve, Curve
from shopsim.tuning.built_in.expected import ExpectedCurve

# Okabe and Ito, Color Universal Design (2008).
BLUE, ORANGE, GREEN, VERMILION, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#8a8f98"
RIGHT, WRONG = BLUE, VERMILION
# The name of the curve's click selection.
PICK = "pick"
_DASHES = [7, 4]
_SCORES = {"ari": ("ARI", BLUE), "precision": ("pair precision", ORANGE), "recall": ("pair recall", GREEN)}


def score_curve(curve: Curve, value: float, low: float, measure: str = "similarity") -> alt.LayerChart:
    """Draws ARI, pair precision and recall against the threshold in percent; marks the current and the best one.

    A click selects the nearest point (PICK), whose field `take` is the threshold to set. measure: of the control.
    """
    wide = _points(curve.drawn(low, value), low)
    names = [name for name, _ in _SCORES.values()]
    x = _threshold_axis(low, measure)
    y = alt.Y("score:Q", title=None, scale=alt.Scale(domain=[min(0.0, float(wide["ARI"].min())), 1.0]))
    color = alt.Color(
        "which:N",
        scale=alt.Scale(domain=names, range=[color for _, color in _SCORES.values()]),
        legend=alt.Legend(title=None, orient="top"),
    )
    # The last one is drawn on top: ARI and recall are close to each other while no pairs are wrongly joined.
    lines = alt.Chart(wide).transform_fold(names[::-1], as_=["which", "score"]).encode(x=x, y=y, color=color)
    best = pd.DataFrame({"threshold": [curve.best_threshold * 100], "score": [float(curve.ari[curve.best])]})
    best["label"] = [f"best {best['score'][0]:.3f}"]
    marked = alt.Chart(best).encode(x=x, y="score:Q")
    point = marked.mark_point(size=90, filled=True, color=BLUE)
    # The label points towards the middle, so that it is never cut.
    inward = {"align": "right", "dx": -8} if curve.best_threshold > (low + 1) / 2 else {"align": "left", "dx": 8}
    # At the foot of the chart: at the best threshold all scores are high, so no line passes there.
    foot = alt.value(alt.ExprRef("height - 10"))
    text = marked.mark_text(color=GREY, fontWeight="bold", **inward).encode(text="label:N", y=foot)
    tooltip = [*_tooltip(), *(alt.Tooltip(f"{name}:Q", format=".3f") for name in names)]
    return alt.layer(_stepped(lines), _picker(wide, x, tooltip), point, text, _rule(value, x)).properties(height=320)


def count_curve_chart(curve: CountCurve, value: float, low: float, measure: str = "similarity") -> alt.LayerChart:
    """Draws the number of groups against the threshold in percent, for photos without true models; a click as above."""
    wide = _points(curve.drawn(low, value), low)
    x = _threshold_axis(low, measure)
    line = alt.Chart(wide).encode(x=x, y=alt.Y("groups:Q", title="groups"), color=alt.value(BLUE))
    return alt.layer(_stepped(line), _picker(wide, x, _tooltip()), _rule(value, x)).properties(height=320)


def expected_curve_chart(curve: CountCurve, expected: ExpectedCurve, value: float, low: float) -> alt.LayerChart:
    """Draws the expected scores, dashed, and the likely range of the ARI as a band, for photos without true models.

    A click as in `score_curve`.
    """
    wide = _points(curve.drawn(low, value), low)
    # Between the cuts that were estimated, the scores change evenly.
    wide["threshold"] = wide["take"] * 100
    for field, (name, _) in _SCORES.items():
        estimates = expected.between(wide["take"].to_numpy(), getattr(expected, field))
        wide[f"expected {name}"] = estimates[:, 0]
        if field == "ari":
            wide["low"], wide["high"] = estimates[:, 1], estimates[:, 2]
    names = [f"expected {name}" for name, _ in _SCORES.values()]
    x = _threshold_axis(low, "similarity")
    y = alt.Y("score:Q", title=None, scale=alt.Scale(domain=[0.0, 1.0]))
    color = alt.Color(
        "which:N",
        scale=alt.Scale(domain=names, range=[color for _, color in _SCORES.values()]),
        legend=alt.Legend(
            title="expected",
            titleOrient="left",
            orient="top",
            # The title has the word already, and three long names have no room.
            labelExpr="replace(datum.label, 'expected ', '')",
            symbolType="stroke",
            symbolDash=[3, 2],
            symbolSize=300,
        ),
    )
    lines = alt.Chart(wide).transform_fold(names[::-1], as_=["which", "score"]).encode(x=x, y=y, color=color)
    drawn = lines.mark_line(strokeDash=_DASHES, strokeWidth=2, clip=True)
    band = alt.Chart(wide).mark_area(color=BLUE, opacity=0.15, clip=True)
    band = band.encode(x=x, y=alt.Y("low:Q", title=None), y2="high:Q")
    tooltip = [*_tooltip(), *(alt.Tooltip(f"{name}:Q", format=".2f") for name in names)]
    return alt.layer(band, drawn, _picker(wide, x, tooltip), _rule(value, x)).properties(height=320)


def _points(curve: CountCurve, low: float) -> pd.DataFrame:
    """Returns one row per point of the curve; the columns of scores, if any, have the names that people see.

    The browser makes one line per score of them, so that nothing is sent twice.
    """
    # Below `low` nothing changes, and no slider goes there.
    take = np.maximum(curve.threshold, low)
    frame = pd.DataFrame({"threshold": curve.similarity * 100, "take": take, "groups": curve.n_groups})
    if isinstance(curve, Curve):
        for field, (name, _) in _SCORES.items():
            frame[name] = getattr(curve, field)
    # In rising order: all photos alone, and equal copies joined, are both at 100 %, where the step goes up.
    return frame[::-1].reset_index(drop=True)


def _stepped(chart: alt.Chart) -> alt.Chart:
    # A cut is the same from its merge's similarity down to the next one: a step, not a slope.
    return chart.mark_line(interpolate="step-before", strokeWidth=2, clip=True)


def _picker(wide: pd.DataFrame, x: alt.X, tooltip: list[alt.Tooltip]) -> alt.Chart:
    """Draws invisible rules, which show the numbers of the nearest point and are selected by a click."""
    hover = alt.selection_point(name="near", nearest=True, on="pointerover", clear="pointerout", fields=["take"])
    pick = alt.selection_point(name=PICK, nearest=True, on="click", fields=["take"])
    return (
        alt.Chart(wide)
        .mark_rule(color=GREY, strokeWidth=1)
        .encode(x=x, opacity=alt.condition(hover, alt.value(0.6), alt.value(0.0), empty=False), tooltip=tooltip)
        .add_params(hover, pick)
    )


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("threshold:Q", format=".2f", title="joined from %"),
        alt.Tooltip("groups:Q", format=","),
    ]


def size_histogram(sizes: np.ndarray) -> alt.Chart:
    """Draws the number of groups by number of photos; sizes: (n_groups,) integers."""
    edges = _size_edges(int(sizes.max(initial=1)))
    counts = np.histogram(sizes, bins=[*edges, edges[-1] * 10**9])[0]
    labels = [_size_label(low, high) for low, high in zip(edges, [*edges[1:], None], strict=True)]
    frame = pd.DataFrame({"size": labels, "groups": counts})
    # Horizontal bars, so that every label has room in a narrow column.
    base = alt.Chart(frame).encode(
        y=alt.Y("size:N", sort=labels, title="photos in the group"),
        x=alt.X("groups:Q", title="groups", axis=alt.Axis(tickMinStep=1), scale=_with_room(int(counts.max()))),
        tooltip=[alt.Tooltip("size:N", title="photos"), alt.Tooltip("groups:Q", format=",")],
    )
    bars = base.mark_bar(color=BLUE, cornerRadiusEnd=2)
    numbers = (
        base.transform_filter("datum.groups > 0")
        .mark_text(dx=4, align="left", color=GREY)
        .encode(text=alt.Text("groups:Q", format=","))
    )
    return (bars + numbers).properties(height=320)


def _with_room(longest: int) -> alt.Scale:
    """Returns a scale that leaves room for the number behind the longest bar."""
    return alt.Scale(domain=[0, 1.15 * max(1, longest)], nice=False)


def _size_edges(largest: int) -> list[int]:
    """Returns the edges of the bins: single small sizes first, then doubling steps."""
    edges = [1, 2, 3, 5, 9, 17, 33, 65, 129, 257, 513, 1025, 2049, 4097, 8193]
    return [edge for edge in edges if edge <= max(largest, 2)]


def _size_label(low: int, high: int | None) -> str:
    if high is None:
        return f"{low}+" if low > 2 else str(low)
    return str(low) if high == low + 1 else f"{low}–{high - 1}"


def _threshold_axis(low: float, measure: str) -> alt.X:
    domain = [max(-100.0, low * 100), 100.0]
    scale = alt.Scale(domain=domain, nice=False, clamp=True)
    return alt.X("threshold:Q", title=f"{measure} threshold, %", scale=scale)


def _rule(value: float, x: alt.X) -> alt.Chart:
    frame = pd.DataFrame({"threshold": [value * 100]})
    return alt.Chart(frame).mark_rule(strokeDash=[5, 4], strokeWidth=2, color=VERMILION).encode(x=x)


def name_colour(dark: bool) -> str:
    """Returns the colour of a text beside a mark, which does not follow the theme by itself; dark: the theme."""
    return "#fafafa" if dark else "#31333f"


def spread(heights: np.ndarray, gap: float) -> np.ndarray:
    """Moves heights from 0 to 1 as little as possible, so that they are `gap` apart and inside."""
    order = np.argsort(-heights, kind="stable")
    placed = heights.copy()
    above = 1.0 + gap
    for place in order:
        placed[place] = above = min(placed[place], above - gap)
    below = -gap
    for place in order[::-1]:
        placed[place] = below = max(placed[place], below + gap)
    return placed
