"""Prepares texts that Streamlit reads as Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shopsim.catalog.catalog import Problem

# `:` begins colours and icons, `$` formulas, `&` entities; `~` and `_` are common in paths.
_MARKS = re.compile(r"([\\`*_{}\[\]<>()#|~$:&^=!])")
# At the start of a text, these begin a list or draw a line.
_START = re.compile(r"^(\d*)([-+.])")


def as_written(text: str) -> str:
    """Escapes a name that someone else chose, or a sentence with such names, so that Markdown shows it in one line.

    Streamlit's changes after Markdown cannot be escaped. An address (https://, www., mail) becomes a link. `--`, `<=`
    or an arrow between blanks is drawn as one sign.
    """
    return _START.sub(r"\1\\\2", _MARKS.sub(r"\\\1", " ".join(text.split())))


def counted(number: int, what: str) -> str:
    """Writes a number with its noun: '1 photo', '1,200 photos'."""
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def problems_title(problems: Sequence[Problem]) -> str:
    """Summarises the problems: '2 files left out, 1 photo used all the same'."""
    n_left_out = sum(problem.left_out for problem in problems)
    n_used = len(problems) - n_left_out
    parts = [f"{counted(n_left_out, 'file')} left out"] if n_left_out else []
    if n_used:
        parts.append(f"{counted(n_used, 'photo')} used all the same")
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """Writes a time in words: '40 seconds', '12 minutes', '3 hours'."""
    if seconds < 100:
        return counted(max(1, round(seconds)), "second")
    return counted(round(seconds / 60), "minute") if seconds < 6000 else counted(round(seconds / 3600), "hour")
