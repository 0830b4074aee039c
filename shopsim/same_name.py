"""Finds the photo that a table or a file of labels means by a written path."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


class NameIndex:
    """Photos by name, however systems write names: decomposed Unicode, backslashes, a leading './', stray spaces."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = set(names)
        self._composed = {unicodedata.normalize("NFC", name): name for name in self._names}

    def find(self, written: str) -> str | None:
        """The photo of that name, letter for letter if there is one; None if there is no such photo."""
        plain = written.strip().replace("\\", "/").removeprefix("./")
        for candidate in (written, plain):
            if candidate in self._names:
                return candidate
        return self._composed.get(unicodedata.normalize("NFC", plain))
