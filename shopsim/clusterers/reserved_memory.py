"""Reserves memory for large clusterings among all processes that share a cache.

Each reservation is a locked file with a note beside it that says how much is reserved. The system releases the locks
of a process that ends, also of one that is killed, so no memory stays reserved.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import groupby
from pathlib import Path

import msgspec
import psutil
from filelock import FileLock, Timeout

from shopsim.base.disk.files import write_bytes
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import cache_dir
from shopsim.base.work.free_memory import size_text
from shopsim.base.work.progress import Progress, look, say

# So much less than any machine has that it needs no reservation.
LITTLE = 1 << 28
_LOOK_S = 0.1
_FOLDER, _GATE = "fitting", "gate.lock"


class Reservation(msgspec.Struct):
    """Memory for one clustering. resident: the bytes that its process, started at `created`, had before it began."""

    n_bytes: int
    pid: int
    created: float
    resident: int


@contextmanager
def reserved(n_bytes: int, free: Callable[[], int | None], progress: Progress) -> Iterator[None]:
    """Reserves memory within the block, once the other clusterings leave that much free or have all ended.

    While it waits, it says what it waits for, and a stop ends it. Less than 256 MB never waits and is not reserved.
    Where the cache cannot be written, nothing is reserved.
    free: returns the bytes that this process can take; None, where the system does not tell, is enough for all.
    """
    with ExitStack() as held:
        has_waited = False
        while n_bytes >= LITTLE and (others := _reserve_beside(held, n_bytes, free)):
            say(progress, _waiting_for(others))
            look(progress)
            has_waited = True
            time.sleep(_LOOK_S)
        if has_waited:
            say(progress, "")
        yield


def _waiting_for(others: list[Reservation]) -> str:
    which = "another clustering" if len(others) == 1 else f"{len(others)} other clusterings"
    return f"waiting for the memory of {which}: {size_text(sum(other.n_bytes for other in others))}"


def _reserve_beside(held: ExitStack, n_bytes: int, free: Callable[[], int | None]) -> list[Reservation]:
    """Reserves until `held` ends, if there is room or no other clustering; returns those to wait for, else none."""
    folder = cache_dir() / _FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Held for a moment only, so that no two processes reserve the same free memory.
        with FileLock(folder / _GATE):
            others, unused = _look_around(folder)
            room = free()
            if others and room is not None and n_bytes > room - _still_to_come(others):
                return others
            _take(held, folder, unused, n_bytes)
    except (OSError, ShopsimError):
        # The cache cannot be written; whoever saves the tree says so.
        pass
    return []


def _look_around(folder: Path) -> tuple[list[Reservation], int]:
    """What the other clusterings have reserved, and the first number that nobody uses."""
    others, unused = [], []
    numbers = [int(path.stem) for path in folder.glob("*.lock") if path.stem.isdigit()]
    for number in numbers:
        try:
            with FileLock(folder / f"{number}.lock").acquire(timeout=0):
                unused.append(number)
        except Timeout:
            others.append(_noted(folder, number))
    return others, min(unused, default=max(numbers, default=-1) + 1)


def _noted(folder: Path, number: int) -> Reservation:
    try:
        return msgspec.json.decode((folder / f"{number}.json").read_bytes(), type=Reservation)
    except (OSError, msgspec.MsgspecError):
        # A damaged note: how much is reserved is unknown, so others wait only where memory is short anyway.
        return Reservation(0, 0, 0.0, 0)


def _take(held: ExitStack, folder: Path, number: int, n_bytes: int) -> None:
    lock = FileLock(folder / f"{number}.lock")
    lock.acquire(timeout=0)
    held.callback(lock.release)
    this = psutil.Process()
    note = Reservation(n_bytes, this.pid, this.create_time(), this.memory_info().rss)
    write_bytes(folder / f"{number}.json", msgspec.json.encode(note))


def _still_to_come(others: list[Reservation]) -> int:
    """Bytes that others have reserved and not taken yet; the bytes they have taken are no longer free."""
    of_process = sorted(others, key=lambda other: (other.pid, other.created))
    left = 0
    for (pid, created), of_one in groupby(of_process, key=lambda other: (other.pid, other.created)):
        notes = list(of_one)
        grown = max(0, _resident(pid, created) - min(note.resident for note in notes))
        left += max(0, sum(note.n_bytes for note in notes) - grown)
    return left


def _resident(pid: int, created: float) -> int:
    """Bytes that the process has in memory; 0 where it cannot be seen, for example in another container."""
    try:
        process = psutil.Process(pid)
        return process.memory_info().rss if process.create_time() == created else 0
    except psutil.Error:
        return 0
