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
SCORES = ("ari", "precision", "recall")
"""What a forest predicts of a cut, in this order."""


@dataclass(frozen=True, eq=False)
class Shipped:
    """One built-in model.

    forest: predicts SCORES of a cut. card: how it was made, as the JSON file says it.
    """

    forest: Forest
    card: dict[str, Any]

    @property
    def columns(self) -> list[str]:
        """The statistics that the forest takes, in their order."""
        return self.card["columns"]

    def ranged(self, output: str, predicted: np.ndarray) -> np.ndarray:
        """Returns the middle, the low and the high end of what was true in four of five cases where that was predicted.

        Measured on photos of families that the measured forest had not seen. predicted: (m,) numbers. Returns (m, 3).
        """
        found = self.card["margins"][output]
        offsets = [np.interp(predicted, found["predicted"], found[side]) for side in ("middle", "low", "high")]
        return predicted[:, None] + np.column_stack(offsets)


@cache
def shipped(extractor: str) -> Shipped | None:
    """Returns the built-in model of an extractor by its name, or None if there is none."""
    card, arrays = _DATA / f"{extractor}.json", _DATA / f"{extractor}.npz"
    if not card.is_file():
        return None
    with arrays.open("rb") as file, np.load(file, allow_pickle=False) as kept:
        return Shipped(Forest.restore(dict(kept)), json.decode(card.read_bytes()))
