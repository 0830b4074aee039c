"""Vectors laid out as points of a map, kept in the store."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Mapping

import numpy as np

from shopsim.base.disk.store import Store, digest_of
from shopsim.base.registry import Value
from shopsim.features.projections import Near, projections

MAX_POINTS = 300_000
"""With more photos t-SNE and UMAP take hours; PCA takes any number."""


def rows_on_map(n_images: int, seed: int = 0) -> np.ndarray:
    """(m,) int64, rising: the rows of the photos that are laid out; all, or a random sample of MAX_POINTS."""
    if n_images <= MAX_POINTS:
        return np.arange(n_images)
    return np.sort(np.random.default_rng(seed).choice(n_images, MAX_POINTS, replace=False))


def points_of(
    vectors: np.ndarray,
    projection: str,
    settings: Mapping[str, Value],
    store: Store,
    seed: int = 0,
    *,
    neighbours: Near,
) -> np.ndarray:
    """(n, d) float32 vectors -> (n, 2) float32 points, computed once for the same vectors and settings.

    The key depends on the vectors only, so another clustering, threshold or label moves no point.
    neighbours: searched only if the projection needs them and the points are not kept yet.
    """
    content = hashlib.blake2b(np.ascontiguousarray(vectors), digest_size=16).hexdigest()
    key = digest_of(content, vectors.shape, projections.entry(projection).key, sorted(settings.items()), seed)
    points = store.load("points", key)
    if points is None or not _are_points(points, len(vectors)):
        create = projections.create(projection, **settings)
        wants = "neighbours" in inspect.signature(create.project).parameters
        points = create.project(vectors, seed, **({"neighbours": neighbours} if wants else {}))
        store.save("points", key, points)
    return points


def _are_points(points: np.ndarray, n: int) -> bool:
    return points.shape == (n, 2) and points.dtype.kind == "f" and bool(np.isfinite(points).all())
