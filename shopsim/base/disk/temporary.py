"""Makes folders for temporary files, with names by which leftovers of killed processes are found."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shopsim.base.disk.disk_room import why_refused
from shopsim.base.disk.files import sweep_abandoned
from shopsim.base.disk.leftovers import FOREIGN_S, is_unfinished, unfinished_name
from shopsim.base.errors import ShopsimError

_SUFFIX = "temporary"


def new_folder() -> Path:
    """Makes a folder that nobody else may look into; the caller removes it. Raises ShopsimError."""
    folder = _place() / unfinished_name(_SUFFIX)
    try:
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise ShopsimError(f"Cannot make a temporary folder in '{_place()}': {why_refused(error, folder)}.") from error
    return folder


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Makes a `new_folder` that is removed when the block ends."""
    folder = new_folder()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep_temporary() -> None:
    """Removes folders of processes that were killed."""
    sweep_abandoned(_place(), f".*.{_SUFFIX}", FOREIGN_S, is_unfinished)


def _place() -> Path:
    try:
        return Path(tempfile.gettempdir())
    except OSError as error:
        raise ShopsimError(f"There is no folder for temporary files: {error.strerror or error}.") from error
