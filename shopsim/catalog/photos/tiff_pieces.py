"""Finds the missing strips or tiles of a TIFF: their offsets are zero, or their data is zeros."""

from __future__ import annotations

import zlib
from typing import BinaryIO

from PIL import Image

from shopsim.catalog.photos.unreadable import RefusedPhotoError
from shopsim.catalog.photos.zero_holes import lost_of

_COMPRESSION, _STRIPS, _STRIP_SIZES, _TILES, _TILE_SIZES, _JPEG_TABLES = 259, 273, 279, 324, 325, 347
# LZW, JPEG, deflate (two numbers), PackBits: with these compressions, black areas are not stored as zeros.
_DEFLATED, _PACKED = (8, 32946), (5, 7, 8, 32946, 32773)


def lost_pieces(image: Image.Image, file: BinaryIO) -> float:
    """Returns the missing part of an opened TIFF's picture, from 0 to 1; a part after the file's end does not count.

    Raises RefusedPhotoError if the JPEG tables are zeros.
    """
    tags = image.tag_v2
    offsets = tags.get(_STRIPS) or tags.get(_TILES, ())
    sizes = tags.get(_STRIP_SIZES) or tags.get(_TILE_SIZES, ())
    if tags.get(_JPEG_TABLES, b"").endswith(bytes(3)):
        raise RefusedPhotoError("the file is damaged: the tables that unpack its pixels are missing")
    if not offsets or len(offsets) != len(sizes):
        return 0.0
    spans = [(offset, offset + size) for offset, size in zip(offsets, sizes, strict=True) if offset and size]
    n_lost = float(len(offsets) - len(spans))
    if tags.get(_COMPRESSION, 1) in _PACKED:
        lost = [(span, lost_of(file, [span])) for span in spans]
        n_lost += sum(
            part for span, part in lost if part and not (tags[_COMPRESSION] in _DEFLATED and _unpacks(file, *span))
        )
    return n_lost / len(offsets)


def _unpacks(file: BinaryIO, start: int, end: int) -> bool:
    """Says whether deflated data is complete: it may contain stored pixels, and so real zeros."""
    file.seek(start)
    unpacker = zlib.decompressobj()
    data = file.read(end - start)
    try:
        while data and not unpacker.eof:
            unpacker.decompress(data, 1 << 24)
            data = unpacker.unconsumed_tail
    except zlib.error:
        return False
    return unpacker.eof
