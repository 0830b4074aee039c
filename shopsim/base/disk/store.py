"""Arrays under `cache/` by the digest of everything they came from; safe to delete, safe for two processes at once."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from shopsim.base.disk.clearing import clear_folder
from shopsim.base.disk.damage import remove_damaged
from shopsim.base.disk.npy import NotAnArray, arrays_in, npy_parts
from shopsim.base.disk.sealed import SEALED, read_sealed, write_sealed
from shopsim.base.errors import ShopsimError

# Raised when the meaning of stored arrays changes, so that old entries become misses.
FORMAT = "1"


def digest_of(*parts: object) -> str:
    """32 hexadecimal digits that differ when any part's text differs."""
    known = hashlib.blake2b(FORMAT.encode(), digest_size=16)
    for part in parts:
        text = str(part).encode("utf-8", "surrogatepass")
        known.update(b"%d:%b" % (len(text), text))
    return known.hexdigest()


def array_digest(array: np.ndarray) -> str:
    """A text that differs when any number, the shape or the type does."""
    array = np.ascontiguousarray(array)
    return f"{array.dtype} {array.shape} {hashlib.blake2b(array, digest_size=16).hexdigest()}"


def load_array(path: Path) -> np.ndarray | None:
    """The stored array, or None if there is none; a damaged entry is removed, said once, and a miss."""
    arrays = load_arrays(path)
    return arrays[0] if arrays else None


def save_array(path: Path, array: np.ndarray, durable: bool = False) -> None:
    """Store the array with its checksum, whole or not at all; durable as in `replacing`.

    Raises ShopsimError if the disk refuses.
    """
    write_sealed(path, *npy_parts(array), durable=durable)


def load_arrays(path: Path) -> list[np.ndarray] | None:
    """The arrays that were stored together, or None as in `load_array`."""
    content = read_sealed(path)
    if content is None:
        return None
    try:
        return arrays_in(content)
    except NotAnArray:
        remove_damaged(path)
        return None


def save_arrays(path: Path, arrays: Iterable[np.ndarray]) -> None:
    """Store several arrays in one file, as `save_array` stores one."""
    write_sealed(path, *(part for array in arrays for part in npy_parts(array)))


class Store:
    """One folder of arrays, sorted by kind (`trees`, `points`, ...)."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def load(self, kind: str, digest: str) -> np.ndarray | None:
        """The array of that kind under that digest, or None."""
        return load_array(self._path(kind, digest))

    def save(self, kind: str, digest: str, array: np.ndarray) -> None:
        """Keep the array under that digest."""
        save_array(self._path(kind, digest), array)

    def sizes(self) -> dict[str, tuple[int, int]]:
        """(files, bytes) of each kind that holds anything."""
        sizes: dict[str, tuple[int, int]] = {}
        for kind in self._kinds():
            found = [size for path in _files_in(self.root / kind) if (size := _file_size(path)) is not None]
            if found:
                sizes[kind] = (len(found), sum(found))
        return sizes

    def clear(self, kind: str) -> None:
        """Forget everything of that kind; what others write meanwhile is either forgotten or kept whole.

        Raises ShopsimError if the disk refuses, or if the kind lies elsewhere.
        """
        if not kind or kind.startswith(".") or Path(kind).name != kind:
            raise ValueError(f"'{kind}' is no kind of entry")
        folder = self.root / kind
        if folder.is_symlink():
            raise ShopsimError(f"'{folder}' is a link to '{os.path.realpath(folder)}'; clear that folder yourself.")
        clear_folder(folder)

    def _kinds(self) -> list[str]:
        """Folders of entries; hidden ones are being drawn, or cleared."""
        try:
            with os.scandir(self.root) as entries:
                return sorted(entry.name for entry in entries if entry.is_dir() and not entry.name.startswith("."))
        except OSError:
            return []

    def _path(self, kind: str, digest: str) -> Path:
        return self.root / kind / f"{digest}{SEALED}.npy"


def _files_in(folder: Path) -> Iterator[Path]:
    """Everything below that is no folder, as far as it can be seen: others may be clearing it."""
    for place, _, names in os.walk(folder):
        yield from (Path(place) / name for name in names)


def _file_size(path: Path) -> int | None:
    """Bytes; None for a folder, or a file that went away meanwhile."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None
