"""Finds the coded pictures in a HEIC or AVIF file, which has boxes within boxes (ISO/IEC 14496-12, 8.11)."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import BinaryIO

_PICTURES = (b"hvc1", b"av01")
# These belong to another picture: a preview, or its transparency, depth or brightness.
_BESIDE = (b"thmb", b"auxl")
# The list of a grid of some thousand tiles takes 100 KB.
_MOST_BYTES = 1 << 24


def picture_spans(file: BinaryIO) -> list[tuple[int, int]]:
    """Returns (start, end) in the file of each coded part of the main picture; empty if missing or damaged."""
    try:
        parts = dict(_boxes(_meta(file)[4:]))
        beside = set(_items_beside(parts.get(b"iref", b"")))
        wanted = {number for number, kind in _kinds(parts[b"iinf"]) if kind in _PICTURES} - beside
        return [(start, start + length) for number, start, length in _places(parts[b"iloc"]) if number in wanted]
    except (LookupError, EOFError):
        return []


def colour_codes(file: BinaryIO) -> tuple[int, int] | None:
    """Returns the code points of primaries and transfer curve, of the first picture that has any."""
    try:
        meta = _meta(file)
    except LookupError:
        return None
    at = meta.find(b"colrnclx")
    return struct.unpack(">HH", meta[at + 8 : at + 12]) if 0 <= at <= len(meta) - 12 else None


class _Reader:
    """Reads big-endian numbers one after another."""

    def __init__(self, data: bytes) -> None:
        self._data, self.at = data, 0

    def number(self, n_bytes: int) -> int:
        self.at += n_bytes
        if self.at > len(self._data):
            raise EOFError("truncated")
        return int.from_bytes(self._data[self.at - n_bytes : self.at], "big")


def _meta(file: BinaryIO) -> bytes:
    """Returns the content of the box that lists the items."""
    size = file.seek(0, io.SEEK_END)
    at = 0
    while at + 8 <= size:
        file.seek(at)
        length, kind = int.from_bytes(file.read(4), "big"), file.read(4)
        if kind == b"meta" and length <= _MOST_BYTES:
            return file.read(length - 8)
        if length == 1:
            length = int.from_bytes(file.read(8), "big")
        if length < 8:
            break
        at += length
    raise LookupError("no list of items")


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yields (kind, content) of boxes that follow each other."""
    at = 0
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        if length < 8:
            return
        yield data[at + 4 : at + 8], data[at + 8 : at + length]
        at += length


def _kinds(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yields (item, kind) for each item."""
    for _, entry in _boxes(data[8 if data[0] else 6 :]):
        width = 4 if entry[0] >= 3 else 2
        yield int.from_bytes(entry[4 : 4 + width], "big"), entry[6 + width : 10 + width]


def _items_beside(data: bytes) -> Iterator[int]:
    """Yields the items that only belong to another one."""
    width = 4 if data[:1] >= b"\1" else 2
    for kind, entry in _boxes(data[4:]):
        if kind in _BESIDE:
            yield int.from_bytes(entry[:width], "big")


def _places(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yields (item, start, length) for each part of an item that lies directly in the file."""
    reader = _Reader(data)
    version = reader.number(4) >> 24
    sizes = reader.number(2)
    wide = 4 if version >= 2 else 2
    for _ in range(reader.number(wide)):
        item = reader.number(wide)
        within_file = version == 0 or reader.number(2) & 15 == 0
        reader.number(2)
        base = reader.number(sizes >> 4 & 15)
        for _ in range(reader.number(2)):
            if version:
                reader.number(sizes & 15)
            start, length = reader.number(sizes >> 12), reader.number(sizes >> 8 & 15)
            if within_file and length:
                yield item, base + start, length
