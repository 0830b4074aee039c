"""Removes what programs that were killed left behind: when a program starts, and every hour of a server."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from shopsim.base.disk.files import sweep_abandoned
from shopsim.base.disk.leftovers import FOREIGN_S, is_unfinished
from shopsim.base.disk.moving import MOVING, settle
from shopsim.base.disk.temporary import sweep_temporary
from shopsim.base.errors import ShopsimError

# Each upload holds photos, and nothing is written into it once it is there.
_NEVER_WRITTEN = "uploads"
# What versions without checksums kept, by names that no longer occur: entries and rows, and passes of training.
_EARLIER_ENTRY = re.compile(r"[0-9a-f]{32}(-note)?(\.ids)?\.(npy|json)")
_EARLIER_PASS = re.compile(r"(state|pass-\d{3})\.npz|scores-\d{3}-[0-9a-f]{32}\.npy")


_EVERY_S = 3600.0
_lock = threading.Lock()
_swept: dict[tuple[Path, ...], float] = {}


def sweep_hourly(cache: Path, *places: Path) -> None:
    """At the first call in a process, and once an hour: half-written files and folders in these places.

    cache: where entries are kept; those that this version no longer reads go too. places: others that are written to.
    Nothing that a living process may be writing is touched, and what cannot be removed stays.
    """
    if not _is_due((cache, *places)):
        return
    with suppress(ShopsimError):  # Who needs a temporary folder is told.
        sweep_temporary()
    for place in (cache, *places):
        for folder in _folders(place):
            sweep_unfinished(folder)
    for kind in _subfolders(cache):
        for folder in (kind, *_subfolders(kind)):
            _sweep_earlier(folder)


def _is_due(places: tuple[Path, ...]) -> bool:
    """Whether the hour is over; the one who is told so does it."""
    with _lock:
        now = time.monotonic()
        due = places not in _swept or now - _swept[places] > _EVERY_S
        if due:
            _swept[places] = now
        return due


def sweep_unfinished(folder: Path, seconds: float = FOREIGN_S) -> None:
    """What has such a name and no writer any more; seconds: as in `is_abandoned`."""
    with suppress(ShopsimError):  # Who reads or writes there is told.
        settle(folder)
    sweep_abandoned(folder, ".*", seconds, lambda name: is_unfinished(name) and not name.endswith(MOVING))


def _sweep_earlier(folder: Path) -> None:
    earlier = _EARLIER_PASS if folder.parent.name == "trainings" else _EARLIER_ENTRY
    sweep_abandoned(folder, "*", FOREIGN_S, lambda name: earlier.fullmatch(name) is not None)


def _folders(place: Path) -> Iterator[Path]:
    """The place, its folders and theirs: nothing is written further down."""
    yield place
    for folder in _subfolders(place):
        yield folder
        if folder.name != _NEVER_WRITTEN:
            yield from _subfolders(folder)


def _subfolders(folder: Path) -> list[Path]:
    with suppress(OSError), os.scandir(folder) as entries:
        return [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False) and entry.name[0] != "."]
    return []
