"""From a path as a person or a program wrote it to the photo that it means."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path


def composed(text: str) -> str:
    """The text in Unicode NFC, the form in which everything that identifies is compared."""
    return unicodedata.normalize("NFC", text)


def plain_path(written: str) -> str:
    """The one spelling of a written path, as an image_id has it: `tidy_path` in composed Unicode."""
    return composed(tidy_path(written))


def tidy_path(written: str) -> str:
    """The path with "/" between folders, without blanks around it, a leading "./", doubled "/" or "folder/..".

    '' for an empty path.
    """
    path = written.strip().replace("\\", "/")
    # POSIX keeps two leading slashes apart from one.
    return posixpath.normpath(f"/{path.lstrip('/')}" if path.startswith("//") else path) if path else ""


def told_apart(spellings: Iterable[str]) -> dict[str, str]:
    """A different name in composed Unicode for each spelling of a path on disk.

    Two files may differ in their Unicode form only. The first then keeps the name, the composed spelling before
    others, and the next ones get a number: 'é.jpg' and 'é (2).jpg'.
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
    """Photos by name, however systems write names: any Unicode form, backslashes, './', absolute paths.

    folder: which the names lie below, resolved; without it no absolute path is found.
    spellings: {spelling on disk: name}, where a name has another spelling.
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
        """The photo of that name, letter for letter if there is one; None if there is no such photo."""
        if written in self._exact:
            return self._exact[written]
        plain = plain_path(written)
        if plain in self._plain:
            return self._plain[plain]
        inside = self._inside(written)
        return None if inside is None else self._plain.get(inside)

    def leads_out(self, written: str) -> bool:
        """Whether the path lies outside the folder."""
        return _is_elsewhere(plain_path(written)) and self._inside(written) is None

    def _inside(self, written: str) -> str | None:
        """The path relative to the folder, if it is an absolute one, or one that leads out, and comes back into it."""
        plain = plain_path(written)
        if self._folder is None or not _is_elsewhere(plain):
            return None
        below = self._below(plain)
        if below is not None or _has_drive(plain):
            return below
        # Only the folder's links are followed: a photo that is a link itself goes by its own name.
        parent, _, name = written.strip().replace("\\", "/").rpartition("/")
        return self._below(plain_path(f"{self._resolved(parent)}/{name}"))

    def _below(self, plain: str) -> str | None:
        """The rest of an absolute path below the folder."""
        return None if self._top is None or not plain.startswith(f"{self._top}/") else plain[len(self._top) + 1 :]

    def _resolved(self, parent: str) -> str:
        """The folder, relative to ours or absolute, with its links followed; '' if there can be none such."""
        if parent not in self._parents and self._folder is not None:
            try:
                self._parents[parent] = str((self._folder / (parent or "/")).resolve())
            except (OSError, RuntimeError, ValueError):
                # Too long, a loop of links, or a NUL character.
                self._parents[parent] = ""
        return self._parents.get(parent, "")


def _is_elsewhere(plain: str) -> bool:
    """Whether the path is absolute, on Windows too, or leads out of where it starts."""
    return plain.startswith(("/", "../")) or plain == ".." or _has_drive(plain)


def _has_drive(plain: str) -> bool:
    return plain[1:3] == ":/"
