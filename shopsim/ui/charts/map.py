"""Makes the chart of the Map page from points, colours and names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from shopsim.ui.charts.map_colours import PALETTE, REST, WRONG

# Names of the selections, as the browser returns them.
PICK, BRUSH, ZOOM = "pick", "brush", "zoom"
HEIGHT = 560
# Empty margin around the points, as a share of their extent.
MARGIN = 1.06
FAINT, _PICKED = 0.35, "#CC79A7"
# The area of a point in the background, and of a wrong one, against that of all others.
REST_AREA, WRONG_AREA = 0.7, 1.4
_MOST_GROWTH = 5
_DRAG = "[pointerdown[{}event.shiftKey], window:pointerup] > window:pointermove!"
_WITH_CTRL = "event.ctrlKey || event.metaKey"
_HINTS = ("model", "group", "verdict")


def map_frame(points: np.ndarray, rows: np.ndarray, kinds: np.ndarray, texts: Mapping[str, list[str]]) -> pd.DataFrame:
    """Returns one row per point, those in the background first, so that they hide no others.

    points: (m, 2); rows: (m,) the photo of each point; kinds: (m,) positions in PALETTE.
    texts: columns of m strings for the tooltip: name, image (an address, '' for none) and any of _HINTS.
    """
    frame = pd.DataFrame(
        {
            "row": rows.astype(np.int32),
            "x": points[:, 0].astype(np.float32),
            "y": points[:, 1].astype(np.float32),
            "kind": kinds.astype(np.int8),
            **texts,
        }
    )
    # Rarer kinds are on top: grey, then right, split off, wrong; categories in their own order.
    return frame.iloc[np.argsort(layers(kinds), kind="stable")].reset_index(drop=True)


def layers(kinds: np.ndarray) -> np.ndarray:
    """Returns how far up each point is drawn, from its kind."""
    return np.where(kinds == REST, -1, np.where(kinds == WRONG, len(PALETTE), kinds))


def map_chart(frame: pd.DataFrame) -> alt.Chart:
    """Draws a scatter plot: drag draws a frame, click picks, scroll zooms, shift and drag moves.

    Colours are data, not part of the chart, so that the browser keeps its zoom and frame when colours change.
    The axes have no meaning and are left out; both have the same scale.
    """
    x, y = frame["x"].to_numpy(), frame["y"].to_numpy()
    size, kinds = _size(len(frame), float(np.ptp(x)) if len(x) else 0.0), range(len(PALETTE))
    pick = alt.selection_point(name=PICK, fields=["row"], empty=False, on="click[!event.shiftKey]", toggle=_WITH_CTRL)
    brush = alt.selection_interval(
        name=BRUSH,
        on=_DRAG.format("!"),
        zoom=False,
        # In the colour of picked points: in the colour of a kind, the frame would vanish among the points.
        mark=alt.BrushConfig(fill=_PICKED, fillOpacity=0.12, stroke=_PICKED, strokeOpacity=1, strokeWidth=2.5),
    )
    zoom = alt.selection_interval(
        name=ZOOM,
        bind="scales",
        on=_DRAG.format(""),
        translate=_DRAG.format(""),
        # The default is a double click, which also clears the frame.
        clear="dblclick[event.shiftKey]",
    )
    return (
        alt.Chart(frame, height=HEIGHT)
        .mark_point(filled=True, strokeWidth=0)
        .encode(
            x=alt.X("x:Q", axis=None, scale=_equal_aspect(x, "width", x, y)),
            y=alt.Y("y:Q", axis=None, scale=_equal_aspect(y, "height", x, y)),
            color=_by_kind(alt.Color, list(PALETTE)),
            shape=_by_kind(alt.Shape, ["diamond" if kind == WRONG else "circle" for kind in kinds]),
            size=alt.condition(pick, alt.value(alt.ExprRef(f"4 * {size}")), alt.value(alt.ExprRef(size))),
            opacity=alt.condition(f"datum.kind == {REST}", alt.value(FAINT), alt.value(point_opacity(len(frame)))),
            stroke=alt.value(_PICKED),
            strokeWidth=alt.condition(pick, alt.value(4), alt.value(0)),
            tooltip=_tooltip(frame),
        )
        .add_params(pick, brush, zoom)
        .configure_view(stroke=None)
    )


def selected_rows(selection: Mapping[str, Any], points: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Returns (k,) ascending rows of the photos in the frame, or of the clicked ones if there is no frame.

    selection: the browser's report, {PICK: [{'row': 3}], BRUSH: {'x': [low, high], 'y': [low, high]}}.
    Photos that are not on the map are ignored.
    """
    brush = selection.get(BRUSH) or {}
    if "x" in brush and "y" in brush:
        inside = np.ones(len(points), dtype=bool)
        for axis, name in enumerate("xy"):
            low, high = sorted(brush[name])
            inside &= (points[:, axis] >= low) & (points[:, axis] <= high)
        return rows[inside]
    picked = [int(item["row"]) for item in selection.get(PICK) or [] if "row" in item]
    return rows[np.isin(rows, picked)]


def point_size(n_points: int) -> float:
    """Returns the area of a point in square pixels: the more points, the smaller."""
    return float(np.clip(120_000 / max(n_points, 1), 12, 110))


def point_opacity(n_points: int) -> float:
    """Returns the opacity of points: if many overlap, those below are visible through the others."""
    return 0.9 if n_points <= 12_000 else 0.7


def _size(n_points: int, extent: float) -> str:
    """Returns the area of a point as an expression: larger for wrong ones and with zoom, smaller in the background."""
    of_kind = f"(datum.kind == {REST} ? {REST_AREA} : datum.kind == {WRONG} ? {WRONG_AREA} : 1)"
    zoomed = f"({ZOOM}.x ? clamp({extent!r} / (abs({ZOOM}.x[1] - {ZOOM}.x[0]) + 1e-9), 1, {_MOST_GROWTH}) : 1)"
    return f"{point_size(n_points)!r} * {of_kind} * {zoomed}"


def _by_kind(channel: type[alt.Color | alt.Shape], values: list[Any]) -> alt.Color | alt.Shape:
    return channel("kind:N", legend=None, scale=alt.Scale(domain=list(range(len(values))), range=values))


def _equal_aspect(values: np.ndarray, side: str, x: np.ndarray, y: np.ndarray) -> alt.Scale:
    """Returns the scale of one axis, computed in the browser, since only the browser knows the chart's width."""
    center = float(values.min() + values.max()) / 2 if len(values) else 0.0
    wide, high = (float(np.ptp(v)) * MARGIN or 1.0 for v in (x, y)) if len(x) else (1.0, 1.0)
    half = f"max({wide!r}/width, {high!r}/height)*{side}/2"
    return alt.Scale(
        domainMin=alt.ExprRef(f"{center!r} - {half}"),
        domainMax=alt.ExprRef(f"{center!r} + {half}"),
        zero=False,
        nice=False,
        padding=0,
    )


def _tooltip(frame: pd.DataFrame) -> list[alt.Tooltip]:
    """Makes the tooltip; Streamlit shows the names `title` and `image` as a heading and a picture."""
    fields = [alt.Tooltip("name:N", title="title"), alt.Tooltip("image:N", title="image")]
    return fields + [alt.Tooltip(f"{hint}:N") for hint in _HINTS if hint in frame]
