"""Reads text as people's programs save it, and guards cells that a spreadsheet would run as formulas."""

from __future__ import annotations

import re
from pathlib import Path

from shopsim.base.errors import ShopsimError
from shopsim.base.text.text_reading import decode_text

# A spreadsheet runs a cell that starts with one of these as a formula. An East Asian one also runs their wide and
# small forms (OWASP, CSV Injection). LibreOffice reads the minus sign U+2212 as a minus.
_SIGNS = "=+@\\-\u2212\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
# Some programs drop these before they look for a sign: quotes, blanks, controls, marks without a width.
_UNSEEN = (
    r"\"\s\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Programs that do not separate cells at commas, such as Excel in German, begin a new cell after these.
_ENDS = r";|\t\r\n"
# The places where a ' belongs. Apostrophes count as unseen: with one more or one less, the places stay the same.
_AT_START = rf"(?=['{_UNSEEN}]*[{_SIGNS}\t\r\n])"
_INSIDE = rf"(?=(?:(?![\t\r\n])['{_UNSEEN}])*[{_SIGNS}])"
_PLACES = re.compile(rf"\A{_AT_START}|(?<=[{_ENDS}]){_INSIDE}")
_GUARDS = re.compile(rf"\A'{_AT_START}|(?<=[{_ENDS}])'{_INSIDE}")


def guard(cell: str) -> str:
    """Puts a ' where a spreadsheet would see the start of a formula, and where `unguard` would remove a '.

    A formula starts with a sign (= + - @ in all widths). Only blanks and invisible characters may come before it, after
    the start of the cell, ; | a tab or a line end. A tab or line end at the start of the cell gets a ' too.
    """
    return _PLACES.sub("'", cell)


def unguard(cell: str) -> str:
    """Returns the text that was given to `guard`.

    A cell that was never guarded stays unchanged too, unless it has a ' of its own where `guard` puts one.
    """
    return _GUARDS.sub("", cell)


def one_line(text: str) -> str:
    """Replaces tabs and line ends by spaces, for files that have one entry per line."""
    return re.sub(r"[\t\r\n]", " ", text)


def encode(text: str) -> bytes:
    """Encodes in UTF-8. Characters that UTF-8 cannot encode (stray bytes in a file name) become backslash codes."""
    return text.encode("utf-8", errors="backslashreplace")


def decode(data: bytes, name: str) -> str:
    """Decodes the text of a file: UTF-8, UTF-16 with its mark, or the older encoding that fits best (`decode_text`)."""
    return decode_text(data, name)


def read_bytes(path: str | Path) -> bytes:
    """Reads a file that a person named. Raises ShopsimError if it cannot be read."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ShopsimError(f"Cannot read '{path}': {error.strerror or error}.") from error
