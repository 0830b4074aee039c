"""Columns of a catalogue that photos are filtered, coloured and kept apart by."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol

import numpy as np

NO_VALUE = -1
"""Marks a photo without a value in `codes`."""
# A column of so many values or fewer has categories, however few photos there are.
_FEW_VALUES = 20
# With a currency before or after it, and commas between groups of three digits: '₩12,000', '12.50 EUR'. A letter that
# touches the digits is part of a code, such as 'S12'.
_SIGN = r"[$€£¥₩]"
_NUMBER = re.compile(
    rf"(?:{_SIGN}\s?|[A-Z]{{3}}\s)?([+-]?(?:\d{{1,3}}(?:,\d{{3}})+|\d+)?(?:\.\d+)?)(?:\s?(?:{_SIGN}|원|円|元)|\s[A-Z]{{3}})?"
)


class Described(Protocol):
    """A photo as the catalogue describes it."""

    @property
    def category(self) -> str | None: ...
    @property
    def split(self) -> str | None: ...
    @property
    def cells(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, eq=False)
class Attribute:
    """One column. name: as the table calls it, in lower case.

    codes: (n,) int32 positions in `values`, NO_VALUE for a photo without a value. values: the distinct texts, sorted.
    """

    name: str
    codes: np.ndarray
    values: tuple[str, ...]

    @cached_property
    def counts(self) -> np.ndarray:
        """(n_values,) int64 photos per value."""
        return np.bincount(self.codes[self.codes != NO_VALUE], minlength=len(self.values))

    @cached_property
    def numbers(self) -> np.ndarray | None:
        """(n,) float64, NaN for a photo without a value; None unless every value is a number."""
        of_value = [_number(value) for value in self.values]
        if None in of_value:
            return None
        return np.array([*of_value, np.nan], dtype=np.float64)[self.codes]

    @cached_property
    def kind(self) -> Literal["number", "category", "text"]:
        """What the column is for: numbers have ranges, categories have few values, and text has neither."""
        if self.numbers is not None:
            return "number"
        n_known = int(self.counts.sum())
        return "category" if len(self.values) <= max(_FEW_VALUES, n_known // 2) else "text"

    def parts(self) -> np.ndarray:
        """Returns (n,) int64 from 0: equal where photos have the same text, or both have none."""
        return np.where(self.codes == NO_VALUE, len(self.values), self.codes).astype(np.int64)

    def value(self, photo: int) -> str:
        """Returns a photo's text, '' without one."""
        code = int(self.codes[photo])
        return "" if code == NO_VALUE else self.values[code]


def attributes_of(images: Sequence[Described], extra_columns: Sequence[str]) -> Mapping[str, Attribute]:
    """Returns the columns that have a value for some photo: those of the table, then category and split."""
    texts: dict[str, Sequence[str]] = {}
    if images:
        texts = dict(zip(extra_columns, zip(*(image.cells for image in images), strict=True), strict=True))
    texts |= {"category": [image.category or "" for image in images], "split": [image.split or "" for image in images]}
    return {name: attribute_of(name, cells) for name, cells in texts.items() if any(cells)}


def attribute_of(name: str, cells: Sequence[str]) -> Attribute:
    """Returns the column with these texts, one per photo; '' is no value."""
    values = tuple(sorted(set(cells) - {""}))
    number = {value: place for place, value in enumerate(values)} | {"": NO_VALUE}
    return Attribute(name, np.array([number[cell] for cell in cells], dtype=np.int32), values)


def _number(text: str) -> float | None:
    found = _NUMBER.fullmatch(text)
    if found is None or not found[1].lstrip("+-"):
        return None
    return float(found[1].replace(",", ""))
