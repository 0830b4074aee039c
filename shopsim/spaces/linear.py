"""Applies a linear map before the cosine: whitening and every learned metric are such a map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.base.rows import distinct_of_blocks, unit_rows
from shopsim.features.stored_rows import Rows, StoredRows, blocks_of, taken
from shopsim.spaces import FittedSpace
from shopsim.spaces.raw import FittedRaw


@dataclass(frozen=True, eq=False)
class FittedLinear:
    """Centres, projects and normalises rows.

    mean: (d,) float32; projection: (d, k) float32. The Euclidean distance of two rows before normalisation is the
    Mahalanobis distance sqrt((x - y)' M (x - y)) of the vectors, with M = projection projection'.
    Source: Xing et al., Distance metric learning with application to clustering, NIPS 2003; Weinberger and Saul,
    Distance metric learning for large margin nearest neighbor classification, JMLR 10 (2009).
    """

    mean: np.ndarray
    projection: np.ndarray
    note: str

    def transform(self, vectors: Rows) -> np.ndarray:
        """Turns (n, d) float32 unit rows into (n, k) float32 unit rows; zero rows stay zero, equal rows stay equal."""
        if not isinstance(vectors, StoredRows):
            vectors = np.asarray(vectors, dtype=np.float32)
        # A matrix product may round equal rows differently at different places, so each distinct row is projected once.
        # Rows in memory and rows on disk go in the same blocks, and so get the same numbers.
        first, inverse = distinct_of_blocks((rows for _, rows in blocks_of(vectors)), len(vectors))
        placed = np.empty((len(first), self.projection.shape[1]), np.float32)
        for part, rows in blocks_of(taken(vectors, first)):
            projected = self.project(rows)
            projected[~rows.any(axis=1)] = 0.0
            placed[part] = unit_rows(projected)
        return placed if len(first) == len(vectors) else placed[inverse]

    def project(self, vectors: np.ndarray) -> np.ndarray:
        """Projects (n, d) float32 to (n, k) float32, without normalising."""
        return (vectors - self.mean) @ self.projection

    def then(self, matrix: np.ndarray, note: str) -> FittedLinear:
        """Returns this map followed by another one, (k, m)."""
        return FittedLinear(self.mean, (self.projection @ matrix).astype(np.float32), note)

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns the arrays that `restored` needs."""
        return {"mean": self.mean, "projection": self.projection}


def restored(arrays: Mapping[str, np.ndarray], what: str) -> FittedSpace:
    """Returns the linear space with these `arrays`, or the raw one if there are none.

    what: the beginning of the note's sentence. Raises ShopsimError if the arrays do not fit.
    """
    if not arrays:
        return FittedRaw()
    mean, projection = arrays.get("mean"), arrays.get("projection")
    shapes = [array.shape for array in (mean, projection) if array is not None]
    if len(shapes) < 2 or len(shapes[1]) != 2 or shapes[0] != shapes[1][:1] or 0 in shapes[1]:
        raise ShopsimError("The arrays of a linear space must be 'mean' (d,) and 'projection' (d, k).")
    note = f"{what} to {projection.shape[1]} components, as tuned."
    return FittedLinear(mean.astype(np.float32), projection.astype(np.float32), note)
