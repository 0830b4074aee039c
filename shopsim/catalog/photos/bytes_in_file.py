"""Where bytes stand in a file of any size, without holding it."""

from __future__ import annotations

import io
from typing import BinaryIO

# Larger ones cost more to get from the system than to search.
_READ = 1 << 16


def find_in(file: BinaryIO, wanted: bytes, start: int, end: int | None) -> int | None:
    """Where the bytes stand first between two places; end: None for the end of the file."""
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
    """Where the zeros begin that the file ends with, None if it does not."""
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
