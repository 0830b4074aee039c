"""Reads `catalog.csv` and `models.csv`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shopsim import ShopsimError
from shopsim.catalog import Problem
from shopsim.csv_text import decode, read_bytes
from shopsim.delimited import parse_table
from shopsim.label_values import as_labels
from shopsim.same_name import NameIndex, composed

TABLE_NAME = "catalog.csv"
MODELS_NAME = "models.csv"
# What identifies: integers that a program wrote as floats are those integers.
_LABEL_COLUMNS = ("model", "product", "category")
_ABSENT = "there is no such photo of a supported format"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of `catalog.csv` whose photo exists; empty cells are None."""

    name: str
    model: str | None
    product: str | None
    category: str | None
    split: str | None


def read_table(table: Path, index: NameIndex) -> tuple[list[Line], list[Problem]]:
    """The rows of a `catalog.csv` that name one of the photos, and every other row as a problem.

    Only photos found in the folder can be named, so no path leads out of it.
    Models, products and categories are read as `as_labels` tells. Raises ShopsimError without a `path` column.
    """
    lines: dict[str, Line] = {}
    problems: list[Problem] = []
    for number, cells in _dict_rows(table, "path"):
        path = cells["path"]
        name = None if path is None else index.find(path)
        if path is None:
            problems.append(Problem(f"{table.name}, row {number}", "the cell 'path' is empty"))
        elif name is None:
            why = "its path leads out of the folder" if index.leads_out(path) else _ABSENT
            problems.append(Problem(path, f"listed in {table.name}, row {number}, but {why}"))
        elif name in lines:
            problems.append(Problem(f"{table.name}, row {number}", f"lists '{name}' again; the first row counts"))
        else:
            lines[name] = Line(
                name, cells.get("model"), cells.get("product"), cells.get("category"), cells.get("split")
            )
    return list(lines.values()), problems


def read_model_names(table: Path | None) -> tuple[dict[str, str], list[Problem]]:
    """Readable names by model id from a `models.csv`, and what is wrong with it; nothing if there is no such file.

    An id is known as it is written, since a folder may be called so, and as `as_labels` reads it.
    Names are for show only, so a bad file keeps no catalogue from opening.
    """
    names: dict[str, str] = {}
    problems: list[Problem] = []
    if table is None:
        return names, problems
    try:
        for number, cells in _dict_rows(table, "model_id", "name"):
            model, name = cells["model_id"], cells["name"]
            if model and name and names.setdefault(model, name) != name:
                reason = f"row {number} names model '{model}' again; the first name counts"
                problems.append(Problem(table.name, reason))
        for model, label in zip(list(names), as_labels(list(names), f"'{table.name}'"), strict=True):
            names.setdefault(label, names[model])
    except ShopsimError as error:
        problems.append(Problem(table.name, f"{error} Models are shown by their ids."))
    return names, problems


def _dict_rows(table: Path, *needed: str) -> Iterator[tuple[int, dict[str, str | None]]]:
    """(number of the row in the table, cells by lower-case column name, empty ones None) of a CSV file."""
    header, rows = parse_table(decode(read_bytes(table), table.name), table.name)
    for column in needed:
        if column not in header:
            raise ShopsimError(f"'{table.name}' has the columns {', '.join(header) or 'none'}; it needs '{column}'.")
    columns = {column: _cells([row[place] for row in rows], column, table.name) for place, column in enumerate(header)}
    for number in range(len(rows)):
        yield number + 2, {column: cells[number] or None for column, cells in columns.items()}


def _cells(cells: list[str], column: str, name: str) -> list[str]:
    """The cells of one column without blanks around them."""
    if column in _LABEL_COLUMNS:
        return as_labels(cells, f"The column '{column}' of '{name}'")
    # Not the paths: two files may differ in their Unicode form only.
    return [cell.strip() if column == "path" else composed(cell.strip()) for cell in cells]
