"""Words for texts that Streamlit reads as Markdown."""

from __future__ import annotations

import re

# `:` begins colours and icons, `$` formulas, `&` entities; `~` and `_` are common in paths.
_MARKS = re.compile(r"([\\`*_{}\[\]<>()#|~$:&^=!])")
# What begins a list or draws a line, if it stands first.
_START = re.compile(r"^(\d*)([-+.])")


def as_written(text: str) -> str:
    """A name someone else chose, or a sentence with such names: in one line, no mark of Markdown at work.

    What Streamlit changes after it has read the Markdown cannot be escaped: an address (https://, www., a mail's)
    becomes a link, and `--`, `<=` or an arrow between blanks is drawn as one sign.
    """
    return _START.sub(r"\1\\\2", _MARKS.sub(r"\\\1", " ".join(text.split())))


def counted(number: int, what: str) -> str:
    """'1 photo', '1,200 photos'."""
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def duration(seconds: float) -> str:
    """'40 seconds', '12 minutes', '3 hours'."""
    if seconds < 100:
        return counted(max(1, round(seconds)), "second")
    return counted(round(seconds / 60), "minute") if seconds < 6000 else counted(round(seconds / 3600), "hour")
