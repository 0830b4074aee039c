"""Lets one process at a time change files in a folder, without a file that stays there."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout, lock_descriptor

from shopsim.base.errors import ShopsimError

# A change takes milliseconds, unless the process was stopped in between.
_LONGEST_S, _MOMENT_S = 10.0, 0.01
# Windows opens no folder, so a file in it is locked instead, and is gone when the lock is.
_LOCKS_FOLDERS = os.name != "nt"
_LOCK_NAME = ".moving.lock"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Lets one process at a time change files in the folder; the system lets go if this process is killed.

    Raises ShopsimError if another process does not end in time, OSError if the folder cannot be opened.
    """
    by_file = FileLock(folder / _LOCK_NAME, timeout=_LONGEST_S, poll_interval=_MOMENT_S)
    try:
        with _locked(folder) if _LOCKS_FOLDERS else by_file:
            yield
    except Timeout:
        raise ShopsimError(f"Another process is writing into '{folder}'; try again when it has ended.") from None


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    number = os.open(folder, os.O_RDONLY)
    try:
        end = time.monotonic() + _LONGEST_S
        while not _is_taken(number):
            if time.monotonic() > end:
                raise Timeout(str(folder))
            time.sleep(_MOMENT_S)
        yield
    finally:
        os.close(number)


def _is_taken(number: int) -> bool:
    """Says whether the lock is ours now."""
    try:
        return lock_descriptor(number, blocking=False)
    except OSError:
        return True  # Some network disks know no locks; two who change files there at once may disturb each other.
