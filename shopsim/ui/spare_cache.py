"""The folder that pages compute into: the cache, or a temporary one where that cannot be written."""

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
# Long enough that the pages of many visitors do not write all the time, short enough for who has just mended a disk.
_ASK_AGAIN_S = 5.0
_lock = threading.Lock()
_answers: dict[Path, tuple[float, str]] = {}


def cache_folder() -> Path:
    """Where the cache is for now; everything in it can be computed again, so looking needs no place that lasts.

    Raises ShopsimError if there is no other place either.
    """
    folder = cache_dir()
    return _spare(folder) if _why_unwritable(folder) else folder


def why_spare() -> str:
    """The sentence with which the disk refused the cache; '' if it can be written."""
    return _why_unwritable(cache_dir())


def _why_unwritable(folder: Path) -> str:
    """Asked again after some seconds, since disks become full or read-only, and are mended."""
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
    """Removed when the server ends; the sweep removes that of a server that was killed."""
    spare = new_folder()
    atexit.register(shutil.rmtree, spare, ignore_errors=True)
    return spare
