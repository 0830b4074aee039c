"""The folder of a Ray that is started on this machine, for its sockets and logs."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

from shopsim.base.disk.leftovers import FOREIGN_S

# Names of Ray's sockets may have 107 bytes, which those of other temporary folders leave no room for.
_PREFIX = "shopsim-ray-"


def new_folder() -> Path:
    """Makes a folder that nobody else may look into, and removes those that killed processes left a day ago."""
    place = Path(tempfile.gettempdir())
    for folder in place.glob(f"{_PREFIX}*-*"):
        if _is_left(folder):
            shutil.rmtree(folder, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=place))


def _is_left(folder: Path) -> bool:
    pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
    with suppress(OSError):
        # A process of another container on the same disk is hidden from us, so the age counts too.
        is_old = time.time() - folder.lstat().st_mtime > FOREIGN_S
        return pid.isdigit() and is_old and not psutil.pid_exists(int(pid))
    return False
