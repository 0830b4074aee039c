"""Checks before a clustering starts that it fits in memory, so that nothing crashes halfway."""

from __future__ import annotations

import inspect

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.base.work.free_memory import free_memory, size_text
from shopsim.base.work.lanes import here
from shopsim.base.work.progress import Progress, silent
from shopsim.clusterers import Clusterer, Tree
from shopsim.clusterers.bindings import Apart, Together
from shopsim.clusterers.kept_neighbours import Neighbours
from shopsim.clusterers.reserved_memory import reserved


def fit_in_memory(
    clusterer: Clusterer,
    vectors: np.ndarray,
    progress: Progress = silent,
    neighbours: Neighbours | None = None,
    together: Together = (),
    apart: Apart = (),
    parts: np.ndarray | None = None,
) -> Tree:
    """Returns what the clusterer makes of (n, d) vectors, once there is memory for it.

    A large fit waits while the other large fits, of all processes that share the cache, leave too little memory.
    progress: told while it waits, see `reserved`, and by a fit that takes minutes. neighbours: the lists of these
    vectors, for a clusterer that needs lists; without them it searches by itself. together, apart: photos that stay
    together and pairs that never merge, and parts: (n,) integers, photos of different ones never merge; for a
    clusterer that passes `check_takes_bindings`.
    Raises ShopsimError as `check_memory` does, and Contradiction as `bindings_of` does.
    """
    bindings = {"together": together, "apart": apart} if len(together) or len(apart) else {}
    wants = neighbours is not None and "neighbours" in inspect.signature(clusterer.fit).parameters
    more = ({"neighbours": neighbours} if wants else {}) | bindings | ({} if parts is None else {"parts": parts})
    needed = clusterer.memory(*vectors.shape, **bindings)
    with reserved(needed, lambda: free_memory(), progress):
        check_needed(needed, len(vectors))
        return here(clusterer.fit, vectors, progress=progress, **more)


def check_memory(clusterer: Clusterer, n_images: int, n_features: int, free: int | None = None) -> None:
    """Raises ShopsimError if fitting (n_images, n_features) would need more memory than is free.

    free: bytes; asked from the system by default. Where the system doesn't tell, nothing is checked.
    """
    check_needed(clusterer.memory(n_images, n_features), n_images, free)


def check_needed(needed: int, n_images: int, free: int | None = None) -> None:
    """Raises ShopsimError as `check_memory` does, for so many bytes."""
    free = free_memory() if free is None else free
    if free is not None and needed > free:
        raise ShopsimError(
            f"Grouping {n_images:,} photos this way needs {size_text(needed)} of memory and {size_text(free)} is free; "
            "leave out copies or group one category at a time, or choose average linkage, single linkage or K-means, "
            "which need less."
        )
