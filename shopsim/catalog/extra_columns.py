"""Keeps further columns of a table, within bounds, so that a table of any size opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shopsim.base.same_name import composed
from shopsim.base.text.csv_text import unguard

MOST_COLUMNS = 32
LONGEST_CELL = 200
MOST_LETTERS = 4_000_000
"""Letters of all distinct cells of one column: titles of 100,000 photos have room."""
_LONGEST_NAME = 80
# The catalogue's own facts have these names, and one name must mean one thing.
_TAKEN = {"path", "model", "product", "category", "split"}


@dataclass(frozen=True)
class ExtraColumns:
    """Columns that were kept, and cells per row of the table.

    rows: one tuple per row, in the order of `names`; equal rows are the same object. reasons: for each column that was
    not kept, a sentence without its end.
    """

    names: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    reasons: tuple[str, ...]


def keep_columns(header: Sequence[str], rows: Sequence[Sequence[str]], used: Sequence[int]) -> ExtraColumns:
    """Returns the columns of a table that nothing else has used. used: places of the columns that tell something else.

    Cells stay the text that they are, without blanks around them.
    """
    kept: dict[str, list[str]] = {}
    reasons: list[str] = []
    n_over = 0
    for place, name in enumerate(header):
        if place in used or not name:
            continue
        if len(kept) == MOST_COLUMNS:
            n_over += 1
            continue
        cells = [_plain(row[place]) for row in rows]
        why = _why_not(name, cells)
        if why:
            reasons.append(f"the column '{name[:_LONGEST_NAME]}' is not kept: {why}")
        elif any(cells):
            kept[name] = cells
    if n_over:
        reasons.append(f"{n_over:,} further columns are not kept; a catalogue has room for {MOST_COLUMNS}")
    return ExtraColumns(tuple(kept), _shared(kept, len(rows)), tuple(reasons))


def _plain(cell: str) -> str:
    return composed(unguard(cell).strip())


def _why_not(name: str, cells: Sequence[str]) -> str:
    if len(name) > _LONGEST_NAME:
        return f"its name has {len(name):,} letters, and there is room for {_LONGEST_NAME}"
    if name in _TAKEN:
        return f"another column tells the {name}"
    longest = max(map(len, cells), default=0)
    if longest > LONGEST_CELL:
        return f"a cell has {longest:,} letters, and there is room for {LONGEST_CELL}"
    letters = sum(map(len, set(cells)))
    if letters > MOST_LETTERS:
        return f"its distinct cells have {letters:,} letters, and there is room for {MOST_LETTERS:,}"
    return ""


def _shared(kept: Mapping[str, Sequence[str]], n_rows: int) -> list[tuple[str, ...]]:
    """Returns the cells of each row. A text or a row that occurs again is the same object, which saves memory."""
    if not kept:
        return [()] * n_rows
    texts: dict[str, str] = {}
    known: dict[tuple[str, ...], tuple[str, ...]] = {}
    rows = (tuple(texts.setdefault(cell, cell) for cell in row) for row in zip(*kept.values(), strict=True))
    return [known.setdefault(row, row) for row in rows]
