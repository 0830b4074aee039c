"""Says before the start, not after a crash, that a tree would not fit in memory."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from filelock import FileLock

from shopsim import ShopsimError
from shopsim.clusterers import Clusterer, Tree
from shopsim.paths import cache_dir

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
            f"Grouping {n_images:,} photos this way needs {_size(needed)} of memory and {_size(free)} is free; "
            "leave out copies or group one category at a time, or choose K-means, which needs far less."
        )


def free_memory(proc: Path = Path("/proc"), groups: Path = Path("/sys/fs/cgroup")) -> int | None:
    """Bytes this process can still take without swapping, a container's limit respected; None where unknown."""
    free = [_available(proc), *_left_in_control_groups(proc, groups)]
    return min((value for value in free if value is not None), default=None)


def _available(proc: Path) -> int | None:
    """What the machine has left: Linux's own estimate, elsewhere all of its memory."""
    try:
        for line in (proc / "meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None


def _left_in_control_groups(proc: Path, groups: Path) -> Iterator[int]:
    """Limit less use of every control group this process is in; the names differ between versions 1 and 2."""
    for folder in _control_groups(proc, groups):
        for limit_name, usage_name, cache_name in (
            ("memory.max", "memory.current", "inactive_file"),
            ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
        ):
            limit, usage = _number(folder / limit_name), _number(folder / usage_name)
            if limit is not None and usage is not None:
                yield max(0, limit - usage + _statistic(folder / "memory.stat", cache_name))


def _control_groups(proc: Path, groups: Path) -> Iterator[Path]:
    """Folders of the memory control groups, from the outermost (a container's own) to this process's."""
    yield from (groups, groups / "memory")
    try:
        lines = (proc / "self" / "cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers in ("", "memory"):
            folder = groups / controllers
            for part in Path(path.lstrip("/")).parts:
                folder = folder / part
                yield folder


def _number(path: Path) -> int | None:
    """The number in a file; None if there is no file, or it says `max`."""
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None


def _statistic(path: Path, name: str) -> int:
    """One value of a control group's statistics, 0 if it isn't there."""
    try:
        values = dict(line.split() for line in path.read_text().splitlines())
    except (OSError, ValueError):
        return 0
    return int(values.get(name, 0))


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 2**30:,.1f} GB" if n_bytes >= 2**29 else f"{n_bytes / 2**20:,.0f} MB"
