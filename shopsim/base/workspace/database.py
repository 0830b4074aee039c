"""Reads and changes the workspace's database, one transaction at a time.

Any number of threads and processes may do so at once. Each transaction has a connection of its own, so that nothing
stays open and the folder may be moved or removed at any time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from shopsim.base.errors import ShopsimError
from shopsim.base.paths import home_dir
from shopsim.base.workspace.old_files import are_there
from shopsim.base.workspace.rows import DamagedError
from shopsim.base.workspace.transaction import T, Work, in_memory, transaction
from shopsim.base.workspace.whole_file import create, fill, is_begun, set_aside, was_set_aside

NAME = "shopsim.db"


def read(work: Work[T]) -> T:
    """Returns what `work` reads in one transaction. It writes nothing, unless it takes over files of earlier versions.

    A damaged file is set aside and reported once; `work` then sees empty tables.
    Raises ShopsimError if the file cannot be read, or if a later version wrote it.
    """
    return _whatever_is_damaged(_read, work)


def change(work: Work[T]) -> T:
    """Carries out `work` in one transaction and returns its result: its changes are on the disk, or none if it raises.

    Nobody else changes the database between its reads and its writes. A damaged file is set aside as in `read`.
    Raises ShopsimError if the disk refuses, or if a later version wrote the file.
    """
    return _whatever_is_damaged(_change, work)


def _whatever_is_damaged(step: Callable[[Path, Work[T]], T], work: Work[T]) -> T:
    """Carries out the step; if the file is damaged, sets it aside and carries the step out again."""
    path = home_dir() / NAME
    try:
        return step(path, work)
    except DamagedError:
        set_aside(path)
    return step(path, work)


def _change(path: Path, work: Work[T]) -> T:
    if not is_begun(path):
        create(path)
    return transaction(path, work, changes=True)


def _read(path: Path, work: Work[T]) -> T:
    if not is_begun(path):
        fills = partial(fill, path=path)
        if not are_there(path.parent) or was_set_aside(path):
            return in_memory(fills, work)
        try:
            create(path)
        except ShopsimError:
            # A workspace that cannot be written can still be read.
            return in_memory(fills, work)
    return transaction(path, work, changes=False)
