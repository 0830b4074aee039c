"""Words for texts that Streamlit reads as Markdown."""

from __future__ import annotations

import re

# `:` begins colours and icons, `$` formulas, `&` entities; `~` and `_` are common in paths.
_MARKS = re.compile(r"([\\`*_{}\[\]<>()#|~$:&^=!])")


def as_written(text: str) -> str:
    """A name someone else chose, or a sentence with such names: every character as it stands, in one line."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def counted(number: int, what: str) -> str:
    """'1 photo', '1,200 photos'."""
    return f"{number:,} {what}" + ("" if number == 1 else "s")
