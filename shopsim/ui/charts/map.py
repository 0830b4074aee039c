"""Points, colours and names -> the chart of the Map page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from shopsim.ui.charts.map_colours import PALETTE, REST, WRONG

# Names of the selections, as they come back from the browser.
PICK, BRUSH, ZOOM = "pick", "brush", "zoom"
HEIGHT = 560
# Empty margin around the points, as a share of their extent.
_MARGIN = 1.06
_FAINT, _PICKED = 0.35, "#CC79A7"
_MOST_GROWTH = 5
_DRAG = "[pointerdown[{}event.shiftKey], window:pointerup] > window:pointermove!"
_WITH_CTRL = "event.ctrlKey || event.metaKey"
_HINTS = ("model", "group", "verdict")


def map_frame(points: np.ndarray, rows: np.ndarray, kinds: np.ndarray, texts: Mapping[str, list[str]]) -> pd.DataFrame:
    """One row a point, those in the background first so that none hides what matters.

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
    # What is rarer by nature lies on top: grey, then right, split off, wrong; categories as they come.
    return frame.iloc[np.argsort(_layer(kinds), kind="stable")].reset_index(drop=True)


def _layer(kinds: np.ndarray) -> np.ndarray:
    return np.where(kinds == REST, -1, np.where(kinds == WRONG, len(PALETTE), kinds))


def map_chart(frame: pd.DataFrame) -> alt.Chart:
    """A scatter plot: drag draws a frame, click picks, scroll zooms, shift and drag moves.

    Everything that changes with a colour is data, so that the browser keeps its zoom and frame when colours change.
    The axes carry no meaning and are left out; one unit is as long across as it is upward.
    """
    x, y = frame["x"].to_numpy(), frame["y"].to_numpy()
    size, kinds = _size(len(frame), float(np.ptp(x)) if len(x) else 0.0), range(len(PALETTE))
    pick = alt.selection_point(name=PICK, fields=["row"], empty=False, on="click[!event.shiftKey]", toggle=_WITH_CTRL)
    brush = alt.selection_interval(
        name=BRUSH,
        on=_DRAG.format("!"),
        zoom=False,
        # In the colour of what is picked: in that of a kind it would vanish among the points.
        mark=alt.BrushConfig(fill=_PICKED, fillOpacity=0.12, stroke=_PICKED, strokeOpacity=1, strokeWidth=2.5),
    )
    zoom = alt.selection_interval(
        name=ZOOM,
        bind="scales",
        on=_DRAG.format(""),
        translate=_DRAG.format(""),
        # By default a double click, which also clears the frame.
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
            opacity=alt.condition(f"datum.kind == {REST}", alt.value(_FAINT), alt.value(_opacity(len(frame)))),
            stroke=alt.value(_PICKED),
            strokeWidth=alt.condition(pick, alt.value(4), alt.value(0)),
            tooltip=_tooltip(frame),
        )
        .add_params(pick, brush, zoom)
        .configure_view(stroke=None)
    )


def selected_rows(selection: Mapping[str, Any], points: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """(k,) ascending rows of the photos in the frame, or of those clicked if there is no frame.

    selection: what the browser reports, {PICK: [{'row': 3}], BRUSH: {'x': [low, high], 'y': [low, high]}}; photos
    that are not on the map are passed over.
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
    """Area of a point in square pixels: many points are small ones."""
    return float(np.clip(120_000 / max(n_points, 1), 12, 110))


def _opacity(n_points: int) -> float:
    """Where points must overlap, those below shine through."""
    return 0.9 if n_points <= 12_000 else 0.7


def _size(n_points: int, extent: float) -> str:
    """Area of a point as an expression: wrong ones larger, the background smaller, all growing with the zoom."""
    of_kind = f"(datum.kind == {REST} ? 0.7 : datum.kind == {WRONG} ? 1.4 : 1)"
    zoomed = f"({ZOOM}.x ? clamp({extent!r} / (abs({ZOOM}.x[1] - {ZOOM}.x[0]) + 1e-9), 1, {_MOST_GROWTH}) : 1)"
    return f"{point_size(n_points)!r} * {of_kind} * {zoomed}"


def _by_kind(channel: type[alt.Color | alt.Shape], values: list[Any]) -> alt.Color | alt.Shape:
    return channel("kind:N", legend=None, scale=alt.Scale(domain=list(range(len(values))), range=values))


def _equal_aspect(values: np.ndarray, side: str, x: np.ndarray, y: np.ndarray) -> alt.Scale:
    """The scale of one axis, worked out in the browser, which alone knows how wide the chart is."""
    center = float(values.min() + values.max()) / 2 if len(values) else 0.0
    wide, high = (float(np.ptp(v)) * _MARGIN or 1.0 for v in (x, y)) if len(x) else (1.0, 1.0)
    half = f"max({wide!r}/width, {high!r}/height)*{side}/2"
    return alt.Scale(
        domainMin=alt.ExprRef(f"{center!r} - {half}"),
        domainMax=alt.ExprRef(f"{center!r} + {half}"),
        zero=False,
        nice=False,
        padding=0,
    )


def _tooltip(frame: pd.DataFrame) -> list[alt.Tooltip]:
    """`title` and `image` are names that Streamlit's tooltip shows as a heading and a picture."""
    fields = [alt.Tooltip("name:N", title="title"), alt.Tooltip("image:N", title="image")]
    return fields + [alt.Tooltip(f"{hint}:N") for hint in _HINTS if hint in frame]
