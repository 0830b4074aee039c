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
from shopsim.features.stored_rows import Rows, StoredRows, blocks_of
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
        found = _components(vectors, self.components or MAX_COMPONENTS)
        return _too_few(found.n_distinct) if found.n_distinct < FEWEST_ROWS else self._fitted(found)

    def restore(self, arrays: Mapping[str, np.ndarray]) -> FittedSpace:
        """Returns the fitted space with these `arrays`. Raises ShopsimError if they do not fit."""
        return restored(arrays, f"Whitened at strength {self.strength:g}")

    def _fitted(self, found: _Components) -> FittedLinear:
        projection = found.directions.T * found.variances ** (-self.strength / 2)
        fitted = f"to {len(found.directions)} components, fitted on {found.n_rows:,} photos."
        note = f"Whitened at strength {self.strength:g} {fitted}"
        return FittedLinear(found.mean.astype(np.float32), projection.astype(np.float32), note)


@dataclass(frozen=True, eq=False)
class _Components:
    """Keeps the part of a fit that all strengths share: mean (d,), directions (k, d), variances (k,) with a floor.

    n_rows: rows that are not all zeros; n_distinct: distinct ones among them. Too few of these have no directions.
    """

    mean: np.ndarray
    directions: np.ndarray
    variances: np.ndarray
    n_rows: int
    n_distinct: int


# Kept for the photos fitted last: a comparison of strengths fits the same photos again and again.
_last: OrderedDict[tuple[str, tuple[int, ...], int], _Components] = OrderedDict()
_KEPT = 2


def _components(vectors: Rows, most: int) -> _Components:
    """Returns the principal components of (n, d) float32 rows; those of the last _KEPT calls are kept.

    Rows in memory and rows on disk give the same numbers, to the last bit.
    """
    # A full SVD is faster if there are far fewer photos than features, and needs no (d, d). From half as many photos
    # on, the covariance is faster: a third of the time at 2,000 x 2,148.
    by_blocks = 2 * len(vectors) >= vectors.shape[1]
    if by_blocks and isinstance(vectors, StoredRows):
        return _of_covariance(vectors, most)
    vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    key = hashlib.blake2b(vectors, digest_size=16).hexdigest(), vectors.shape, most
    found = _last.get(key) or (_of_covariance if by_blocks else _of_rows)(vectors, most)
    _last[key] = found
    while len(_last) > _KEPT:
        _last.popitem(last=False)
    return found


def _of_covariance(vectors: Rows, most: int) -> _Components:
    found = moments(rows for _, rows in blocks_of(vectors))
    directions, variances = found.components(_n_components(most, found.n_distinct, vectors.shape[1]))
    return _Components(found.mean, directions, _with_floor(variances), found.n_rows, found.n_distinct)


def _of_rows(vectors: np.ndarray, most: int) -> _Components:
    from sklearn.decomposition import PCA

    vectors = vectors[vectors.any(axis=1)]
    n_distinct = len(distinct_rows(vectors)[0])
    count = _n_components(most, n_distinct, vectors.shape[1])
    if not count:
        return _Components(np.zeros(vectors.shape[1]), np.empty((0, vectors.shape[1])), np.empty(0), 0, n_distinct)
    pca = PCA(count, svd_solver="full").fit(vectors)
    return _Components(pca.mean_, pca.components_, _with_floor(pca.explained_variance_), len(vectors), n_distinct)


def _n_components(most: int, n_distinct: int, n_features: int) -> int:
    return 0 if n_distinct < FEWEST_ROWS else min(most, n_distinct // ROWS_PER_COMPONENT, n_features)


def _with_floor(variances: np.ndarray) -> np.ndarray:
    return np.maximum(variances, VARIANCE_FLOOR * variances.max(initial=0))


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
    help=f"Automatic (0): as many as the photos allow, {MAX_COMPONENTS} at most.",
    automatic=0,
)


@spaces.register(
    "whitened",
    version=2,
    title="Whitened",
    source="Jégou and Chum, Negative evidences and co-occurences in image retrieval, ECCV 2012",
    summary="PCA whitening; raw below 32 photos.",
    settings=(STRENGTH, COMPONENTS),
)
def whitened(strength: float = 0.5, components: int = 0) -> Whitening:
    """Makes PCA whitening of the given strength."""
    return Whitening(strength, components)
