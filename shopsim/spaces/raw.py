"""Compares the vectors as the extractor gave them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from shopsim.base.rows import unit_rows
from shopsim.spaces import spaces


@dataclass(frozen=True)
class FittedRaw:
    """Changes only the length of rows that do not have length 1."""

    note: str = "Vectors as the extractor gave them."

    def transform(self, vectors: np.ndarray) -> np.ndarray:
        """Returns the (n, d) float32 unit rows unchanged."""
        return unit_rows(vectors)

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns no arrays, because nothing was fitted."""
        return {}


class Raw:
    """Gives the vectors as they are, with nothing to fit."""

    def fit(self, vectors: np.ndarray) -> FittedRaw:
        """Returns the one raw space, which does not depend on the vectors."""
        return FittedRaw()

    def restore(self, arrays: Mapping[str, np.ndarray]) -> FittedRaw:
        """Returns the one raw space."""
        return FittedRaw()


@spaces.register(
    "raw",
    title="Raw",
    source="cosine of the extractor's vectors",
    summary="The extractor's vectors as they are.",
)
def raw() -> Raw:
    """Makes the space that the public baseline uses."""
    return Raw()
