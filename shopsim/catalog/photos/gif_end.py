"""Checks that a GIF is complete: its blocks follow each other up to a last one of a single byte."""

from __future__ import annotations

import io
from typing import BinaryIO

_IMAGE, _EXTENSION, _END = b"\x2c", b"\x21", b"\x3b"
_HAS_COLOURS, _COLOUR_BITS = 128, 7


def has_end(file: BinaryIO) -> bool:
    """Says whether the last block is there; any bytes may follow it."""
    file.seek(-1, io.SEEK_END)
    if file.read(1) == _END:
        # This is nearly every GIF, and to walk over an animated one takes a while.
        return True
    file.seek(10)
    _pass_colours(file, file.read(1), 2)
    while (kind := file.read(1)) in (_IMAGE, _EXTENSION):
        if kind == _IMAGE:
            file.seek(8, io.SEEK_CUR)
            _pass_colours(file, file.read(1), 1)
        else:
            file.seek(1, io.SEEK_CUR)
        while (length := file.read(1)) not in (b"", b"\0"):
            file.seek(length[0], io.SEEK_CUR)
    return kind == _END


def _pass_colours(file: BinaryIO, flags: bytes, n_bytes: int) -> None:
    """Skips a table of colours if the flags say that there is one, and some more bytes."""
    n_colours = 2 << (flags[0] & _COLOUR_BITS) if flags and flags[0] & _HAS_COLOURS else 0
    file.seek(n_bytes + 3 * n_colours, io.SEEK_CUR)
