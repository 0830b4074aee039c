"""A linear map, after which photos are compared by cosine: whitening and every learned metric are such maps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.base.rows import distinct_rows, unit_rows
from shopsim.spaces import FittedSpace
from shopsim.spaces.raw import FittedRaw


@dataclass(frozen=True, eq=False)
class FittedLinear:
    """Centre, project, normalise.

    mean: (d,) float32; projection: (d, k) float32. Before the rows are made one long, the Euclidean distance between
    two of them is the Mahalanobis distance sqrt((x - y)' M (x - y)) of the vectors, with M = projection projection'.
    Source: Xing et al., Distance metric learning with application to clustering, NIPS 2003; Weinberger and Saul,
    Distance metric learning for large margin nearest neighbor classification, JMLR 10 (2009).
    """

    mean: np.ndarray
    projection: np.ndarray
    note: str

    def transform(self, vectors: np.ndarray) -> np.ndarray:
        """(n, d) float32 unit rows -> (n, k) float32 unit rows; zero rows stay zero, equal rows stay equal."""
        vectors = np.asarray(vectors, dtype=np.float32)
        # A matrix product may round equal rows differently, depending on where they stand: project each once.
        first, inverse = distinct_rows(vectors)
        kept = vectors[first]
        projected = self.project(kept)
        projected[~kept.any(axis=1)] = 0.0
        return unit_rows(projected)[inverse]

    def project(self, vectors: np.ndarray) -> np.ndarray:
        """(n, d) float32 -> (n, k) float32, each as long as the map makes it."""
        return (vectors - self.mean) @ self.projection

    def then(self, matrix: np.ndarray, note: str) -> FittedLinear:
        """This map followed by another one, (k, m)."""
        return FittedLinear(self.mean, (self.projection @ matrix).astype(np.float32), note)

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays that `restored` needs."""
        return {"mean": self.mean, "projection": self.projection}


def restored(arrays: Mapping[str, np.ndarray], what: str) -> FittedSpace:
    """The linear space whose `arrays` these are, or the raw one if there are none.

    what: was done, the beginning of a sentence. Raises ShopsimError if the arrays are not such.
    """
    if not arrays:
        return FittedRaw()
    mean, projection = arrays.get("mean"), arrays.get("projection")
    shapes = [array.shape for array in (mean, projection) if array is not None]
    if len(shapes) < 2 or len(shapes[1]) != 2 or shapes[0] != shapes[1][:1] or 0 in shapes[1]:
        raise ShopsimError("The arrays of a linear space must be 'mean' (d,) and 'projection' (d, k).")
    note = f"{what} to {projection.shape[1]} components, as tuned."
    return FittedLinear(mean.astype(np.float32), projection.astype(np.float32), note)
