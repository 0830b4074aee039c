"""The models that come with the program: one per extractor, small arrays and a card that says how they were made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from msgspec import json

from shopsim.tuning.built_in.forest import Forest

_DATA = files("shopsim.tuning.built_in") / "data"


@dataclass(frozen=True, eq=False)
class Shipped:
    """One built-in model.

    forest: its outputs are ari, precision, recall of a cut, and the logarithm of the true photos per model over the
    photos per group of that cut. card: how it was made, as the JSON file says it.
    """

    forest: Forest
    card: dict[str, Any]

    @property
    def columns(self) -> list[str]:
        """The statistics that the forest takes, in their order."""
        return self.card["columns"]

    def margins(self, output: str, predicted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Returns how much lower and higher the truth was, in four of five cuts, where that much was predicted.

        Measured on photos of kinds that the measured model had not seen. predicted: (m,) numbers.
        """
        found = self.card["margins"][output]
        low, high = (np.interp(predicted, found["predicted"], found[side]) for side in ("low", "high"))
        return low, high


@cache
def shipped(extractor: str) -> Shipped | None:
    """Returns the built-in model of an extractor by its name, or None if there is none."""
    card, arrays = _DATA / f"{extractor}.json", _DATA / f"{extractor}.npz"
    if not card.is_file():
        return None
    with arrays.open("rb") as file, np.load(file, allow_pickle=False) as kept:
        return Shipped(Forest.restore(dict(kept)), json.decode(card.read_bytes()))
