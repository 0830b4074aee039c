"""Text and tables as people's programs save them: encodings, line ends, formulas defused."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from shopsim import ShopsimError
from shopsim.text_reading import decode_text

# A spreadsheet runs a cell that starts with one of these as a formula (OWASP, CSV Injection). Behind apostrophes
# they need one more too: a name that really starts with one must not lose it when it is read back.
_GUARDABLE = re.compile(r"'*[=+\-@\t\r]")


def guard(cell: str) -> str:
    """The text cell with a leading ' if a spreadsheet would run it, or if `unguard` would take its own ' away."""
    return f"'{cell}" if _GUARDABLE.match(cell) else cell


def unguard(cell: str) -> str:
    """What was given to `guard`.

    A cell that was never guarded comes back as it is too, unless it starts with ' before one of = + - @ tab CR.
    """
    return cell[1:] if cell.startswith("'") and _GUARDABLE.match(cell) else cell


def one_line(text: str) -> str:
    """The text with tabs and line ends as spaces, for files that have one entry a line."""
    return re.sub(r"[\t\r\n]", " ", text)


def encode(text: str) -> bytes:
    """UTF-8; what no text can hold (a file name of stray bytes) is spelled out as a backslash code."""
    return text.encode("utf-8", errors="backslashreplace")


def decode(data: bytes, name: str) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, or the older encoding that fits best, as in `decode_text`."""
    return decode_text(data, name)


def read_bytes(path: str | Path) -> bytes:
    """The content of a file a person named. Raises ShopsimError if it cannot be read."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ShopsimError(f"Cannot read '{path}': {error.strerror or error}.") from error


def parse_table(text: str, name: str) -> tuple[list[str], list[list[str]]]:
    """The header, without spaces around the names, and the rows, each as long as the header; blank lines left out.

    Cells are separated by tabs if the first line has one and no comma, else by commas (RFC 4180).
    Raises ShopsimError, naming the file and the line, for an empty table or a row of another length.
    """
    first_line = text.split("\n", 1)[0]
    delimiter = "\t" if "\t" in first_line and "," not in first_line else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    rows: list[list[str]] = []
    try:
        for row in reader:
            if not row:
                continue
            if not header:
                header = [cell.strip() for cell in row]
            elif len(row) != len(header):
                raise ShopsimError(
                    f"Line {reader.line_num} of '{name}' has {len(row)} cells; its header has {len(header)}."
                )
            else:
                rows.append(row)
    except csv.Error as error:
        raise ShopsimError(f"Line {reader.line_num} of '{name}' is not valid CSV: {error}.") from error
    if not header:
        raise ShopsimError(f"'{name}' is empty; a table needs a header line.")
    return header, rows
