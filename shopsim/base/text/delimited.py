"""Reads tables as spreadsheets and programs save them, with any delimiter between the cells."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from shopsim.base.errors import ShopsimError
from shopsim.base.text.columns import GROUP, MODEL, PHOTO, plain_name

_DELIMITERS = ",;\t|"
# Excel names its delimiter like this: it reads and writes this as the first line.
_TOLD = re.compile(r'\s*"?sep=([^"\s]|\t)"?[ \t]*(?:\r\n|\r|\n|$)', re.IGNORECASE)

_OURS = ("image_id", "path")

Table = tuple[list[str], list[list[str]]]


def parse_table(text: str, name: str) -> Table:
    """Returns the header, in lower case without blanks around the names, and the rows, each as long as the header.

    Blank rows are left out. The delimiter is a comma, a semicolon, a tab or a bar; quotes are as in RFC 4180. A first
    line such as `sep=;` names it. Otherwise it is the one that gives every row the length of the header: `csv.reader`
    tries each, since `csv.Sniffer` names one even if two fit.

    Raises ShopsimError, with the file and the line, for an empty table or a row of another length. The same for two
    columns of one name, or a table that can be read in two ways.
    """
    told = _TOLD.match(text)
    header, rows = _parse(_behind(text, told), told[1], name) if told else _sniffed(text, name)
    twice = next((column for column in header if column and header.count(column) > 1), None)
    if twice is not None:
        raise ShopsimError(f"'{name}' has the column '{twice}' more than once; each needs its own name.")
    return header, rows


def starts_as_table(text: str) -> bool:
    """Says whether the first line names a delimiter, or a column of photos and another column."""
    if _TOLD.match(text):
        return True
    headers = ({plain_name(name) for name in _header(text, delimiter)} for delimiter in _DELIMITERS)
    return any(len(header) > 1 and _names_photos(header) for header in headers)


def _names_photos(header: set[str]) -> bool:
    """Says whether a name is one of our own for photos, or there are a name for photos and one for labels.

    One of the other names alone is not enough: a label may be spelled like it.
    """
    labels = MODEL.names | GROUP.names
    return not header.isdisjoint(_OURS) or not (header.isdisjoint(PHOTO.names) or header.isdisjoint(labels))


def _behind(text: str, told: re.Match[str]) -> str:
    """Returns the text after the first line, with an empty line in its place, so that lines keep their numbers."""
    return f"\n{text[told.end() :]}"


def _sniffed(text: str, name: str) -> Table:
    """Parses the table by the one delimiter that fits it; by comma if none gives more than one column."""
    possible = [delimiter for delimiter in _DELIMITERS if len(_header(text, delimiter)) > 1] or [","]
    fitting: dict[str, Table] = {}
    for delimiter in possible:
        try:
            fitting[delimiter] = _parse(text, delimiter, name)
        except ShopsimError:
            if len(possible) == 1:
                raise
    if not fitting:
        return _parse(text, possible[0], name)
    # A quotation mark within a name belongs around it: a delimiter between such marks does not end a cell.
    whole = {delimiter: table for delimiter, table in fitting.items() if not any('"' in cell for cell in table[0])}
    fitting = whole or fitting
    if len(fitting) > 1:
        (one, (first, _)), (other, (second, _)), *_ = fitting.items()
        raise ShopsimError(
            f"'{name}' can be read in two ways: with {one!r} between cells its columns are {_listed(first)}, with "
            f"{other!r} they are {_listed(second)}; say which by a first line sep={one} or sep={other}"
        )
    return next(iter(fitting.values()))


def _parse(text: str, delimiter: str, name: str) -> Table:
    """Parses the table by one delimiter. Raises ShopsimError if it does not fit."""
    records = _records(text, delimiter, name)
    _, header = next(records, (0, []))
    if not header:
        raise ShopsimError(f"'{name}' is empty; a table needs a header line.")
    rows = []
    for line, row in records:
        if len(row) != len(header):
            raise ShopsimError(f"Line {line} of '{name}' has {len(row)} cells; its header has {len(header)}.")
        rows.append(row)
    return _plain(header), rows


def _header(text: str, delimiter: str) -> list[str]:
    """Returns the header by one delimiter; empty if it does not fit."""
    try:
        return _plain(next(_records(text, delimiter, ""), (0, []))[1])
    except ShopsimError:
        return []


def _records(text: str, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yields (number of its last line, cells) for each row that is not blank."""
    blanks = _has_blanks_between(text, delimiter)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=blanks)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise ShopsimError(f"Line {reader.line_num} of '{name}' is not valid CSV: {error}.") from error


def _has_blanks_between(text: str, delimiter: str) -> bool:
    """Says whether blanks follow the delimiters of the header, also before quotes: `"path", "model"`."""
    header = next((line for line in io.StringIO(text, newline="") if line.strip()), "")
    between = re.escape(delimiter)
    return delimiter != "\t" and re.search(rf"{between} +(?!{between}|$)", header.strip()) is not None


def _plain(header: list[str]) -> list[str]:
    return [cell.strip().lower() for cell in header]


def _listed(header: list[str]) -> str:
    return ", ".join(f"'{column}'" for column in header)
