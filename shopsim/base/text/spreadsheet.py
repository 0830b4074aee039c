"""Writes CSV files whose cells no spreadsheet runs as formulas: the only writer of CSV here."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence

from shopsim.base.text.csv_text import encode, guard

Cell = str | int | float | None


class Digits(str):
    """Marks a number that is written as it is: a text such as -1 is guarded, a number such as -1 is not."""

    __slots__ = ()


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]], raw: bool = False) -> bytes:
    """Writes the table in UTF-8 with a byte order mark; lines end with CR LF, and None is an empty cell.

    raw: leave cells unguarded that a spreadsheet would run as formulas, for machines.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([_written(cell, raw) for cell in row] for row in (header, *rows))
    # Without the mark, Excel reads UTF-8 in the system's own encoding and garbles Korean.
    return codecs.BOM_UTF8 + encode(text.getvalue())


def _written(cell: Cell, raw: bool) -> Cell:
    return guard(cell) if isinstance(cell, str) and not isinstance(cell, Digits) and not raw else cell
