"""Writes files that are there whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from shopsim.base.disk.disk_room import why_refused
from shopsim.base.disk.leftovers import is_abandoned, unfinished_name
from shopsim.base.errors import ShopsimError

# Each attempt fails only if the folder is cleared in the microseconds between two calls.
_ATTEMPTS = 50


@contextmanager
def replacing(path: str | Path, durable: bool = False) -> Iterator[BinaryIO]:
    """Opens a new binary file that replaces `path` when the block ends well, and is removed when it fails.

    The folder is made if it is missing, also when another process removes it meanwhile. A reader, or another process
    that writes at the same time, sees the old file or the new one, never a part.
    durable: so does a reader after a power cut. This takes some milliseconds, so it is for what cannot be computed
    again.

    Raises ShopsimError if the system refuses (no room, no right, not a folder).
    """
    path = Path(path)
    unfinished = path.parent / unfinished_name("tmp")
    made = [folder for folder in (path.parent, *path.parent.parents) if not folder.exists()] if durable else []
    try:
        try:
            with _opened(unfinished) as file:
                yield file
                file.flush()
                if durable:
                    os.fsync(file.fileno())
                _put_in_place(file, unfinished, path)
            if durable:
                # A folder's entry stands in the folder above.
                sync_folders(path.parent, *(folder.parent for folder in made))
        finally:
            with suppress(OSError):  # Mostly it has been renamed; else the sweep finds it.
                unfinished.unlink()
    except OSError as error:
        raise ShopsimError(f"Cannot write '{path}': {why_refused(error, path)}.") from error


def _opened(path: Path) -> BinaryIO:
    """Opens a new file in a folder that another process may remove at any moment."""
    for _ in range(_ATTEMPTS):
        with suppress(FileNotFoundError, FileExistsError):
            return _opened_once(path)
    return _opened_once(path)


def _opened_once(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("x+b")


def _put_in_place(file: BinaryIO, unfinished: Path, path: Path) -> None:
    """Renames the file; if another process has removed it, it is written again from the open one."""
    for _ in range(_ATTEMPTS):
        try:
            os.replace(unfinished, path)
            return
        except FileNotFoundError:
            file.seek(0)
            with suppress(FileNotFoundError), _opened(unfinished) as again:
                shutil.copyfileobj(file, again)
    os.replace(unfinished, path)


def write_bytes(path: str | Path, data: bytes, durable: bool = False) -> None:
    """Makes `data` the whole content of `path`. Raises ShopsimError as `replacing` does."""
    with replacing(path, durable) as file:
        file.write(data)


def sync_tree(folder: Path) -> None:
    """Forces a folder and all in it onto the disk, before it is renamed. Raises OSError if the disk refuses."""
    for place, _, names in os.walk(folder):
        for name in names:
            with Path(place, name).open("rb") as file:
                os.fsync(file.fileno())
        sync_folders(Path(place))


def sync_folders(*folders: Path) -> None:
    """Forces the lists of names of these folders onto the disk, where the file system can do that."""
    for folder in dict.fromkeys(folders):
        with suppress(OSError):  # Some file systems do not know this of a folder; the files are safe.
            number = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(number)
            finally:
                os.close(number)


def sweep_abandoned(
    folder: Path, pattern: str, seconds: float, of_name: Callable[[str], bool] = lambda name: True
) -> None:
    """Removes files and folders of that pattern that killed processes left behind in `folder`.

    seconds: if a name does not say which process wrote it, it must have been unchanged for so long. of_name: says
    whether something of that name may be removed at all. What cannot be removed stays.
    """
    with suppress(OSError):  # Another process may be clearing the whole folder.
        for path in list(folder.glob(pattern)):
            with suppress(OSError):  # Another process may just have finished, or swept, this one.
                if of_name(path.name) and is_abandoned(path, seconds):
                    _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
