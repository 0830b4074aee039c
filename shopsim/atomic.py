"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from shopsim import ShopsimError
from shopsim.disk_room import why_refused


@contextmanager
def replacing(path: str | Path) -> Iterator[BinaryIO]:
    """A new binary file that takes the place of `path` when the block ends well, and vanishes when it fails.

    Its folder is made if need be. A reader, or another process that writes at once, sees the old file or the
    new one, never a part.

    Raises ShopsimError if the system refuses (no room, no right, not a folder).
    """
    path = Path(path)
    unfinished = path.parent / f".{secrets.token_hex(8)}.tmp"
    try:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with unfinished.open("xb") as file:
                yield file
            os.replace(unfinished, path)
        finally:
            if unfinished.is_file():
                unfinished.unlink()
    except OSError as error:
        raise ShopsimError(f"Cannot write '{path}': {why_refused(error, path)}.") from error


def write_bytes(path: str | Path, data: bytes) -> None:
    """Make `data` the whole content of `path`. Raises ShopsimError as `replacing` does."""
    with replacing(path) as file:
        file.write(data)


def sweep_abandoned(folder: Path, pattern: str, seconds: float) -> None:
    """Remove the files and folders of that pattern which writers that were killed left behind in `folder`.

    seconds: what was changed more lately may belong to a process still at work. What cannot be removed stays.
    """
    with suppress(OSError):  # Another process may be clearing the whole folder.
        for path in list(folder.glob(pattern)):
            with suppress(OSError):  # Another process may just have finished, or swept, this one.
                if time.time() - path.lstat().st_mtime > seconds:
                    _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
