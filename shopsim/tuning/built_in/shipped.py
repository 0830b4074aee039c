"""The models that come with the program: one per extractor, small arrays and a card that says how they were made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from zipfile import BadZipFile

import numpy as np
from msgspec import DecodeError, json

from shopsim.base.disk.damage import note_damage
from shopsim.base.errors import ShopsimError
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

    def check(self) -> None:
        """Raises ShopsimError, KeyError or TypeError if the card and the forest are not of each other."""
        for output in (*SCORES, "photos_per_model"):
            self.ranged(output, np.zeros(1))
        if self.forest.value.shape[1] != len(SCORES) or self.forest.feature.max() >= len(self.columns):
            raise ShopsimError("the card is not that of the forest")

    @property
    def columns(self) -> list[str]:
        """The statistics that the forest takes, in their order."""
        return self.card["columns"]

    def ranged(self, output: str, predicted: np.ndarray) -> np.ndarray:
        """Returns the middle, the low and the high end of what was true where that was predicted.

        Measured on photos of families that the measured forest had not seen. The card's `coverage` says how often a
        range held the true number of a family that it was not measured on. predicted: (m,) numbers. Returns (m, 3).
        """
        found = self.card["margins"][output]
        offsets = [np.interp(predicted, found["predicted"], found[side]) for side in ("middle", "low", "high")]
        return predicted[:, None] + np.column_stack(offsets)


@cache
def shipped(extractor: str) -> Shipped | None:
    """Returns the built-in model of an extractor, by its name. A damaged one counts as none, which is said once."""
    card, arrays = _DATA / f"{extractor}.json", _DATA / f"{extractor}.npz"
    if not card.is_file():
        return None
    try:
        with arrays.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            found = Shipped(Forest.restore(dict(kept)), json.decode(card.read_bytes()))
        found.check()
    except (ShopsimError, OSError, BadZipFile, ValueError, KeyError, TypeError, DecodeError) as error:
        note_damage(f"The built-in settings of '{extractor}' are damaged ({error}); install the program again.")
        return None
    return found
