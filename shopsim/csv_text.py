"""Text as people's programs save it: encodings, line ends, formulas defused."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from shopsim import ShopsimError

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
    """The text of a file in UTF-8, in UTF-16 with its mark, or in CP949, as Korean Excel saves plain CSV.

    Line ends are left as they are. Raises ShopsimError, naming the file, if it is none of these.
    """
    encodings: tuple[str, ...] = ("utf-8", "cp949")
    if data.startswith(codecs.BOM_UTF8):
        encodings = ("utf-8-sig",)
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ("utf-16",)
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # UTF-16 without its mark reads as text full of these.
        if "\0" not in text:
            return text
    raise ShopsimError(f"'{name}' is not text in UTF-8, UTF-16 or CP949; save it as 'CSV UTF-8' or as UTF-8 text.")


def read_bytes(path: str | Path) -> bytes:
    """The content of a file a person named. Raises ShopsimError if it cannot be read."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ShopsimError(f"Cannot read '{path}': {error.strerror or error}.") from error
