"""Reads `catalog.csv` and `models.csv`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from shopsim import ShopsimError
from shopsim.catalog import Problem
from shopsim.csv_text import decode, parse_table, read_bytes
from shopsim.same_name import NameIndex

TABLE_NAME = "catalog.csv"
MODELS_NAME = "models.csv"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of `catalog.csv` whose photo exists; empty cells are None."""

    name: str
    model: str | None
    product: str | None
    category: str | None
    split: str | None


def read_table(table: Path, photos: Collection[str]) -> tuple[list[Line], list[Problem]]:
    """The rows of a `catalog.csv` that name one of the photos, and every other row as a problem.

    Only photos found in the folder can be named, so no path leads out of it.
    Raises ShopsimError without a `path` column.
    """
    index = NameIndex(photos)
    lines: dict[str, Line] = {}
    problems: list[Problem] = []
    for number, cells in _dict_rows(table, "path"):
        path = cells["path"]
        name = None if path is None else index.find(path)
        if path is None:
            problems.append(Problem(f"{TABLE_NAME}, row {number}", "the cell 'path' is empty"))
        elif name is None:
            problems.append(Problem(path, f"listed in {TABLE_NAME}, row {number}, but {_why_absent(path)}"))
        elif name in lines:
            problems.append(Problem(f"{TABLE_NAME}, row {number}", f"lists '{name}' again; the first row counts"))
        else:
            lines[name] = Line(
                name, cells.get("model"), cells.get("product"), cells.get("category"), cells.get("split")
            )
    return list(lines.values()), problems


def read_model_names(table: Path) -> tuple[dict[str, str], list[Problem]]:
    """Readable names by model id from a `models.csv`, and what is wrong with it; nothing if there is no such file.

    Names are for show only, so a bad file keeps no catalogue from opening.
    """
    names: dict[str, str] = {}
    problems: list[Problem] = []
    if not table.is_file():
        return names, problems
    try:
        for number, cells in _dict_rows(table, "model_id", "name"):
            model, name = cells["model_id"], cells["name"]
            if model and name and names.setdefault(model, name) != name:
                reason = f"row {number} names model '{model}' again; the first name counts"
                problems.append(Problem(MODELS_NAME, reason))
    except ShopsimError as error:
        problems.append(Problem(MODELS_NAME, f"{error} Models are shown by their ids."))
    return names, problems


def _dict_rows(table: Path, *needed: str) -> Iterator[tuple[int, dict[str, str | None]]]:
    """(number of the row in the table, cells by lower-case column name, empty ones None) of a CSV file."""
    header, rows = parse_table(decode(read_bytes(table), table.name), table.name)
    header = [column.lower() for column in header]
    for column in needed:
        if column not in header:
            raise ShopsimError(f"'{table.name}' has the columns {', '.join(header) or 'none'}; it needs '{column}'.")
    twice = next((column for column in header if column and header.count(column) > 1), None)
    if twice is not None:
        raise ShopsimError(f"'{table.name}' has the column '{twice}' more than once; each needs its own name.")
    for number, cells in enumerate(rows, start=2):
        yield number, {column: cell.strip() or None for column, cell in zip(header, cells, strict=True)}


def _why_absent(path: str) -> str:
    pure = PurePath(path.replace("\\", "/"))
    if pure.is_absolute() or ".." in pure.parts:
        return "its path leads out of the folder"
    return "there is no such photo of a supported format"
