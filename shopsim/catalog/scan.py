"""Lists the files of a folder, and detects whether they have changed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from shopsim.base.errors import ShopsimError
from shopsim.base.paths import lies_in, reachable_from
from shopsim.base.same_name import NameIndex, told_apart
from shopsim.catalog.photos.formats import IMAGE_SUFFIXES, START_BYTES, format_of, has_no_suffix
from shopsim.catalog.remote_path import path_of

# Of macOS, Windows, Linux, Synology and QNAP: thumbnails and deleted files would be copies of the photos.
_SYSTEM_FOLDERS = {"__MACOSX", "$RECYCLE.BIN", "System Volume Information", "lost+found", "@eaDir", "#recycle"}
_SYSTEM_FOLDERS |= {"@Recycle", "@Recently-Snapshot", "#snapshot"}


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file below the folder, or a folder that was not entered.

    name: relative path with '/' in Unicode NFC, that of a folder ending in one; place: where it lies, as text, since
    making 10,000 Path objects takes longer than finding them; obstacle: why it cannot be read, '' if it probably can.
    """

    name: str
    place: str
    size: int
    mtime_ns: int
    obstacle: str = ""

    @property
    def path(self) -> Path:
        """Where it lies."""
        return path_of(self.place)

    @property
    def spelling(self) -> str:
        """The name as the disk spells it."""
        return "/".join(self.place.split("/")[-self.name.count("/") - 1 :])

    @property
    def suffix(self) -> str:
        """The end of the name from the last dot, in lower case; '' for a hidden file without another dot."""
        # Pathlib takes a few times as long, and it is asked of every file of a folder.
        return os.path.splitext(self.name)[1].lower()  # noqa: PTH122

    @property
    def is_hidden(self) -> bool:
        """Whether the file's own name starts with a dot."""
        return self.name.rpartition("/")[2].startswith(".")

    @property
    def is_photo(self) -> bool:
        """Whether the suffix is one of a supported format, or the content where the name has no suffix.

        Hidden files are no photos.
        """
        if self.is_hidden or self.suffix in IMAGE_SUFFIXES:
            return not self.is_hidden
        return not self.obstacle and has_no_suffix(self.name) and _begins_as_photo(self.place, self.size, self.mtime_ns)


@lru_cache(maxsize=1 << 15)
def _begins_as_photo(place: str, size: int, mtime_ns: int) -> bool:
    """Whether the first bytes are those of a photo; asked several times of each file, and read once."""
    try:
        with path_of(place).open("rb") as file:
            return format_of(file.read(START_BYTES)) is not None
    except OSError:
        return False


def list_files(folder: Path) -> list[FoundFile]:
    """Every file below the folder, sorted by name, with the folders that were not entered.

    Each has a name of its own: `told_apart` numbers files whose names differ in their Unicode form only.
    Links to files are followed as far as `reachable_from` allows, links to folders never, so that no loop can occur.
    Raises ShopsimError if the folder itself cannot be listed.
    """
    found: list[FoundFile] = []
    reachable = reachable_from(folder)
    pending = [(str(folder), "")]
    while pending:
        where, prefix = pending.pop()
        try:
            entries = list(os.scandir(where))
        except OSError as error:
            if not prefix:
                raise ShopsimError(f"Cannot list the folder '{folder}': {error.strerror}.") from None
            found.append(FoundFile(prefix, where, -1, -1, f"cannot be listed: {error.strerror}"))
            continue
        for entry in entries:
            inner = f"{prefix}{entry.name}/"
            if not entry.is_dir(follow_symlinks=False):
                found.append(_file(entry, prefix, reachable))
            elif entry.name.startswith(".") or entry.name in _SYSTEM_FOLDERS:
                found.append(FoundFile(inner, entry.path, -1, -1, "a folder hidden or of the system"))
            else:
                pending.append((entry.path, inner))
    if not all(file.name.isascii() for file in found):
        names = told_apart(file.name for file in found)
        found = [replace(file, name=names[file.name]) for file in found]
    return sorted(found, key=lambda file: file.name)


def name_index(folder: Path, files: Iterable[FoundFile]) -> NameIndex:
    """Finds the files by written paths. folder: the one they were listed in, resolved."""
    files = list(files)
    return NameIndex([file.name for file in files], folder, {file.spelling: file.name for file in files})


def file_at(path: Path, name: str) -> FoundFile:
    """The file at a path as `list_files` would give it."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return FoundFile(name, str(path), -1, -1, "there is no such file")
    return FoundFile(name, str(path), status.st_size, status.st_mtime_ns, _obstacle(status))


def folder_state(files: Iterable[FoundFile]) -> str:
    """A digest that changes when a file is added, changed or deleted."""
    text = "".join(f"{file.place}|{file.size}|{file.mtime_ns}|{file.obstacle}\n" for file in files)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def file_digest(path: Path) -> str:
    """32 hexadecimal digits of the file's bytes. Raises OSError if it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _file(entry: os.DirEntry[str], prefix: str, reachable: tuple[Path, ...] | None) -> FoundFile:
    name = prefix + entry.name
    if entry.is_symlink() and not lies_in(Path(entry.path), reachable):
        return FoundFile(name, entry.path, -1, -1, "a link that leads out of the folders that may be opened")
    try:
        status = entry.stat()
    except OSError as error:
        reason = "a link to nothing" if entry.is_symlink() else f"cannot be read: {error.strerror}"
        return FoundFile(name, entry.path, -1, -1, reason)
    return FoundFile(name, entry.path, status.st_size, status.st_mtime_ns, _obstacle(status))


def _obstacle(status: os.stat_result) -> str:
    """What a thing is that is no file; reading a pipe or a device would never end."""
    if stat.S_ISREG(status.st_mode):
        return ""
    return "a link to a folder, and such links are not followed" if stat.S_ISDIR(status.st_mode) else "not a file"
