"""Reads a PNG in bands: its rows are decompressed a few at a time, and each band becomes a small PNG.

A row may be written as its difference from the row above. Each band therefore begins with the last row of the band
before. To get that row's bytes, a band is first read as a PNG of 8-bit channels with as many bytes per pixel. Such a
PNG has the same differences.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
from PIL import Image

from shopsim.catalog.photos.png_chunks import SIGNATURE

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# The PNG colour type of 8-bit channels with so many bytes per pixel; 16-bit RGB has 6.
_ALIKE = {1: 0, 2: 4, 3: 2, 4: 6}
_PLAIN_DEPTH = 8
_BAND_BYTES = 1 << 24
_READ = 1 << 16


def png_bands(image: Image.Image, file: BinaryIO) -> Iterator[Image.Image] | None:
    """Yields the opened PNG's bands from the top down; None if it is interlaced or has 16-bit colours."""
    file.seek(16)
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", file.read(13))
    bits = depth * _CHANNELS.get(colour, 8)
    alike = _ALIKE.get(max(1, bits // 8))
    row = (width * bits + 7) // 8
    if interlaced or alike is None or row > _BAND_BYTES:
        return None
    at_once = max(1, _BAND_BYTES // (row + 1))

    def bands() -> Iterator[Image.Image]:
        rows = _Rows(file)
        above = bytes(row)
        for top in range(0, height, at_once):
            n_rows = min(at_once, height - top)
            filtered = b"\0" + above + rows.take(n_rows * (row + 1))
            n_pixels = row // max(1, bits // 8)
            plain = _decoded(_header(n_pixels, n_rows + 1, 8, alike), b"", filtered)
            above = plain.crop((0, n_rows, n_pixels, n_rows + 1)).tobytes()
            if depth == _PLAIN_DEPTH and not rows.palette:
                yield plain.crop((0, 1, width, n_rows + 1))
                continue
            unfiltered = np.insert(np.asarray(plain).reshape(n_rows + 1, row)[1:], 0, 0, axis=1).tobytes()
            yield _decoded(_header(width, n_rows, depth, colour), rows.palette, unfiltered)

    return bands()


class _Rows:
    """Reads the decompressed rows of a PNG, and the chunks before them."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._unpacker = zlib.decompressobj()
        self._packed = b""
        self._left = 0
        self.palette = b""
        file.seek(len(SIGNATURE))
        kind, length = self._next_chunk()
        while kind != b"IDAT":
            data = file.read(length)
            if kind in (b"PLTE", b"tRNS"):
                self.palette += _chunk(kind, data)
            file.read(4)
            kind, length = self._next_chunk()
        self._left = length

    def take(self, n_bytes: int) -> bytes:
        """Returns so many bytes of rows. Raises EOFError if they are not there."""
        found = bytearray()
        while len(found) < n_bytes:
            if not self._packed:
                self._packed = self._read()
            found += self._unpacker.decompress(self._packed, n_bytes - len(found))
            self._packed = self._unpacker.unconsumed_tail
            if self._unpacker.eof and len(found) < n_bytes:
                raise EOFError("truncated")
        return bytes(found)

    def _read(self) -> bytes:
        while not self._left:
            self._file.read(4)
            kind, self._left = self._next_chunk()
            if kind != b"IDAT":
                raise EOFError("truncated")
        data = self._file.read(min(self._left, _READ))
        if not data:
            raise EOFError("truncated")
        self._left -= len(data)
        return data

    def _next_chunk(self) -> tuple[bytes, int]:
        start = self._file.read(8)
        if len(start) < 8:
            raise EOFError("truncated")
        return start[4:], int.from_bytes(start[:4], "big")


def _header(width: int, height: int, depth: int, colour: int) -> bytes:
    return _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))


def _decoded(header: bytes, palette: bytes, rows: bytes) -> Image.Image:
    packed = _chunk(b"IDAT", zlib.compress(rows, 0))
    file = io.BytesIO(SIGNATURE + header + palette + packed + _chunk(b"IEND", b""))
    with Image.open(file, formats=("PNG",)) as image:
        image.load()
        return image.copy()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
