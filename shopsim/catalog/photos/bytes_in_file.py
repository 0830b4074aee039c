"""Finds bytes in a file of any size without reading it into memory."""

from __future__ import annotations

import io
from typing import BinaryIO

# Larger reads cost more to get from the system than to search.
_READ = 1 << 16


def find_in(file: BinaryIO, wanted: bytes, start: int, end: int | None) -> int | None:
    """Returns the first place of the bytes between two places, None if there is none; end: None for the file's end."""
    at, before = start, b""
    file.seek(start)
    while data := file.read(_READ if end is None else min(_READ, end - at)):
        found = (before + data).find(wanted)
        if found >= 0:
            return at - len(before) + found
        at += len(data)
        before = (before + data)[1 - len(wanted) :]
    return None


def start_of_last_zeros(file: BinaryIO, start: int) -> int | None:
    """Returns where the zeros at the end of the file begin, None if it does not end with zeros."""
    size = file.seek(0, io.SEEK_END)
    at = size
    while at > start:
        first = max(start, at - _READ)
        file.seek(first)
        data = file.read(at - first)
        at = first + len(data.rstrip(b"\0"))
        if at > first:
            break
    return at if at < size else None
