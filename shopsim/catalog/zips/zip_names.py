"""Decodes the names of files in a zip archive, and refuses names that are dangerous."""

from __future__ import annotations

import re
import struct
import unicodedata
import zlib
from collections.abc import Callable, Collection, Sequence
from zipfile import ZipInfo

from shopsim.base.text.text_encodings import Guess, decoded, guess_encoding
from shopsim.base.text.text_reading import names_in

# Common file systems take 255 bytes a name; the paths leave room for the folder they are unpacked into.
_MOST_NAME_BYTES = 255
_MOST_PATH_BYTES = 1024
_MOST_FOLDERS = 32
_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075
_SYSTEM_NAMES = {"__macosx", "thumbs.db", "desktop.ini"}


class ZipNames:
    """The names of an archive's entries as text, with "/" between folders and composed Unicode.

    Archives that do not say that a name is UTF-8 hold the bytes of the sender's system: UTF-8 on macOS, else the
    table of its language. All such names are read in one encoding: the one given, or the one that fits them all and
    the names in tables beside them. tables: gives the texts of these, asked only where there is something to find
    out; told: what was read as what, '' where there was not.
    """

    def __init__(
        self, entries: Sequence[ZipInfo], encoding: str | None = None, tables: Callable[[], Collection[str]] = tuple
    ) -> None:
        raw = [name for entry in entries if (name := _raw_name(entry)) is not None and not name.isascii()]
        guess = Guess(encoding or "utf-8")
        if raw and not encoding:
            guess = guess_encoding(raw, from_dos=True, fits=names_in(tables()))
        self._encoding = guess.encoding
        self.told = guess.clause("File names of the zip were")

    def of(self, entry: ZipInfo) -> str:
        """The name of an entry; one that is nothing in the encoding of the others is read by itself."""
        raw = _raw_name(entry)
        if raw is None:
            name = _unicode_path(entry) or entry.orig_filename
        else:
            alone = guess_encoding([raw], from_dos=True).encoding if decoded(raw, self._encoding) is None else ""
            name = raw.decode(alone or self._encoding, "replace")
        # Some Windows programs separate folders so; where the backslash is half a character it has been read by now.
        return unicodedata.normalize("NFC", name.replace("\\", "/"))


def _raw_name(entry: ZipInfo) -> bytes | None:
    """The bytes of a name whose encoding is not said; None if it is UTF-8, by the entry's flag or its extra field."""
    if entry.flag_bits & _UTF8_FLAG or _unicode_path(entry):
        return None
    return entry.orig_filename.encode("cp437")


def _unicode_path(entry: ZipInfo) -> str:
    """The name in the Info-ZIP Unicode Path extra field (0x7075), if it is that of this name; '' if there is none."""
    if entry.flag_bits & _UTF8_FLAG:
        return ""
    extra = entry.extra
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        if kind == _UNICODE_PATH and size > 5:
            version, checksum = struct.unpack("<BL", extra[4:9])
            name = decoded(extra[9 : 4 + size], "utf-8")
            # Of another checksum is the field of a name that was changed since by a program that does not know it.
            if version == 1 and checksum == zlib.crc32(entry.orig_filename.encode("cp437")):
                return name or ""
        extra = extra[4 + size :]
    return ""


def path_parts(name: str) -> tuple[str, ...]:
    """The folders and the file of a name from `entry_name`, safe to join to a folder.

    Raises ValueError, with the reason, for a name that leads elsewhere or that no file system takes.
    """
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        raise ValueError("its path is absolute")
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    if ".." in parts:
        raise ValueError("its path leads out of the folder")
    if re.search(r"[\x00-\x1f\x7f]", name):
        raise ValueError("its name has control characters")
    if any(len(part.encode()) > _MOST_NAME_BYTES for part in parts) or len(name.encode()) > _MOST_PATH_BYTES:
        raise ValueError("its name is too long")
    if len(parts) > _MOST_FOLDERS:
        raise ValueError(f"it lies more than {_MOST_FOLDERS} folders deep")
    return parts


def is_hidden(parts: tuple[str, ...]) -> bool:
    """Whether systems put the file there and people never see it: dot files, and what macOS and Windows add."""
    return any(part.startswith(".") or part.lower() in _SYSTEM_NAMES for part in parts)


def collision_key(parts: tuple[str, ...]) -> str:
    """Equal for two paths that are one on a file system that ignores case."""
    return "/".join(parts).casefold()
