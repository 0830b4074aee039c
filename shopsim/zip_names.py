"""Names of files within a zip archive: decoded as they were meant, and refused where they would play tricks."""

from __future__ import annotations

import re
import unicodedata
from zipfile import ZipInfo

# Common file systems take 255 bytes a name; the paths leave room for the folder they are unpacked into.
_MOST_NAME_BYTES = 255
_MOST_PATH_BYTES = 1024
_MOST_FOLDERS = 32
_UTF8_FLAG = 0x800
_SYSTEM_NAMES = {"__macosx", "thumbs.db", "desktop.ini"}


def entry_name(entry: ZipInfo) -> str:
    """The name in the archive as text, with "/" between folders and composed Unicode.

    Archives that do not say that a name is UTF-8 hold the bytes of the sender's system: UTF-8 on macOS, CP949
    on a Korean Windows, else CP437 as the format has it.
    """
    name = entry.orig_filename
    if not entry.flag_bits & _UTF8_FLAG:
        name = _as_sent(name.encode("cp437"))
    # Some Windows programs separate folders so; CP949 never has this byte within a character.
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def _as_sent(name: bytes) -> str:
    for encoding in ("utf-8", "cp949"):
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name.decode("cp437")


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
