"""Makes an Altair chart of true models against groups."""

from __future__ import annotations

import json
from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from shopsim.ui.charts.style import RIGHT, WRONG

# Okabe and Ito's sky blue, for photos that are right too, but in another group than most of their model.
APART = "#56B4E9"
KINDS = {
    "most of its model": RIGHT,
    "split off": APART,
    "in another model's group": WRONG,
}
_ROW_HEIGHT, _COLUMN_WIDTH, _WHOLE_HEIGHT = 27, 44, 640
# The chart's size on the page includes its labels and legend.
_LABELS_WIDTH, _LABELS_HEIGHT, _LEAST_WIDTH = 250, 125, 640
# So many names fit beside a whole matrix.
_MOST_NAMED = 40
_FAINTEST, _DEEP = 0.35, 0.45


def matrix_frame(
    table: csr_array,
    models: Sequence[int],
    groups: Sequence[int],
    ids: Sequence[str],
    names: Sequence[str],
    sizes: np.ndarray,
) -> pd.DataFrame:
    """Returns one row per cell with photos, of these models (rows) and groups (columns) in this order.

    table: (n_models, n_groups) photos; ids, names: of all models; sizes: (n_groups,) photos of each group, those
    without a known model included.
    Columns: x, y (places of the group and the model), group, model (id), name, photos, of_model, of_group,
    kind (one of KINDS), strength (0 to 1: square root of the photos over the largest cell's).
    """
    column_place = {group: place for place, group in enumerate(groups)}
    dominant = np.asarray(table.argmax(axis=0)).ravel()
    home = np.asarray(table.argmax(axis=1)).ravel()
    totals = table.sum(axis=1)
    cells = []
    for y, model in enumerate(models):
        inside = slice(table.indptr[model], table.indptr[model + 1])
        for group, photos in zip(table.indices[inside].tolist(), table.data[inside].tolist(), strict=True):
            if group in column_place and photos:
                kind = _kind(bool(dominant[group] == model), bool(home[model] == group))
                cells.append((column_place[group], y, group, ids[model], names[model], photos))
                cells[-1] += (int(totals[model]), int(sizes[group]), kind)
    frame = pd.DataFrame(cells, columns=["x", "y", "group", "model", "name", "photos", "of_model", "of_group", "kind"])
    largest = max(int(frame["photos"].max()), 1) if len(frame) else 1
    frame["strength"] = np.sqrt(frame["photos"] / largest)
    return frame


def matrix_chart(
    frame: pd.DataFrame,
    row_labels: Sequence[str],
    column_labels: Sequence[str],
    whole: bool = False,
    dark: bool = False,
) -> alt.LayerChart:
    """Draws the cells of `matrix_frame`; a click selects under the name `cell`, by the fields model and group.

    row_labels, column_labels: one per place. whole: the chart has a fixed height for any number of rows, and people can
    drag and zoom it. Otherwise every row has its label and every cell its number. dark: the theme.
    """
    n_rows, n_columns = len(row_labels), len(column_labels)
    # All layers need the same axis, or Vega leaves out some labels.
    x = {"axis": _axis(column_labels, "group", whole, n_columns > 24), "scale": _scale(n_columns, False)}
    y = {"axis": _axis(row_labels, None, whole, False), "scale": _scale(n_rows, True)}
    cell = alt.selection_point(name="cell", fields=["model", "group"], empty=False)
    base = alt.Chart(frame).transform_calculate(
        left="datum.x - 0.48", right="datum.x + 0.48", top="datum.y - 0.46", bottom="datum.y + 0.46"
    )
    # With thousands of columns, a cell is narrower than a pixel, but its outline is not.
    cells = _rectangles(base, x, y, alt.condition(cell, alt.value(4), alt.value(1.5 if whole else 0.8)))
    height = _LABELS_HEIGHT + _ROW_HEIGHT * max(n_rows, 2)
    if whole:
        zoom = alt.selection_interval(name="zoom", bind="scales")
        return alt.layer(cells.add_params(cell, zoom)).properties(height=min(_WHOLE_HEIGHT, height))
    numbers = base.mark_text(fontSize=11, fontWeight=600, tooltip=None).encode(
        x=alt.X("x:Q", **x), y=alt.Y("y:Q", **y), text="photos:Q", color=_number_color(dark)
    )
    width = max(_LEAST_WIDTH, _LABELS_WIDTH + _COLUMN_WIDTH * n_columns)
    return alt.layer(cells.add_params(cell), numbers).properties(width=width, height=height)


def _rectangles(base: alt.Chart, x: dict, y: dict, outline: dict) -> alt.Chart:
    """Draws each cell in the colour of its kind; x, y: axis and scale; outline: its width."""
    return base.mark_rect(cursor="pointer", clip=True).encode(
        x=alt.X("left:Q", **x),
        x2="right:Q",
        y=alt.Y("top:Q", **y),
        y2="bottom:Q",
        fill=alt.Fill("kind:N", scale=_kind_scale(), legend=alt.Legend(title=None, orient="top", labelLimit=300)),
        opacity=alt.Opacity("strength:Q", scale=alt.Scale(domain=[0, 1], range=[_FAINTEST, 1]), legend=None),
        stroke=alt.Stroke("kind:N", scale=_kind_scale(), legend=None),
        strokeWidth=outline,
        tooltip=_tooltip(),
    )


def _number_color(dark: bool) -> dict:
    """Returns a readable text colour, for dark cells of each colour and for pale cells on the theme's background."""
    black, white = alt.value("#111111"), alt.value("#ffffff")
    apart = f"datum.strength > {_DEEP} && datum.kind == '{list(KINDS)[1]}'"
    deep = f"datum.strength > {_DEEP}"
    return alt.when(apart).then(black).when(deep).then(white).otherwise(white if dark else black)


def _kind(dominant: bool, home: bool) -> str:
    right, apart, wrong = KINDS
    if not dominant:
        return wrong
    return right if home else apart


def _kind_scale() -> alt.Scale:
    return alt.Scale(domain=list(KINDS), range=list(KINDS.values()))


def _scale(count: int, reverse: bool) -> alt.Scale:
    return alt.Scale(domain=[-0.5, max(count, 1) - 0.5], nice=False, zero=False, reverse=reverse)


def _axis(labels: Sequence[str], title: str | None, whole: bool, upright: bool) -> alt.Axis:
    """Makes an axis that shows names; ticks between two places, as in some zoom steps, stay empty."""
    named = f"{json.dumps(list(labels))}[datum.value]"
    # Vega would name every second of a dozen rows.
    ticks = (
        {"tickMinStep": 1, "labelOverlap": True}
        if whole and len(labels) > _MOST_NAMED
        else {"values": list(range(len(labels))), "labelOverlap": False}
    )
    return alt.Axis(
        title=title,
        labelExpr=f"datum.value >= 0 && datum.value < {len(labels)} && datum.value % 1 == 0 ? {named} : ''",
        labelLimit=230,
        labelAngle=-90 if upright else 0,
        grid=False,
        ticks=False,
        domain=False,
        **ticks,
    )


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("name:N", title="model"),
        alt.Tooltip("group:Q", title="group"),
        alt.Tooltip("photos:Q", format=","),
        alt.Tooltip("of_model:Q", title="photos of the model", format=","),
        alt.Tooltip("of_group:Q", title="photos in the group", format=","),
        alt.Tooltip("kind:N", title="this cell"),
    ]
