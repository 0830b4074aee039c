"""Folders that go away at once, while others write into them."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from shopsim.base.disk.files import sweep_abandoned
from shopsim.base.disk.leftovers import unfinished_name
from shopsim.base.errors import ShopsimError

_ABANDONED_S = 60
# A writer that had found the folder before it was renamed may put one more file into it.
_ATTEMPTS = 50


def clear_folder(folder: Path) -> None:
    """Remove the folder and all in it; nothing where there is none.

    It is renamed first, so that no reader finds half of it, and whoever writes meanwhile begins a new one.
    Raises ShopsimError if the system refuses.
    """
    away = folder.parent / unfinished_name("cleared")
    try:
        sweep_abandoned(folder.parent, ".*.cleared", _ABANDONED_S)
        with suppress(FileNotFoundError):  # Never there, or another process is clearing it too.
            folder.rename(away)
            _remove(away)
    except OSError as error:
        raise ShopsimError(f"Cannot clear '{folder}': {error.strerror or error}.") from error


def _remove(folder: Path) -> None:
    for _ in range(_ATTEMPTS):
        with suppress(OSError):
            shutil.rmtree(folder)
            return
    shutil.rmtree(folder)
