"""Files that turn out damaged: each is said once. Those of the cache are removed, so that they are written again."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from pathlib import Path

_log = logging.getLogger(__name__)
# Extraction and grouping read in threads.
_lock = threading.Lock()
_untold: list[Path | str] = []
_found: set[Path | str] = set()


def remove_damaged(path: Path) -> None:
    """Remove a file whose checksum is wrong, and remember to say so."""
    with suppress(OSError):  # Another process may have removed it, or the cache may be read-only.
        path.unlink()
    note_damage(path)


def note_damage(damage: Path | str) -> None:
    """Remember to say, once per process, that a file of the cache was damaged; or a sentence about another file."""
    with _lock:
        # A file that cannot be removed is found damaged at every look.
        if damage in _found:
            return
        _found.add(damage)
        _untold.append(damage)
    _log.info("Damaged on the disk: '%s'", damage)


def take_files() -> list[Path | str]:
    """The files and sentences that this process has not said yet, for another process that says them."""
    with _lock:
        files = list(_untold)
        _untold.clear()
    return files


def take() -> list[str]:
    """The sentences that this process has to say and has not said yet: one for all files of the cache, and others."""
    found = take_files()
    sentences = [damage for damage in found if isinstance(damage, str)]
    names = [f"{path.parent.name}/{path.name}" for path in found if not isinstance(path, str)]
    if len(names) == 1:
        sentences.append(f"A file of the cache was damaged on the disk and is computed again: '{names[0]}'.")
    elif names:
        told = f"{len(names):,} files of the cache were damaged on the disk and are computed again"
        sentences.append(f"{told}, '{names[0]}' for one.")
    return sentences
