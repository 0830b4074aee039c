"""Reads `catalog.csv` and `models.csv`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shopsim.base.errors import ShopsimError
from shopsim.base.same_name import NameIndex, composed
from shopsim.base.text.columns import CATEGORY, MODEL, MODEL_ID, NAME, PATH, PRODUCT, SPLIT, Column
from shopsim.base.text.csv_text import decode, read_bytes, unguard
from shopsim.base.text.delimited import parse_table
from shopsim.catalog.catalog import Problem
from shopsim.catalog.extra_columns import ExtraColumns, keep_columns
from shopsim.catalog.labels.label_values import as_labels
from shopsim.catalog.photo_url import FILE_OUTSIDE, URL_REFUSED, is_refused, is_url, leads_out

TABLE_NAME = "catalog.csv"
MODELS_NAME = "models.csv"
# What identifies: integers that a program wrote as floats are those integers.
_LABEL_COLUMNS = ("model", "product", "category")
_URL = "it is a URL, and only commands with --urls read photos at URLs"
_ABSENT = "there is no such photo of a supported format"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of `catalog.csv` whose photo exists; empty cells are None.

    cells: of the further columns, '' where there is nothing.
    """

    name: str
    model: str | None
    product: str | None
    category: str | None
    split: str | None
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A `catalog.csv`: the rows that name one of the photos, and every other row as a problem.

    told: words that say which columns tell path and model. extra_columns: names of the further columns.
    """

    lines: list[Line]
    problems: list[Problem]
    told: str
    extra_columns: tuple[str, ...]


def read_table(table: Path, index: NameIndex) -> Table:
    """Reads a `catalog.csv`; further columns are kept as `keep_columns` says.

    Only photos of the index can be named. Without URLs these lie in the folder, so no path leads out of it.
    Models, products and categories are read as `as_labels` tells; columns may have any of their names in `columns`.
    Raises ShopsimError without a `path` column.
    """
    lines: dict[str, Line] = {}
    problems: list[Problem] = []
    read = _read(table, {"path": PATH}, {"model": MODEL, "product": PRODUCT, "category": CATEGORY, "split": SPLIT})
    for number, cells in read.rows():
        path = cells["path"]
        # Our own tables guard what a spreadsheet would run; a file may be called so all the same.
        name = None if path is None else index.find(path) or index.find(unguard(path))
        if path is None:
            problems.append(Problem(f"{table.name}, row {number}", f"the cell '{read.names['path']}' is empty"))
        elif name is None and is_refused(path):
            problems.append(Problem(f"{table.name}, row {number}", URL_REFUSED))
        elif name is None:
            why = _why_absent(path, table.parent, index)
            problems.append(Problem(path, f"listed in {table.name}, row {number}, but {why}"))
        elif name in lines:
            problems.append(Problem(f"{table.name}, row {number}", f"lists '{name}' again; the first row counts"))
        else:
            facts = (cells.get(column) for column in ("model", "product", "category", "split"))
            lines[name] = Line(name, *facts, cells=read.extra.rows[number - 2])
    model = read.names.get("model", "model")
    told = f"a column '{read.names['path']}'" + ("" if model == "model" else f", and models in '{model}'")
    problems += [Problem(table.name, reason, left_out=False) for reason in read.extra.reasons]
    return Table(list(lines.values()), problems, told, read.extra.names)


def _why_absent(path: str, folder: Path, index: NameIndex) -> str:
    if is_url(path):
        return FILE_OUTSIDE if leads_out(path, folder) else _URL
    return "its path leads out of the folder" if index.leads_out(path) else _ABSENT


def urls_in(table: Path) -> list[str]:
    """The URLs of photos in a `catalog.csv`, in its order. Raises ShopsimError without a `path` column."""
    return [cells["path"] for _, cells in _read(table, {"path": PATH}, {}).rows() if is_url(cells["path"] or "")]


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
        for number, cells in _read(table, {"model_id": MODEL_ID, "name": NAME}, {}).rows():
            model, name = cells["model_id"], cells["name"]
            if model and name and names.setdefault(model, name) != name:
                reason = f"row {number} names model '{model}' again; the first name counts"
                problems.append(Problem(table.name, reason))
        for model, label in zip(list(names), as_labels(list(names), f"'{table.name}'"), strict=True):
            names.setdefault(label, names[model])
    except ShopsimError as error:
        problems.append(Problem(table.name, f"{error} Models are shown by their ids."))
    return names, problems


@dataclass(frozen=True)
class _Read:
    """A table's columns by what they tell, all of one length. names: what the file calls them. extra: all others."""

    names: Mapping[str, str]
    cells: Mapping[str, Sequence[str]]
    extra: ExtraColumns

    def rows(self) -> Iterator[tuple[int, dict[str, str | None]]]:
        """(number of the row in the table, cells by what they tell, empty ones None) of each row."""
        for number, row in enumerate(zip(*self.cells.values(), strict=True), start=2):
            yield number, dict(zip(self.cells, (cell or None for cell in row), strict=True))


def _read(table: Path, needed: Mapping[str, Column], optional: Mapping[str, Column]) -> _Read:
    """Those columns of a CSV file. Raises ShopsimError where a needed one is not there, or one is there twice."""
    header, rows = parse_table(decode(read_bytes(table), table.name), table.name)
    places = {told: column.needed(header, table.name) for told, column in needed.items()}
    places |= {
        told: place for told, column in optional.items() if (place := column.place(header, table.name)) is not None
    }
    cells = {told: _cells([row[place] for row in rows], told, table.name) for told, place in places.items()}
    names = {told: header[place] for told, place in places.items()}
    return _Read(names, cells, keep_columns(header, rows, list(places.values())))


def _cells(cells: list[str], told: str, name: str) -> list[str]:
    """The cells of one column without blanks around them."""
    if told == "path":
        # Not composed: two files may differ in their Unicode form only.
        return [cell.strip() for cell in cells]
    cells = [unguard(cell) for cell in cells]
    if told in _LABEL_COLUMNS:
        return as_labels(cells, f"The column '{told}' of '{name}'")
    return [composed(cell.strip()) for cell in cells]
