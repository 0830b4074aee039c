"""Allows one learning at a time per cache: two would compete for memory and cores, and write the same files."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from filelock import lock_descriptor

from shopsim.base.disk.disk_room import why_refused
from shopsim.base.errors import ShopsimError

_NAME = "learning.lock"
# A process that only asks whether the lock is held has it for some microseconds.
_RETRIES, _MOMENT_S = 4, 0.01
# The lock is on the first byte, and Windows lets no other process read a locked byte.
_COMMAND_AT = 1
_LONGEST = 40

LEARN, BENCHMARK = "learn", "benchmark"
"""Commands that learn."""


@contextmanager
def one_at_a_time(cache: Path, command: str = LEARN) -> Iterator[None]:
    """Keeps every other process from learning with this cache while the block runs.

    The system lets go of the lock if the process is killed. command: written into the lock file for `holder`.
    Raises ShopsimError if a process is learning already.
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
            file.write(b"\n" * _COMMAND_AT + command.encode())
            file.flush()
        yield


def holder(cache: Path) -> str:
    """Returns the command that learns with this cache, or did last; '' if none is known."""
    try:
        with (cache / _NAME).open("rb", buffering=0) as file:
            file.seek(_COMMAND_AT)
            return file.read(_LONGEST).decode(errors="replace")
    except OSError:
        return ""


def is_held(cache: Path) -> bool:
    """Says whether a process is learning with this cache."""
    try:
        with _opened(cache / _NAME) as file:
            return not _taken(file)
    except OSError:
        return False  # Nobody has learnt here yet.


def _opened(path: Path) -> BinaryIO:
    try:
        # Some network disks lock only files that are open for writing.
        return path.open("r+b")
    except PermissionError:
        return path.open("rb")


def _taken(file: BinaryIO) -> bool:
    """Says whether the lock is ours now, until the file is closed."""
    for _ in range(_RETRIES):
        if lock_descriptor(file.fileno(), blocking=False):
            return True
        time.sleep(_MOMENT_S)
    return lock_descriptor(file.fileno(), blocking=False)
