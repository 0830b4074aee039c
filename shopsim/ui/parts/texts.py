"""Words for texts that Streamlit reads as Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shopsim.catalog.catalog import Problem

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


def problems_title(problems: Sequence[Problem]) -> str:
    """'2 files left out, 1 damaged photo read all the same'."""
    n_left_out = sum(problem.left_out for problem in problems)
    n_read = len(problems) - n_left_out
    parts = [f"{counted(n_left_out, 'file')} left out"] if n_left_out else []
    if n_read:
        parts.append(f"{counted(n_read, 'damaged photo')} read all the same")
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """'40 seconds', '12 minutes', '3 hours'."""
    if seconds < 100:
        return counted(max(1, round(seconds)), "second")
    return counted(round(seconds / 60), "minute") if seconds < 6000 else counted(round(seconds / 3600), "hour")
