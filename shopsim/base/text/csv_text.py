"""Text as people's programs save it: encodings, line ends, formulas defused."""

from __future__ import annotations

import re
from pathlib import Path

from shopsim.base.errors import ShopsimError
from shopsim.base.text.text_reading import decode_text

# A spreadsheet runs what starts with one of these as a formula, an East Asian one also their wide and small forms
# (OWASP, CSV Injection); LibreOffice reads the minus sign U+2212 as a minus.
_SIGNS = "=+@\\-\u2212\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
# What some programs drop before they look for a sign: quotes, blanks, controls, marks without a width.
_UNSEEN = (
    r"\"\s\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# A program that separates cells elsewhere than at commas, as Excel does in German, begins a new cell behind these.
_ENDS = r";|\t\r\n"
# Where a ' belongs; apostrophes count as unseen, so that one more never changes whether a place is one.
_AT_START = rf"(?=['{_UNSEEN}]*[{_SIGNS}\t\r\n])"
_INSIDE = rf"(?=(?:(?![\t\r\n])['{_UNSEEN}])*[{_SIGNS}])"
_PLACES = re.compile(rf"\A{_AT_START}|(?<=[{_ENDS}]){_INSIDE}")
_GUARDS = re.compile(rf"\A'{_AT_START}|(?<=[{_ENDS}])'{_INSIDE}")


def guard(cell: str) -> str:
    """The text cell with a ' before whatever a spreadsheet would run as a formula, and where `unguard` removes one.

    That is a sign (= + - @ in all widths) with only blanks and invisible characters before it, at the start or
    behind ; | tab or a line end, and a tab or line end at the start.
    """
    return _PLACES.sub("'", cell)


def unguard(cell: str) -> str:
    """What was given to `guard`.

    A cell that was never guarded comes back as it is too, unless it has a ' of its own where `guard` puts one.
    """
    return _GUARDS.sub("", cell)


def one_line(text: str) -> str:
    """The text with tabs and line ends as spaces, for files that have one entry per line."""
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
