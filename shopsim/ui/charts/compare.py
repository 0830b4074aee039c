"""Makes an Altair chart with the curves of several settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd

from shopsim.grouping.grouping import Grouping
from shopsim.scoring.curve import CountCurve, Curve
from shopsim.ui.charts.style import BLUE, GREEN, ORANGE, VERMILION, name_colour, spread

# Okabe and Ito's colours, the most different first; dashes distinguish the lines without any colour.
COLOURS = (BLUE, VERMILION, GREEN, ORANGE, "#CC79A7", "#56B4E9")
_DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4], [12, 4])
MOST_LINES = len(COLOURS)
VIEWS = {
    "threshold": "ARI at every threshold",
    "groups": "ARI against groups",
    "pairs": "Precision against recall",
}
_HEIGHT, _LABEL_HEIGHT, _POINTS = 380, 17, 600
# Room for the labels, as a share of the plotted range of the axis.
_MARGIN = 0.42


@dataclass(frozen=True, eq=False)
class Line:
    """Describes one setting: its name, and its curve, or the single cut if it has no curve.

    measure: the control's word for the threshold, such as similarity.
    """

    name: str
    curve: CountCurve | None
    cut: Grouping | None = None
    measure: str = "similarity"


@dataclass(frozen=True)
class _Axes:
    """Describes both axes: their columns of the frame, their titles and their plotted ranges."""

    x: str
    y: str
    x_title: str
    y_title: str
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    log_x: bool = False
    log_y: bool = False

    def right_of(self, share: float) -> float:
        """Returns the x value this far to the right of the plotted range, as a share of it."""
        low, high = self.x_range
        return high * (high / low) ** share if self.log_x else high + (high - low) * share


def compare_chart(lines: Sequence[Line], view: str, dark: bool = False) -> alt.LayerChart:
    """Draws the lines of one of VIEWS, at most MOST_LINES, each with its name and best ARI beside it.

    Without labels it can only draw the number of groups at every threshold. dark: the theme.
    """
    points, marks = _points(lines), _marks(lines)
    axes = _axes(points, marks, view, _threshold_title(lines))
    marks = _placed(marks, axes)
    names = [line.name for line in lines]
    color = alt.Color("name:N", scale=alt.Scale(domain=names, range=list(COLOURS[: len(names)])), legend=None)
    dash = alt.StrokeDash("name:N", scale=alt.Scale(domain=names, range=list(_DASHES[: len(names)])), legend=None)
    x, y = _x(axes), _y(axes)
    interpolate = "step-before" if axes.x == "threshold" else "linear"
    drawn = (
        alt.Chart(points)
        .mark_line(strokeWidth=2, clip=True, interpolate=interpolate)
        .encode(x=x, y=y, color=color, strokeDash=dash, order="threshold:Q", tooltip=_tooltip(points))
    )
    base = alt.Chart(marks).encode(y=y)
    spots = base.mark_point(size=80, filled=True, opacity=1).encode(x=x, color=color, tooltip=_tooltip(marks))
    leaders = base.mark_rule(strokeWidth=1, opacity=0.7).encode(x=x, x2="edge:Q", y2="label_y:Q", color=color)
    ends = alt.Chart(marks).encode(x=alt.X("edge:Q"), y=alt.Y("label_y:Q"))
    texts = ends.mark_text(align="left", dx=6, fontSize=12, color=name_colour(dark)).encode(text="label:N")
    return alt.layer(drawn, leaders, spots, texts).properties(height=_HEIGHT)


def _points(lines: Sequence[Line]) -> pd.DataFrame:
    """Returns one row per point of each curve; the columns of scores have the names that people see."""
    frames = [_of_curve(line.name, line.curve.thin(_POINTS)) for line in lines if line.curve is not None]
    columns = ["name", "threshold", "groups"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def _of_curve(name: str, curve: CountCurve) -> pd.DataFrame:
    frame = pd.DataFrame({"name": name, "threshold": curve.similarity * 100, "groups": curve.n_groups})
    if isinstance(curve, Curve):
        frame["ARI"], frame["precision"], frame["recall"] = curve.ari, curve.precision, curve.recall
    # In rising order, as the steps are drawn.
    return frame[::-1]


def _marks(lines: Sequence[Line]) -> pd.DataFrame:
    """Returns one row per line: its best point, or its only one."""
    return pd.DataFrame([_mark(line) for line in lines])


def _mark(line: Line) -> dict[str, object]:
    if isinstance(line.curve, Curve):
        frame = _of_curve(line.name, line.curve)
        best = frame.iloc[len(frame) - 1 - line.curve.best].to_dict()
        return best | {"label": f"{best['ARI']:z.3f}  {line.name}"}
    if line.curve is not None:
        middle = _of_curve(line.name, line.curve).iloc[len(line.curve) // 2].to_dict()
        return middle | {"label": line.name}
    scores = line.cut.evaluation
    only = {"name": line.name, "threshold": np.nan, "groups": int(line.cut.labels_pred.max()) + 1, "label": line.name}
    if scores is not None:
        pairs = {"precision": scores.pairs.precision, "recall": scores.pairs.recall}
        only |= {"ARI": scores.ari, **pairs, "label": f"{scores.ari:z.3f}  {line.name}"}
    return only


def _threshold_title(lines: Sequence[Line]) -> str:
    measures = {line.measure for line in lines if line.curve is not None}
    return f"{measures.pop()} threshold, %" if len(measures) == 1 else "threshold, %"


def _axes(points: pd.DataFrame, marks: pd.DataFrame, view: str, threshold_title: str) -> _Axes:
    both = pd.concat([points, marks], ignore_index=True)
    most, low = max(float(both["groups"].max()), 2.0), float(np.floor(both["threshold"].min()))
    threshold = (max(-100.0, min(low, 99.0)) if np.isfinite(low) else 0.0, 100.0)
    if "ARI" not in both:
        return _Axes("threshold", "groups", threshold_title, "groups", threshold, (1, most), log_y=True)
    ari = (min(0.0, float(both["ARI"].min())), 1.0)
    if view == "groups":
        return _Axes("groups", "ARI", "groups", "ARI", (1.0, most), ari, log_x=True)
    if view == "pairs":
        return _Axes("recall", "precision", "pair recall", "pair precision", (0.0, 1.0), (0.0, 1.0))
    return _Axes("threshold", "ARI", threshold_title, "ARI", threshold, ari)


def _placed(marks: pd.DataFrame, axes: _Axes) -> pd.DataFrame:
    """Adds the places of the marks' labels: right of the plotted range, near their own height, without overlap."""
    marks = marks[marks[axes.x].notna()].copy()
    low, high = (np.log(axes.y_range)) if axes.log_y else axes.y_range
    wanted = np.log(marks[axes.y]) if axes.log_y else marks[axes.y]
    heights = spread((wanted.to_numpy(float) - low) / max(high - low, 1e-9), _LABEL_HEIGHT / _HEIGHT)
    marks["label_y"] = np.exp(low + heights * (high - low)) if axes.log_y else low + heights * (high - low)
    marks["edge"] = axes.right_of(0.03)
    return marks


def _x(axes: _Axes) -> alt.X:
    low, high = axes.x_range
    kind = "log" if axes.log_x else "linear"
    scale = alt.Scale(type=kind, domain=[low, axes.right_of(_MARGIN)], nice=False, zero=False)
    if axes.log_x:
        values = [tick for power in range(7) for tick in (10**power, 3 * 10**power) if tick <= high]
    else:
        step = next(step for step in (0.2, 5, 10, 20, 50) if (high - low) / step <= 10)
        values = np.arange(np.ceil(low / step) * step, high + step / 2, step).round(6).tolist()
    # Nothing is drawn at the place of the labels.
    return alt.X(f"{axes.x}:Q", title=axes.x_title, scale=scale, axis=alt.Axis(values=values, titleAnchor="start"))


def _y(axes: _Axes) -> alt.Y:
    kind = "log" if axes.log_y else "linear"
    scale = alt.Scale(type=kind, domain=list(axes.y_range), nice=False, zero=False)
    return alt.Y(f"{axes.y}:Q", title=axes.y_title, scale=scale, axis=alt.Axis(grid=False))


def _tooltip(frame: pd.DataFrame) -> list[alt.Tooltip]:
    scores = [alt.Tooltip(f"{name}:Q", format=".3f") for name in ("ARI", "precision", "recall") if name in frame]
    threshold = alt.Tooltip("threshold:Q", format=".2f", title="joined from %")
    return [alt.Tooltip("name:N", title="setting"), threshold, alt.Tooltip("groups:Q", format=","), *scores]
