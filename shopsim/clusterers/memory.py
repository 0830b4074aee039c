"""Says before the start, not after a crash, that a tree would not fit in memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from filelock import FileLock

from shopsim.base.errors import ShopsimError
from shopsim.base.paths import cache_dir
from shopsim.base.work.free_memory import free_memory, size_text
from shopsim.clusterers import Clusterer, Tree

# What one fit is about to take, the next one's check cannot see.
_one_at_a_time = threading.Lock()
_LOCK_NAME = "fit.lock"
# So much less than any machine has that other processes need not wait for it.
_LITTLE = 2**28


def fit_in_memory(clusterer: Clusterer, vectors: np.ndarray) -> Tree:
    """What the clusterer makes of (n, d) vectors; one after another, each after its own check.

    That holds in this process, and for large fits between all processes that share the cache.
    Raises ShopsimError as `check_memory` does.
    """
    with _one_at_a_time, _alone(clusterer.memory(*vectors.shape)):
        check_memory(clusterer, *vectors.shape)
        return clusterer.fit(vectors)


@contextmanager
def _alone(needed: int) -> Iterator[None]:
    """Wait until no other process makes a large fit; the system lets go of the lock of one that is killed."""
    if needed < _LITTLE:
        yield
        return
    lock = FileLock(cache_dir() / _LOCK_NAME)
    try:
        cache_dir().mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except OSError:
        # A cache that cannot be written keeps no tree either, which is said where one is saved.
        yield
        return
    try:
        yield
    finally:
        lock.release()


def check_memory(clusterer: Clusterer, n_images: int, n_features: int, free: int | None = None) -> None:
    """Raises ShopsimError if fitting (n_images, n_features) would need more memory than is free.

    free: bytes; asked from the system by default. Where the system doesn't tell, nothing is checked.
    """
    needed = clusterer.memory(n_images, n_features)
    free = free_memory() if free is None else free
    if free is not None and needed > free:
        raise ShopsimError(
            f"Grouping {n_images:,} photos this way needs {size_text(needed)} of memory and {size_text(free)} is free; "
            "leave out copies or group one category at a time, or choose K-means, which needs far less."
        )
