"""A digest of all files of a network, because TensorFlow may read any of them."""

from __future__ import annotations

import hashlib
import os
import stat
from functools import lru_cache
from pathlib import Path

from shopsim.base.errors import ShopsimError

_MOST_FILES = 1_000
# A path below the folder, with values that change when the file does.
State = tuple[str, int, int, int, int]


def contents_digest(folder: Path) -> str:
    """Returns 64 hex digits of all files below the folder and their names.

    Files are read again only after a change. Raises ShopsimError if a file cannot be read.
    """
    try:
        states = tuple(_state(folder, path) for path in sorted(_files_below(folder)))
        return _digest_of(folder, states)
    except OSError as error:
        raise ShopsimError(f"Cannot read the network in '{folder}': {error.strerror or error}.") from None


def _files_below(folder: Path) -> list[Path]:
    # Links are followed, as TensorFlow does; a link to a parent folder would never end.
    found: list[Path] = []
    for place, _, names in os.walk(folder, followlinks=True):
        found += [Path(place, name) for name in names]
        if len(found) > _MOST_FILES:
            raise ShopsimError(f"'{folder}' holds more than {_MOST_FILES:,} files, which no network does.")
    return found


def _state(folder: Path, path: Path) -> State:
    state = path.stat()
    if not stat.S_ISREG(state.st_mode):
        raise ShopsimError(f"'{path}' is no plain file, which every file of a network is.")
    # No program can set the time of the last change of the inode.
    return str(path.relative_to(folder)), state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino


@lru_cache(maxsize=32)
def _digest_of(folder: Path, states: tuple[State, ...]) -> str:
    digest = hashlib.sha256()
    for name, *_ in states:
        with (folder / name).open("rb") as file:
            own = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{name}\0{own}\0".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
