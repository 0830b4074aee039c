"""Whitens by PCA: directions in which all photos differ get less weight, so that rare differences show."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from shopsim.base.registry import Setting
from shopsim.base.rows import distinct_rows
from shopsim.features.stored_rows import Rows, StoredRows
from shopsim.spaces import FittedSpace, spaces
from shopsim.spaces.linear import FittedLinear, restored
from shopsim.spaces.moments import moments
from shopsim.spaces.raw import FittedRaw

MAX_COMPONENTS = 256
ROWS_PER_COMPONENT = 4
FEWEST_ROWS = 32
VARIANCE_FLOOR = 1e-4
"""Components with a smaller share of the largest variance are rounding noise, and are not enlarged further."""


@dataclass(frozen=True)
class Whitening:
    """Whitens by PCA at a chosen strength: 0 only centres and projects, 1 gives all components one variance.

    components: the most components; 0 for MAX_COMPONENTS.
    """

    strength: float = 0.5
    components: int = 0

    reads_blocks: ClassVar[bool] = True
    """Rows that lie on disk are read block by block."""

    def fit(self, vectors: Rows) -> FittedSpace:
        """Fits on (n, d) float32 unit rows; zero rows are left out.

        Few photos whiten to noise: with as many components as photos, all pairs are equally dissimilar.
        So there is at most one component per 4 distinct rows, and fewer than 32 distinct rows stay raw.
        """
        if isinstance(vectors, StoredRows):
            return self._fit_blocks(vectors)
        vectors = np.asarray(vectors, dtype=np.float32)
        vectors = vectors[vectors.any(axis=1)]
        n_distinct = len(distinct_rows(vectors)[0])
        if n_distinct < FEWEST_ROWS:
            return _too_few(n_distinct)
        n_components = self._n_components(n_distinct, vectors.shape[1])
        return self._fitted(_components(vectors, n_components), len(vectors))

    def restore(self, arrays: Mapping[str, np.ndarray]) -> FittedSpace:
        """Returns the fitted space with these `arrays`. Raises ShopsimError if they do not fit."""
        return restored(arrays, f"Whitened at strength {self.strength:g}")

    def _fit_blocks(self, vectors: StoredRows) -> FittedSpace:
        found = moments(rows for _, rows in vectors.blocks())
        if found.n_distinct < FEWEST_ROWS:
            return _too_few(found.n_distinct)
        directions, variances = found.components(self._n_components(found.n_distinct, vectors.shape[1]))
        return self._fitted(_Components(found.mean, directions, _with_floor(variances)), found.n_rows)

    def _n_components(self, n_distinct: int, n_features: int) -> int:
        return min(self.components or MAX_COMPONENTS, n_distinct // ROWS_PER_COMPONENT, n_features)

    def _fitted(self, found: _Components, n_photos: int) -> FittedLinear:
        n_components = len(found.directions)
        projection = found.directions.T * found.variances ** (-self.strength / 2)
        note = f"Whitened at strength {self.strength:g} to {n_components} components, fitted on {n_photos:,} photos."
        return FittedLinear(found.mean.astype(np.float32), projection.astype(np.float32), note)


@dataclass(frozen=True, eq=False)
class _Components:
    """Keeps the part of a fit that all strengths share: mean (d,), directions (k, d), variances (k,) with a floor."""

    mean: np.ndarray
    directions: np.ndarray
    variances: np.ndarray


# Kept for the photos fitted last: a comparison of strengths fits the same photos again and again.
_last: OrderedDict[tuple[str, tuple[int, ...], int], _Components] = OrderedDict()
_KEPT = 2


def _components(vectors: np.ndarray, n_components: int) -> _Components:
    """Returns the principal components of (n, d) float32 rows; those of the last _KEPT calls are kept."""
    key = hashlib.blake2b(np.ascontiguousarray(vectors), digest_size=16).hexdigest(), vectors.shape, n_components
    found = _last.get(key) or _fit_components(vectors, n_components)
    _last[key] = found
    while len(_last) > _KEPT:
        _last.popitem(last=False)
    return found


def _fit_components(vectors: np.ndarray, n_components: int) -> _Components:
    from sklearn.decomposition import PCA

    # Both solvers are deterministic. A full SVD is faster if there are far fewer photos than features. From half as
    # many photos on, the covariance is faster: a third of the time at 2,000 x 2,148.
    solver = "covariance_eigh" if 2 * len(vectors) >= vectors.shape[1] else "full"
    pca = PCA(n_components, svd_solver=solver).fit(vectors)
    return _Components(pca.mean_, pca.components_, _with_floor(pca.explained_variance_))


def _with_floor(variances: np.ndarray) -> np.ndarray:
    return np.maximum(variances, VARIANCE_FLOOR * variances.max())


def _too_few(n_distinct: int) -> FittedRaw:
    return FittedRaw(f"Raw vectors: whitening needs {FEWEST_ROWS} different photos, this catalogue has {n_distinct}.")


STRENGTH = Setting(
    "strength",
    "Strength",
    0.5,
    low=0.0,
    high=1.0,
    step=0.05,
    help="0 keeps the variances as they are, 1 makes all components count the same.",
)
COMPONENTS = Setting(
    "components",
    "Most components",
    0,
    low=0,
    high=2048,
    step=1,
    help=f"0: as many as the photos allow, {MAX_COMPONENTS} at most.",
)


@spaces.register(
    "whitened",
    title="Whitened",
    source="Jégou and Chum, Negative evidences and co-occurences in image retrieval, ECCV 2012",
    summary="PCA whitening; raw below 32 photos.",
    settings=(STRENGTH, COMPONENTS),
)
def whitened(strength: float = 0.5, components: int = 0) -> Whitening:
    """Makes PCA whitening of the given strength."""
    return Whitening(strength, components)
