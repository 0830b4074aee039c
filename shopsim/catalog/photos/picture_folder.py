"""The folder of small pictures that the server serves: in 256 sub-folders, and never larger than a bound."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from shopsim.base.disk.files import write_bytes
from shopsim.base.errors import ShopsimError

MOST_FILES = 200_000
"""More than this many pictures are not kept: ten maps of 20,000 photos."""
MOST_BYTES = 2 << 30
"""Nor more than 2 GB of them."""
# So that pictures are not listed again for each new one: a bound passed by a twentieth is brought down by a tenth.
_CHECK_AFTER = 0.05
_KEEP = 0.9
# A file that is asked for is marked as used no more often than this.
_MARK_AGAIN_S = 3600.0
_SHARD = re.compile(r"[0-9a-f]{2}")
_PICTURE = re.compile(r"[0-9a-f]{32}\.jpg")
_NAME = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{30}\.jpg")


@dataclass(frozen=True, order=True)
class _Kept:
    """A picture on the disk; used_at: when it was last asked for, or read by the server where the system notes that."""

    used_at: float
    n_bytes: int
    place: str


class PictureFolder:
    """Pictures by names of 32 hexadecimal digits and `.jpg`, each in a sub-folder named by the first two digits.

    Those used least recently are removed once there are more than MOST_FILES, or more than MOST_BYTES. Several
    processes may share the folder. A copy sent to another process counts from zero and lists the folder once more.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        # As if it were time to look: nobody knows what is there already.
        self._new_files, self._new_bytes = MOST_FILES, MOST_BYTES
        self._is_trimming = False

    def __reduce__(self) -> tuple[type[PictureFolder], tuple[Path]]:
        return PictureFolder, (self._root,)

    def has(self, name: str) -> bool:
        """Whether the picture is there; asking counts as using it."""
        path = self._root / name
        try:
            status = path.stat()
        except OSError:
            return False
        if time.time() - status.st_atime > _MARK_AGAIN_S:
            with suppress(OSError):  # The modification time stays: browsers keep a picture as long as it is the same.
                os.utime(path, ns=(time.time_ns(), status.st_mtime_ns))
        return True

    def write(self, name: str, picture: bytes) -> None:
        """Keep the picture under that name. Raises ShopsimError if the disk refuses."""
        write_bytes(self._root / name, picture)
        with self._lock:
            self._new_files += 1
            self._new_bytes += len(picture)
            if self._is_trimming or not self._is_due():
                return
            self._is_trimming = True
        threading.Thread(target=self._trim_beside, name="trim pictures", daemon=True).start()

    def size(self) -> tuple[int, int]:
        """(files, bytes)."""
        kept = list(self._kept())
        return len(kept), sum(picture.n_bytes for picture in kept)

    def clear(self) -> None:
        """Delete every picture. Raises ShopsimError if the disk refuses."""
        try:
            for place in (*self._flat(), *(picture.place for picture in self._kept())):
                Path(place).unlink(missing_ok=True)
        except OSError as error:
            raise ShopsimError(f"Cannot clear '{self._root}': {error.strerror or error}.") from error
        for shard in self._shards():
            with suppress(OSError):  # Somebody writes there already.
                Path(shard).rmdir()

    def trim(self) -> None:
        """Remove the pictures used least recently if there are too many, and those that earlier versions left."""
        for place in self._flat():
            with suppress(OSError):  # Another process may have been quicker.
                Path(place).unlink()
        kept = sorted(self._kept())
        n_files, n_bytes = len(kept), sum(picture.n_bytes for picture in kept)
        if n_files <= MOST_FILES and n_bytes <= MOST_BYTES:
            return
        for picture in kept:
            if n_files <= MOST_FILES * _KEEP and n_bytes <= MOST_BYTES * _KEEP:
                return
            with suppress(OSError):
                Path(picture.place).unlink()
            n_files, n_bytes = n_files - 1, n_bytes - picture.n_bytes

    def _is_due(self) -> bool:
        return self._new_files > MOST_FILES * _CHECK_AFTER or self._new_bytes > MOST_BYTES * _CHECK_AFTER

    def _trim_beside(self) -> None:
        """Trims until no more is due: what was written while a look took its time is looked at again."""
        try:
            while True:
                with self._lock:
                    if not self._is_due():
                        self._is_trimming = False
                        return
                    self._new_files = self._new_bytes = 0
                self.trim()
        except BaseException:
            with self._lock:
                self._is_trimming = False
            raise

    def _kept(self) -> Iterator[_Kept]:
        for shard in self._shards():
            for entry in _entries(shard):
                if _PICTURE.fullmatch(entry.name):
                    with suppress(OSError):  # Another process may be clearing them.
                        status = entry.stat()
                        yield _Kept(max(status.st_atime, status.st_mtime), status.st_size, entry.path)

    def _shards(self) -> list[str]:
        return [entry.path for entry in _entries(self._root) if _SHARD.fullmatch(entry.name) and entry.is_dir()]

    def _flat(self) -> list[str]:
        """Pictures of earlier versions, which lie in the folder itself and are never read again."""
        return [entry.path for entry in _entries(self._root) if _PICTURE.fullmatch(entry.name)]


def _entries(folder: Path | str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def name_in_folder(digits: str) -> str:
    """Where the picture of these 32 hexadecimal digits lies in the folder, with '/'."""
    return f"{digits[:2]}/{digits}.jpg"


def is_name_in_folder(name: str) -> bool:
    """Whether `name_in_folder` gives such names."""
    return _NAME.fullmatch(name) is not None
