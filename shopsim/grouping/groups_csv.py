"""The groups as a CSV file that Excel, people and programs read."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.base.text.csv_text import decode, read_bytes, unguard
from shopsim.base.text.delimited import parse_table
from shopsim.base.text.spreadsheet import Digits, csv_bytes
from shopsim.catalog.labels.label_values import as_integer

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("image_id", "model", "product", "group", "group_size", "similarity", "representative")


def groups_csv(
    image_ids: Sequence[str],
    models: Sequence[str | None],
    products: Sequence[str | None],
    labels_pred: np.ndarray,
    similarity: np.ndarray,
    representative_ids: Sequence[str],
    raw: bool = False,
    rows: Collection[int] | None = None,
) -> bytes:
    """One row per photo, by image_id: UTF-8 with byte order mark, lines end with CR LF, the same bytes every time.

    All arguments have one entry per photo; a model or product that is None is an empty cell.
    labels_pred: (n,) integers. similarity: (n,) cosine of each photo to its group's representative, written with
    6 decimals. representative_ids: the image_id of each photo's representative.
    raw: leave text cells that a spreadsheet would run as formulas unguarded, for machines.
    rows: write only the photos at these places; group_size still counts all of them. None writes every photo.

    Raises ValueError if the lengths differ or a similarity is not finite.
    """
    groups, inverse, counts = np.unique(labels_pred, return_inverse=True, return_counts=True)
    photos = zip(
        image_ids, models, products, groups[inverse], counts[inverse], similarity, representative_ids, strict=True
    )
    kept = photos if rows is None else (photo for place, photo in enumerate(photos) if place in rows)
    lines = (
        (image_id, model, product, group, size, _six_decimals(float(cosine)), representative)
        for image_id, model, product, group, size, cosine, representative in sorted(kept, key=lambda photo: photo[0])
    )
    return csv_bytes(COLUMNS, lines, raw)


def read_groups_csv(source: str | Path | bytes) -> pd.DataFrame:
    """What `groups_csv` wrote, one row per photo, from a file or its bytes; a spreadsheet may have saved it again.

    Columns as COLUMNS: text is object dtype with None for an empty model or product, group and group_size are
    int64, similarity is float64. A text cell that was written raw comes back as `unguard` gives it. Cells may stand
    between semicolons, tabs or bars too, and numbers may have a decimal comma.

    Raises ShopsimError if the file cannot be read, lacks a column, or has another cell where a number belongs.
    """
    import pandas as pd

    name = "the group CSV" if isinstance(source, bytes) else str(source)
    data = source if isinstance(source, bytes) else read_bytes(source)
    header, rows = parse_table(decode(data, name), name)
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise ShopsimError(f"'{name}' has no column '{missing[0]}'; a group CSV has {', '.join(COLUMNS)}.")
    cells = {column: [row[header.index(column)] for row in rows] for column in COLUMNS}
    typed = {column: _typed(cells[column], column, name) for column in COLUMNS}
    # With its dtype said, or pandas makes the None of an object column a NaN.
    return pd.DataFrame({column: pd.Series(values, dtype=values.dtype) for column, values in typed.items()})


def _typed(cells: list[str], column: str, name: str) -> np.ndarray:
    """(n,) the cells of a column as its type; name: of the file, for the error."""
    where = f"The column '{column}' of '{name}'"
    try:
        if column in ("group", "group_size"):
            return np.array([int(as_integer(cell.strip(), where) or cell) for cell in cells], dtype=np.int64)
        if column == "similarity":
            return np.array([float(cell.replace(",", ".")) for cell in cells], dtype=np.float64)
    except (ValueError, OverflowError):
        raise ShopsimError(f"{where} holds something else than numbers.") from None
    optional = column in ("model", "product")
    return np.array([None if optional and not cell else unguard(cell) for cell in cells], dtype=object)


def _six_decimals(value: float) -> Digits:
    """The number with 6 decimals, never a negative zero."""
    if not math.isfinite(value):
        raise ValueError(f"A similarity is {value}; it must be finite.")
    text = f"{value:.6f}"
    return Digits("0.000000" if text == "-0.000000" else text)
