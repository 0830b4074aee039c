"""Tables as CSV files that a spreadsheet opens without running what they hold: the only writer of CSV here."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence

from shopsim.base.text.csv_text import encode, guard

Cell = str | int | float | None


class Digits(str):
    """A number as it is to be written; text such as -1 is guarded, a number such as -1 is not."""

    __slots__ = ()


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]], raw: bool = False) -> bytes:
    """The table in UTF-8 with byte order mark, lines end with CR LF; None is an empty cell.

    raw: leave text that a spreadsheet would run as a formula unguarded, for machines.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([_written(cell, raw) for cell in row] for row in (header, *rows))
    # Without the mark Excel takes UTF-8 for the system's own encoding and garbles Korean.
    return codecs.BOM_UTF8 + encode(text.getvalue())


def _written(cell: Cell, raw: bool) -> Cell:
    return guard(cell) if isinstance(cell, str) and not isinstance(cell, Digits) and not raw else cell
