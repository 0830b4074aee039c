"""Reads the group CSV back, as a program of someone else would."""

from pathlib import Path

import numpy as np
import pandas as pd

from shopsim.base.text.csv_text import decode, read_bytes, unguard
from shopsim.base.text.delimited import parse_table
from shopsim.grouping.groups_csv import COLUMNS


def read_groups_csv(source):
    """One row per photo, from a file or its bytes; a spreadsheet may have saved it again.

    Columns as COLUMNS: text is object dtype with None for an empty model or product, group and group_size are int64,
    similarity is float64. A text cell that was written raw comes back as `unguard` gives it. Cells may stand between
    semicolons, tabs or bars too, and numbers may have a decimal comma.
    """
    data = source if isinstance(source, bytes) else read_bytes(Path(source))
    header, rows = parse_table(decode(data, "the group CSV"), "the group CSV")
    columns = {column: _typed([row[header.index(column)] for row in rows], column) for column in COLUMNS}
    # With its dtype said, or pandas makes the None of an object column a NaN.
    return pd.DataFrame({column: pd.Series(values, dtype=values.dtype) for column, values in columns.items()})


def _typed(cells, column):
    if column in ("group", "group_size"):
        return np.array([float(cell) for cell in cells]).astype(np.int64)
    if column == "similarity":
        return np.array([float(cell.replace(",", ".")) for cell in cells], dtype=np.float64)
    optional = column in ("model", "product")
    return np.array([None if optional and not cell else unguard(cell) for cell in cells], dtype=object)
