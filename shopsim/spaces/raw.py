"""The vectors as the extractor gave them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from shopsim.base.rows import unit_rows
from shopsim.spaces import spaces


@dataclass(frozen=True)
class FittedRaw:
    """Leaves unit rows as they are, and makes other rows one long."""

    note: str = "Vectors as the extractor gave them."

    def transform(self, vectors: np.ndarray) -> np.ndarray:
        """(n, d) float32 unit rows -> the same."""
        return unit_rows(vectors)

    def arrays(self) -> dict[str, np.ndarray]:
        """Nothing was fitted."""
        return {}


class Raw:
    """The raw space, which has nothing to fit."""

    def fit(self, vectors: np.ndarray) -> FittedRaw:
        """The one raw space, whatever the vectors."""
        return FittedRaw()

    def restore(self, arrays: Mapping[str, np.ndarray]) -> FittedRaw:
        """The one raw space."""
        return FittedRaw()


@spaces.register(
    "raw",
    title="Raw",
    source="cosine of the extractor's vectors",
    summary="The extractor's vectors as they are.",
)
def raw() -> Raw:
    """The space that the public baseline uses."""
    return Raw()
