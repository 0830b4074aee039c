"""Chooses the folder that pages write computed results to: the cache, or a temporary folder if it is read-only."""

from __future__ import annotations

import atexit
import shutil
import threading
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

from shopsim.base.disk.files import write_bytes
from shopsim.base.disk.temporary import new_folder
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import cache_dir

_PROBE = ".can-be-written"
# A full disk takes an empty file.
_PROBE_BYTES = 1 << 16
# Pages of many visitors must not write all the time, and a person who has just repaired a disk must not wait long.
_ASK_AGAIN_S = 5.0
_lock = threading.Lock()
_answers: dict[Path, tuple[float, str]] = {}


def cache_folder() -> Path:
    """Returns the cache, or a temporary folder if it cannot be written: all its content can be computed again.

    Raises ShopsimError if no temporary folder can be made either.
    """
    folder = cache_dir()
    return _spare(folder) if _why_unwritable(folder) else folder


def why_spare() -> str:
    """Returns the sentence that says why the cache cannot be written; '' if it can."""
    return _why_unwritable(cache_dir())


def _why_unwritable(folder: Path) -> str:
    """Asks the disk again after some seconds, since disks become full or read-only, and are repaired."""
    with _lock:
        asked, answer = _answers.get(folder, (0.0, ""))
        if not asked or time.monotonic() - asked > _ASK_AGAIN_S:
            answer = _ask(folder)
            _answers[folder] = (time.monotonic(), answer)
        return answer


def _ask(folder: Path) -> str:
    probe = folder / _PROBE
    try:
        write_bytes(probe, bytes(_PROBE_BYTES))
    except ShopsimError as error:
        return str(error).replace(str(probe), str(folder))
    with suppress(OSError):  # Another server may be trying the same.
        probe.unlink()
    return ""


def _spare(folder: Path) -> Path:
    with _lock:
        return _new_spare(folder)


@cache
def _new_spare(_: Path) -> Path:
    """Makes a folder that is removed when the server ends; the sweep removes that of a killed server."""
    spare = new_folder()
    atexit.register(shutil.rmtree, spare, ignore_errors=True)
    return spare
