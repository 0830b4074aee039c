"""Shares the memory for decoded photos among all processes that use one cache: one locked file per 32 MB.

When a process ends, in any way, the system releases its locks, so that no memory stays taken.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from shopsim.base.paths import cache_dir
from shopsim.base.work.free_memory import size_text
from shopsim.catalog.photos.unreadable import RefusedPhotoError

SLOT_BYTES = 1 << 25
# For all processes together: 16 GB. A look at a slot costs 0.1 ms.
MOST_SLOTS = 512
# A photo that takes less needs no slot: all threads of all workers together take 100 MB per core.
LITTLE = 1 << 22
LONGEST_WAIT_S = 120.0
LOOK_S = 0.02
_FOLDER, _GATE = "decoding", "several.lock"


@contextmanager
def slots_held(n_bytes: int, most: int) -> Iterator[None]:
    """Takes slots for so many bytes within the block, as soon as the other processes leave them free.

    most: the bytes that all processes together may take, as this process sees it. If the cache cannot be written,
    no slot is taken. Raises RefusedPhotoError after a wait of two minutes.
    """
    with ExitStack() as held:
        if n_bytes > LITTLE:
            n_slots = min(MOST_SLOTS, max(1, most // SLOT_BYTES))
            try:
                _hold(held, min(n_slots, -(-n_bytes // SLOT_BYTES)), n_slots)
            except Timeout:
                reason = f"it needs {size_text(n_bytes)} to decode, and other photos have taken the memory for that"
                raise RefusedPhotoError(reason, passes=True) from None
            except OSError:
                # The cache cannot be written, so only this process's own limit applies.
                pass
        yield


def others_hold_slots() -> bool:
    """Says whether any other process has a slot; called while this process has none."""
    with suppress(OSError):
        for path in (cache_dir() / _FOLDER).glob("[0-9]*.lock"):
            with ExitStack() as held:
                if not _taken(held, path):
                    return True
    return False


def _hold(held: ExitStack, n_wanted: int, n_slots: int) -> None:
    """Takes so many of the first `n_slots` slots.

    Raises Timeout after two minutes, OSError if there can be no slots.
    """
    folder = cache_dir() / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + LONGEST_WAIT_S
    with ExitStack() as gate:
        # Only one process at a time gathers several slots, else two could wait for each other.
        while n_wanted > 1 and not _taken(gate, folder / _GATE):
            _wait(deadline, folder / _GATE)
        left = [folder / f"{number}.lock" for number in range(n_slots)]
        while True:
            for path in list(left):
                if _taken(held, path):
                    left.remove(path)
                    n_wanted -= 1
                    if not n_wanted:
                        return
            _wait(deadline, folder)


def _taken(held: ExitStack, path: Path) -> bool:
    """Takes the lock until `held` ends, if nobody has it."""
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    held.callback(lock.release)
    return True


def _wait(deadline: float, path: Path) -> None:
    """Waits a moment. Raises Timeout after the deadline."""
    if time.monotonic() > deadline:
        raise Timeout(str(path))
    time.sleep(LOOK_S)
