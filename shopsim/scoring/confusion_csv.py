"""The contingency table as a CSV file."""

from __future__ import annotations

from collections.abc import Sequence

from scipy.sparse import csr_array

from shopsim.base.text.spreadsheet import csv_bytes
from shopsim.scoring.confusion import diagonal_order


def contingency_csv(table: csr_array, ids: Sequence[str], names: Sequence[str]) -> bytes:
    """One row per model, one column per group, in the order of the matrix on the page; UTF-8 with byte order mark.

    table: (n_models, n_groups) photos; ids, names: of the models.
    Columns: model, name, photos (its total), then `group N` for each group that holds a photo of a known model.
    """
    rows, columns = diagonal_order(table)
    columns = columns[table.sum(axis=0)[columns] > 0]
    totals = table.sum(axis=1)
    header = ["model", "name", "photos", *(f"group {column}" for column in columns.tolist())]
    lines = (
        [ids[row], names[row], int(totals[row]), *table[[row]].toarray()[0, columns].tolist()]
        for row in rows.tolist()
        if totals[row]
    )
    return csv_bytes(header, lines)
