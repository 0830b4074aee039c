"""Finds the photo that a path means, whoever wrote the path: a person or a program."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path


def composed(text: str) -> str:
    """Returns the text in Unicode NFC. Paths, models and all other ids are compared in this form."""
    return unicodedata.normalize("NFC", text)


def plain_path(written: str) -> str:
    """Returns the path as an image_id spells it: `tidy_path` in composed Unicode."""
    return composed(tidy_path(written))


def tidy_path(written: str) -> str:
    """Returns the path with "/" between folders, without blanks around it, a leading "./", doubled "/" or "folder/..".

    An empty path gives ''.
    """
    path = written.strip().replace("\\", "/")
    # To POSIX, two leading slashes differ from one.
    return posixpath.normpath(f"/{path.lstrip('/')}" if path.startswith("//") else path) if path else ""


def told_apart(spellings: Iterable[str]) -> dict[str, str]:
    """Gives each spelling of a path on disk a name of its own, in composed Unicode.

    Two files may differ only in their Unicode form. Then one keeps the name, if possible the one whose spelling is
    composed. The others get a number: 'é.jpg' and 'é (2).jpg'.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for spelling in sorted(spellings, key=lambda spelling: (composed(spelling) != spelling, spelling)):
        name = composed(spelling)
        stem, suffix = posixpath.splitext(name)
        number = 2
        while name in taken:
            name = f"{stem} ({number}){suffix}"
            number += 1
        taken.add(name)
        names[spelling] = name
    return names


class NameIndex:
    """Finds photos by name in any spelling: other Unicode forms, backslashes, './', absolute paths.

    folder: the folder that contains the names, resolved; without it no absolute path is found.
    spellings: {spelling on disk: name}, for names that are spelled otherwise on disk.
    """

    def __init__(
        self, names: Iterable[str], folder: Path | None = None, spellings: Mapping[str, str] | None = None
    ) -> None:
        names = list(names)
        self._exact = {**(spellings or {}), **{name: name for name in names}}
        self._top = None if folder is None else plain_path(str(folder)).rstrip("/")
        self._folder = folder
        self._parents: dict[str, str] = {}
        self._plain = {self._below(plain_path(name)) or plain_path(name): name for name in reversed(names)}

    def find(self, written: str) -> str | None:
        """Returns the photo's name, None if there is no such photo. An equal spelling wins over an equivalent one."""
        if written in self._exact:
            return self._exact[written]
        plain = plain_path(written)
        if plain in self._plain:
            return self._plain[plain]
        inside = self._inside(written)
        return None if inside is None else self._plain.get(inside)

    def leads_out(self, written: str) -> bool:
        """Says whether the path lies outside the folder."""
        return _is_elsewhere(plain_path(written)) and self._inside(written) is None

    def _inside(self, written: str) -> str | None:
        """Returns the path relative to the folder, if it is absolute or leads out of the folder and back into it."""
        plain = plain_path(written)
        if self._folder is None or not _is_elsewhere(plain):
            return None
        below = self._below(plain)
        if below is not None or _has_drive(plain):
            return below
        # Only links among the folders are followed: a photo that is a link itself keeps its own name.
        parent, _, name = written.strip().replace("\\", "/").rpartition("/")
        return self._below(plain_path(f"{self._resolved(parent)}/{name}"))

    def _below(self, plain: str) -> str | None:
        """Returns the part of an absolute path below the folder, None if it is not below it."""
        return None if self._top is None or not plain.startswith(f"{self._top}/") else plain[len(self._top) + 1 :]

    def _resolved(self, parent: str) -> str:
        """Follows the links of a folder, absolute or relative to ours; '' if there can be no such folder."""
        if parent not in self._parents and self._folder is not None:
            try:
                self._parents[parent] = str((self._folder / (parent or "/")).resolve())
            except (OSError, RuntimeError, ValueError):
                # The path is too long, has a loop of links, or a NUL character.
                self._parents[parent] = ""
        return self._parents.get(parent, "")


def _is_elsewhere(plain: str) -> bool:
    """Says whether the path is absolute, also as on Windows, or leads out of the folder where it starts."""
    return plain.startswith(("/", "../")) or plain == ".." or _has_drive(plain)


def _has_drive(plain: str) -> bool:
    return plain[1:3] == ":/"
