"""Corrections as a CSV file, which another workspace can take over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from shopsim.base.errors import ShopsimError
from shopsim.base.same_name import composed
from shopsim.base.text.csv_text import unguard
from shopsim.base.text.delimited import parse_table
from shopsim.base.text.spreadsheet import csv_bytes
from shopsim.catalog.catalog import Catalog
from shopsim.catalog.photo_keys import photo_keys
from shopsim.grouping.corrections.action import Action

COLUMNS = ("correction", "kind", "part", "photo", "image_id", "text", "who", "at")
_NEEDED = ("correction", "kind", "part")
_MOST_TOLD = 20


class BadRows(ShopsimError):
    """A file of corrections has rows that cannot be read. sentences: one per row, the first ones."""

    def __init__(self, sentences: Sequence[str]) -> None:
        more = len(sentences) - _MOST_TOLD
        told = [*sentences[:_MOST_TOLD], *([f"Further rows with mistakes: {more:,}."] if more > 0 else [])]
        super().__init__(" ".join([*told, "Nothing was imported."]))
        self.sentences = tuple(sentences)


def corrections_csv(catalog: Catalog, actions: Iterable[Action], raw: bool = False) -> bytes:
    """Writes one row per photo of each action that was not undone, in their order; UTF-8 with byte order mark.

    photo: the key of the photo, by which it is found again. image_id: its name here, empty if it is not in the
    catalogue. raw: leave cells unguarded that a spreadsheet would run as formulas.
    """
    image_ids = dict(zip(photo_keys(catalog)[::-1], catalog.image_ids[::-1], strict=True))
    rows = (
        (number, each.kind, part, key, image_ids.get(key, ""), each.text, each.who, each.at)
        for number, each in enumerate((each for each in actions if not each.undone), 1)
        for part, keys in enumerate(each.parts, 1)
        for key in keys
    )
    return csv_bytes(COLUMNS, rows, raw)


def read_corrections(text: str, name: str, catalog: Catalog) -> tuple[Action, ...]:
    """Returns the actions in a CSV as `corrections_csv` writes it, in the order of their numbers.

    A row without `photo` names its photo by `image_id`, so a person can write such a file. Rows of one correction have
    the same number. name: of the file, for errors.
    Raises BadRows, with one sentence per bad row, and ShopsimError for a file that is no such table.
    """
    header, rows = parse_table(text, name)
    missing = [column for column in _NEEDED if column not in header]
    if missing or not {"photo", "image_id"} & set(header):
        needed = ", ".join((*_NEEDED, "photo or image_id"))
        raise ShopsimError(f"'{name}' has the columns {', '.join(header)}; corrections need {needed}.")
    keys_here = dict(zip(map(composed, catalog.image_ids), photo_keys(catalog), strict=True))
    found: dict[int, _Rows] = {}
    bad = []
    for line, cells in enumerate(rows, 2):
        row = dict(zip(header, map(unguard, cells), strict=True))
        try:
            number, part, key = _place(row, keys_here)
            found.setdefault(number, _Rows(line, row)).add(row, part, key)
        except ShopsimError as error:
            bad.append(f"Row {line} of '{name}': {error}")
    actions = []
    for place, number in enumerate(sorted(found), 1):
        try:
            actions.append(found[number].action(place))
        except ShopsimError as error:
            bad.append(f"Row {found[number].line} of '{name}': {error}")
    if bad:
        raise BadRows(bad)
    return tuple(actions)


def new_among(actions: Iterable[Action], kept: Iterable[Action]) -> tuple[Action, ...]:
    """Returns the actions that are not kept yet, so that a file that is imported twice changes nothing."""
    known = {replace(each, number=0, undone=0) for each in kept if not each.undone}
    return tuple(each for each in actions if replace(each, number=0, undone=0) not in known)


class _Rows:
    """The rows of one correction. line: of the first one."""

    def __init__(self, line: int, row: Mapping[str, str]) -> None:
        self.line = line
        self._told = self._fields(row)
        self._parts: dict[int, list[str]] = {}

    def add(self, row: Mapping[str, str], part: int, key: str) -> None:
        if self._fields(row) != self._told:
            raise ShopsimError(f"it differs from row {self.line} of the same correction in kind, text, who or at.")
        self._parts.setdefault(part, []).append(key)

    def action(self, number: int) -> Action:
        kind, text, who, at = self._told
        return Action(kind, tuple(tuple(self._parts[part]) for part in sorted(self._parts)), text, who, at, number)

    @staticmethod
    def _fields(row: Mapping[str, str]) -> tuple[str, str, str, str]:
        return row["kind"], row.get("text", ""), row.get("who", ""), row.get("at", "")


def _place(row: Mapping[str, str], keys_here: Mapping[str, str]) -> tuple[int, int, str]:
    """Returns the number of the correction, the number of the part, and the photo's key."""
    key = row.get("photo", "").strip()
    if not key:
        image_id = composed(row.get("image_id", "").strip())
        if image_id not in keys_here:
            raise ShopsimError(f"the photo '{image_id}' is not in the catalogue; name one that is, or its digest.")
        key = keys_here[image_id]
    elif len(key) != 32 or set(key) - set("0123456789abcdef"):
        raise ShopsimError(f"the photo '{key}' is no digest of 32 hexadecimal digits.")
    return _number(row, "correction"), _number(row, "part"), key


def _number(row: Mapping[str, str], column: str) -> int:
    text = row[column].strip()
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ShopsimError(f"its {column} is '{text}'; it must be a whole number.")
    return int(text)
