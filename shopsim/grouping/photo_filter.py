"""Chooses photos by columns of the catalogue; what is grouped stays the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

import numpy as np

from shopsim.catalog.attributes import NO_VALUE, Attribute

MOST_VALUES = 1000
"""Distinct values of a column that can be chosen from."""
_LONGEST = 4000
_BETWEEN = "~"


@dataclass(frozen=True)
class PhotoFilter:
    """Photos that have one of some values in each of some columns, and a number in the range of others.

    values: texts by the name of a column of categories, '' for photos without a value. ranges: lowest and highest
    number, both inclusive, by the name of a column of numbers.
    """

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.values or self.ranges)

    @classmethod
    def parse(cls, text: str, columns: Mapping[str, Attribute]) -> PhotoFilter:
        """Reads `text`; what is malformed, or means no value or column of this catalogue, is left out."""
        values: dict[str, tuple[str, ...]] = {}
        ranges: dict[str, tuple[float, float]] = {}
        for name, told in parse_qsl(text[:_LONGEST], keep_blank_values=True):
            column = columns.get(name)
            if column is None:
                continue
            found = _range(told) if column.kind == "number" else None
            if found is not None:
                ranges[name] = found
            elif column.kind == "category" and told in ("", *column.values):
                values[name] = tuple(dict.fromkeys([*values.get(name, ()), told]))
        return cls(values, ranges)

    @property
    def text(self) -> str:
        """The text that `parse` reads; '' where all photos are chosen."""
        pairs = [(name, value) for name, values in self.values.items() for value in values]
        pairs += [(name, f"{low!r}{_BETWEEN}{high!r}") for name, (low, high) in self.ranges.items()]
        return urlencode(pairs)

    def rows(self, columns: Mapping[str, Attribute], n_images: int) -> np.ndarray:
        """Returns (n_images,) bool: the chosen photos."""
        chosen = np.ones(n_images, dtype=bool)
        for name, values in self.values.items():
            column = columns[name]
            wanted = [NO_VALUE if value == "" else column.values.index(value) for value in values]
            chosen &= np.isin(column.codes, wanted)
        for name, (low, high) in self.ranges.items():
            numbers = columns[name].numbers
            if numbers is not None:
                chosen &= (numbers >= low) & (numbers <= high)
        return chosen


def columns_to_filter(columns: Mapping[str, Attribute]) -> dict[str, Attribute]:
    """Returns the columns that say something to choose by: some different values, and not too many of them."""
    return {
        name: column
        for name, column in columns.items()
        if (column.kind == "number" and len(column.values) > 1)
        or (column.kind == "category" and 1 < len(column.values) + (NO_VALUE in column.codes) <= MOST_VALUES)
    }


def _range(text: str) -> tuple[float, float] | None:
    low, _, high = text.partition(_BETWEEN)
    try:
        found = float(low), float(high)
    except ValueError:
        return None
    return found if np.isfinite(found).all() and found[0] <= found[1] else None
