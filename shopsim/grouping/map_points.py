"""The points of the map, from the neighbour lists that others use too."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from shopsim.base.disk.store import Store
from shopsim.base.registry import Value
from shopsim.base.work.progress import Progress, silent
from shopsim.clusterers.kept_neighbours import Neighbours
from shopsim.features.projections.points import points_of


def map_points(
    vectors: np.ndarray,
    projection: str,
    settings: Mapping[str, Value],
    store: Store,
    seed: int = 0,
    progress: Progress = silent,
) -> np.ndarray:
    """Returns `points_of` the vectors; the nearest photos, where the projection needs them, come from the store."""
    known = Neighbours(vectors, store)

    def near(k: int) -> tuple[np.ndarray, np.ndarray]:
        lists = known.of_photos(k, progress)
        return lists.ids, lists.similarity

    return points_of(vectors, projection, settings, store, seed, neighbours=near)
