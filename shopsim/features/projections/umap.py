"""UMAP: keeps neighbours together and clusters roughly in place."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from shopsim.base.registry import Setting
from shopsim.features.projections import Near, Projection, projections
from shopsim.features.projections.pca import Pca, all_rows_equal

# With fewer photos there are no neighbourhoods to keep.
_FEWEST = 7


@dataclass(frozen=True)
class Umap:
    """Puts photos with the same nearest neighbours, by cosine, next to each other."""

    n_neighbors: int
    min_dist: float

    def project(self, vectors: np.ndarray, seed: int = 0, neighbours: Near | None = None) -> np.ndarray:
        """(n, d) float32 unit rows -> (n, 2) float32 points.

        For 10,000 x 256 the first time in a process, which imports and compiles: 15 s of CPU, and 40 s where UMAP
        searches by itself; 7 s after that. With a seed UMAP uses one core. It takes at most as many neighbours as there
        are other photos. PCA lays out fewer than 7 photos, or all equal ones.
        neighbours: the exact ones; without them UMAP searches by itself, from 4,096 photos on approximately.
        """
        n_images = len(vectors)
        if n_images < _FEWEST or all_rows_equal(vectors):
            return Pca().project(vectors, seed)
        from umap import UMAP

        n_neighbors = min(self.n_neighbors, n_images - 1)
        reducer = UMAP(
            n_neighbors=n_neighbors,
            precomputed_knn=(None, None, None) if neighbours is None else _known(*neighbours(n_neighbors - 1)),
            min_dist=self.min_dist,
            metric="cosine",
            # By default UMAP takes exactly opposite rows as unconnected and gives them NaN.
            disconnection_distance=float("inf"),
            init=_start(vectors, seed),
            random_state=seed,
            n_jobs=1,
        )
        with warnings.catch_warnings():
            # The map never places further photos.
            warnings.filterwarnings("ignore", r"precomputed_knn\[2\] \(knn_search_index\) is not an NNDescent")
            return reducer.fit_transform(vectors).astype(np.float32, copy=False)


def _known(ids: np.ndarray, similarity: np.ndarray) -> tuple[np.ndarray, np.ndarray, None]:
    """Returns the lists as UMAP takes them: distances, and each photo is its own first neighbour."""
    itself = np.arange(len(ids), dtype=ids.dtype)[:, None]
    distances = np.maximum(1 - similarity, 0)
    return np.hstack([itself, ids]), np.hstack([np.zeros((len(ids), 1), np.float32), distances]), None


def _start(vectors: np.ndarray, seed: int) -> np.ndarray:
    """(n, 2) float32 PCA points within -10 to 10, with a little noise so that equal rows can come apart.

    UMAP's spectral start is slow and warns where groups of near-duplicates have no outside neighbours; its PCA start
    fails on a single column.
    """
    points = Pca().project(vectors, seed)
    points *= 10 / np.abs(points).max()
    noise = np.random.default_rng(seed).normal(scale=1e-4, size=points.shape)
    return (points + noise).astype(np.float32)


@projections.register(
    "umap",
    title="UMAP",
    source="McInnes, Healy and Melville, UMAP (2018); umap-learn",
    summary="Keeps nearest neighbours together, and similar islands near each other.",
    version=2,
    settings=(
        Setting("n_neighbors", "Neighbours", 15, 2, 200, 1, "Few show small groups, many show the large picture."),
        Setting("min_dist", "Smallest distance", 0.1, 0.0, 0.99, 0.05, "How tightly points may pack."),
    ),
)
def create(n_neighbors: int, min_dist: float) -> Projection:
    """The projection with the number of neighbours to keep and how tightly points may pack."""
    return Umap(n_neighbors, min_dist)
