"""Files of the cache that turn out damaged: removed, so that they are written again, and said once."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from pathlib import Path

_log = logging.getLogger(__name__)
# Extraction and grouping read in threads.
_lock = threading.Lock()
_untold: list[Path] = []
_found: set[Path] = set()


def remove_damaged(path: Path) -> None:
    """Remove a file whose checksum is wrong, and remember to say so."""
    with suppress(OSError):  # Another process may have removed it, or the cache may be read-only.
        path.unlink()
    note_damage(path)


def note_damage(path: Path) -> None:
    """Remember to say, once per file and process, that the file was damaged."""
    with _lock:
        # A file that cannot be removed is found damaged at every look.
        if path in _found:
            return
        _found.add(path)
        _untold.append(path)
    _log.info("Damaged on the disk: '%s'", path)


def take_files() -> list[Path]:
    """The files that this process has not said yet, for another process that says it."""
    with _lock:
        files = list(_untold)
        _untold.clear()
    return files


def take() -> list[str]:
    """What this process has to say and has not said yet: one sentence, or none."""
    names = [f"{path.parent.name}/{path.name}" for path in take_files()]
    if not names:
        return []
    if len(names) == 1:
        return [f"A file of the cache was damaged on the disk and is computed again: '{names[0]}'."]
    return [f"{len(names):,} files of the cache were damaged on the disk and are computed again, '{names[0]}' for one."]
