"""One learning at a time per cache: two would take each other's memory and cores, and write the same files."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from shopsim.base.disk.disk_room import why_refused
from shopsim.base.errors import ShopsimError

_NAME = "learning.lock"
_ATTEMPTS, _MOMENT_S = 5, 0.05
_LONGEST = 40

LEARN, BENCHMARK = "learn", "benchmark"
"""Commands that learn."""


@contextmanager
def one_at_a_time(cache: Path, command: str = LEARN) -> Iterator[None]:
    """While the block runs no other process learns with this cache; the system lets go if the process is killed.

    command: which one it is, for whoever asks. Raises ShopsimError if one is learning.
    """
    try:
        cache.mkdir(parents=True, exist_ok=True)
        file = (cache / _NAME).open("ab")
    except OSError as error:
        raise ShopsimError(f"Cannot write '{cache / _NAME}': {why_refused(error, cache)}.") from error
    with file:
        if not _taken(file):
            raise ShopsimError(
                f"Another learning is running with the cache '{cache}'; wait until it has ended, or stop it."
            )
        with suppress(OSError):  # The lock holds, whatever it says.
            file.truncate(0)
            file.write(command.encode())
            file.flush()
        yield


def _taken(file: BinaryIO) -> bool:
    """Whether the lock is ours now; who only looks at it has it for a moment, so it is asked for more than once."""
    for _ in range(_ATTEMPTS):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_MOMENT_S)
        else:
            return True
    return False


def holder(cache: Path) -> str:
    """The command that learns with this cache, or did last; '' if none is known."""
    try:
        return (cache / _NAME).read_text(errors="replace")[:_LONGEST]
    except OSError:
        return ""


def is_held(cache: Path) -> bool:
    """Whether a process is learning with this cache."""
    try:
        with (cache / _NAME).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False  # Nobody has learnt here yet.
    return False
