"""Compares the vectors as the extractor gave them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from shopsim.base.rows import unit_rows
from shopsim.features.stored_rows import Rows, StoredRows
from shopsim.spaces import spaces


@dataclass(frozen=True)
class FittedRaw:
    """Changes only the length of rows that do not have length 1."""

    note: str = "Vectors as the extractor gave them."

    def transform(self, vectors: Rows) -> np.ndarray:
        """Returns the (n, d) float32 unit rows unchanged."""
        if not isinstance(vectors, StoredRows):
            return unit_rows(vectors)
        rows = np.empty(vectors.shape, np.float32)
        for part, block in vectors.blocks():
            rows[part] = unit_rows(block)
        return rows

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns no arrays, because nothing was fitted."""
        return {}


class Raw:
    """Gives the vectors as they are, with nothing to fit."""

    reads_blocks: ClassVar[bool] = True
    """Rows that lie on disk are read block by block."""

    def fit(self, vectors: Rows) -> FittedRaw:
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
