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

# Each attempt fails only if the folder is cleared in the microseconds between two calls.
_ATTEMPTS = 50


@contextmanager
def replacing(path: str | Path) -> Iterator[BinaryIO]:
    """A new binary file that takes the place of `path` when the block ends well, and vanishes when it fails.

    Its folder is made if need be, again too if another process clears it away meanwhile. A reader, or another
    process that writes at once, sees the old file or the new one, never a part.

    Raises ShopsimError if the system refuses (no room, no right, not a folder).
    """
    path = Path(path)
    unfinished = path.parent / f".{secrets.token_hex(8)}.tmp"
    try:
        try:
            with _opened(unfinished) as file:
                yield file
                file.flush()
                _put_in_place(file, unfinished, path)
        finally:
            with suppress(OSError):  # Mostly it has been renamed; else the sweep finds it.
                unfinished.unlink()
    except OSError as error:
        raise ShopsimError(f"Cannot write '{path}': {error.strerror or error}.") from error


def _opened(path: Path) -> BinaryIO:
    """A new file, in a folder that may be cleared away at any moment."""
    for _ in range(_ATTEMPTS):
        with suppress(FileNotFoundError, FileExistsError):
            return _opened_once(path)
    return _opened_once(path)


def _opened_once(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("x+b")


def _put_in_place(file: BinaryIO, unfinished: Path, path: Path) -> None:
    """Rename the file; one that was cleared away is written again from what is open."""
    for _ in range(_ATTEMPTS):
        try:
            os.replace(unfinished, path)
            return
        except FileNotFoundError:
            file.seek(0)
            with suppress(FileNotFoundError), _opened(unfinished) as again:
                shutil.copyfileobj(file, again)
    os.replace(unfinished, path)


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
