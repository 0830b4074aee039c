"""The folder that pages compute into: the cache, or a temporary one where that cannot be written."""

from __future__ import annotations

import tempfile
import threading
from contextlib import suppress
from functools import cache
from pathlib import Path

from shopsim import ShopsimError
from shopsim.atomic import write_bytes
from shopsim.paths import cache_dir

_PROBE = ".can-be-written"
_lock = threading.Lock()


def cache_folder() -> Path:
    """Where the cache is for now; everything in it can be computed again, so looking needs no place that lasts."""
    folder = cache_dir()
    with _lock:
        return Path(_spare(folder).name) if _why_unwritable(folder) else folder


def why_spare() -> str:
    """The sentence with which the disk refused the cache; '' if it can be written."""
    return _why_unwritable(cache_dir())


@cache
def _why_unwritable(folder: Path) -> str:
    probe = folder / _PROBE
    try:
        write_bytes(probe, b"")
    except ShopsimError as error:
        return str(error).replace(str(probe), str(folder))
    with suppress(OSError):  # Another server may be trying the same.
        probe.unlink()
    return ""


@cache
def _spare(folder: Path) -> tempfile.TemporaryDirectory:
    """Removed when the server ends."""
    return tempfile.TemporaryDirectory(prefix=f"shopsim-{folder.name}-", ignore_cleanup_errors=True)
