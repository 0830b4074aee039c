"""Reads `catalog.csv` and `models.csv`."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from shopsim import ShopsimError
from shopsim.catalog import Problem
from shopsim.csv_text import decode, parse_table, read_bytes
from shopsim.scan import FoundFile

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


def read_table(table: Path, photos: Mapping[str, FoundFile]) -> tuple[list[Line], list[Problem]]:
    """The rows of a `catalog.csv` that name one of the photos, and every other row as a problem.

    A path is matched in composed Unicode form too, since some systems store names decomposed.
    Raises ShopsimError without a `path` column.
    """
    composed = {unicodedata.normalize("NFC", name): name for name in photos}
    lines: dict[str, Line] = {}
    problems: list[Problem] = []
    for number, cells in _dict_rows(table, "path"):
        path = (cells["path"] or "").replace("\\", "/").removeprefix("./")
        name = path if path in photos else composed.get(unicodedata.normalize("NFC", path))
        if not path:
            problems.append(Problem(f"{TABLE_NAME}, row {number}", "the cell 'path' is empty"))
        elif name is None:
            why = _why_absent(table.parent, path)
            problems.append(Problem(path, f"listed in {TABLE_NAME}, row {number}, but {why}"))
        elif name in lines:
            problems.append(Problem(f"{TABLE_NAME}, row {number}", f"lists '{name}' again; the first row counts"))
        else:
            lines[name] = Line(
                name, cells.get("model"), cells.get("product"), cells.get("category"), cells.get("split")
            )
    return list(lines.values()), problems


def read_model_names(table: Path) -> dict[str, str]:
    """Readable names by model id from a `models.csv`; empty if there is no such file.

    Raises ShopsimError if it lacks the columns `model_id` and `name`.
    """
    if not table.is_file():
        return {}
    return {
        cells["model_id"]: cells["name"]
        for _, cells in _dict_rows(table, "model_id", "name")
        if cells["model_id"] and cells["name"]
    }


def _dict_rows(table: Path, *needed: str) -> Iterator[tuple[int, dict[str, str | None]]]:
    """(number of the row in the table, cells by lower-case column name, empty ones None) of a CSV file."""
    header, rows = parse_table(decode(read_bytes(table), table.name), table.name)
    header = [column.lower() for column in header]
    for column in needed:
        if column not in header:
            raise ShopsimError(f"'{table.name}' has the columns {', '.join(header) or 'none'}; it needs '{column}'.")
    for number, cells in enumerate(rows, start=2):
        yield number, {column: cell.strip() or None for column, cell in zip(header, cells, strict=False)}


def _why_absent(folder: Path, path: str) -> str:
    if Path(path).is_absolute() or ".." in Path(path).parts:
        return "its path leads out of the folder"
    return "it is not a photo of a supported format" if (folder / path).is_file() else "there is no such file"
