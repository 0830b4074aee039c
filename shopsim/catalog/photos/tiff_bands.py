"""Reads a TIFF in bands: each row of its strips or tiles becomes a small TIFF."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from PIL import Image, TiffImagePlugin

from shopsim.catalog.photos.tiff_variants import set_right

_WIDTH, _LENGTH, _BITS, _COMPRESSION, _ORIENTATION, _PLANAR = 256, 257, 258, 259, 274, 284
_STRIPS, _ROWS_PER_STRIP, _STRIP_SIZES = 273, 278, 279
_TILE_WIDTH, _TILE_LENGTH, _TILES, _TILE_SIZES = 322, 323, 324, 325
# The tags that describe how pixels are packed: bits, compression, meaning, bit order, samples, predictor, palette,
# extra samples, sample format, JPEG tables and chroma.
_COPIED = (258, 259, 262, 266, 277, 317, 320, 338, 339, 347, 530, 531)
# Old-style JPEG keeps its tables elsewhere in the file.
_OLD_JPEG = 6
_BAND_PIXELS = 1 << 22
_SHORT, _LONG, _BYTES = 3, 4, 7


@dataclass(frozen=True)
class TiffBands:
    """Describes a TIFF in bands, from the top down and not turned.

    size: (width, height) of the whole photo; orientation: how to turn it in the end.
    """

    bands: Iterator[Image.Image]
    size: tuple[int, int]
    orientation: int


def tiff_bands(image: Image.Image, file: BinaryIO) -> TiffBands | None:
    """Returns the opened TIFF in bands, None if it has only one piece, or separate pieces per colour."""
    tags = image.tag_v2
    size = tags[_WIDTH], tags[_LENGTH]
    pieces = _pieces(tags, *size)
    if pieces is None or tags.get(_PLANAR, 1) != 1 or tags.get(_COMPRESSION, 1) == _OLD_JPEG:
        return None
    if size[0] * pieces.rows > 4 * _BAND_PIXELS:
        return None
    return TiffBands(_bands(tags, pieces, file, *size), size, tags.get(_ORIENTATION, 1))


@dataclass(frozen=True)
class _Pieces:
    """Describes strips or tiles. rows: per piece; across: pieces side by side; tags: those with the pieces' size."""

    offsets: Sequence[int]
    sizes: Sequence[int]
    rows: int
    across: int
    tags: dict[int, int]
    offsets_tag: int
    sizes_tag: int


def _pieces(tags: Mapping[int, Any], width: int, height: int) -> _Pieces | None:
    """Returns the places of the pixels, None if the place of any of them is missing."""
    if _TILES in tags:
        across, rows = tags[_TILE_WIDTH], tags[_TILE_LENGTH]
        sized = {_TILE_WIDTH: across, _TILE_LENGTH: rows}
        found = _Pieces(tags[_TILES], tags.get(_TILE_SIZES, ()), rows, -(-width // across), sized, _TILES, _TILE_SIZES)
    else:
        rows = min(tags.get(_ROWS_PER_STRIP, height), height)
        offsets, sizes = tags.get(_STRIPS, ()), tags.get(_STRIP_SIZES, ())
        if tags.get(_COMPRESSION, 1) == 1 and len(offsets) == 1:
            # Rows that are not compressed follow each other, so a strip can be cut anywhere.
            row = -(-width * sum(tags.get(_BITS, (1,))) // 8)
            rows = max(1, _BAND_PIXELS // width)
            starts = range(0, height, rows)
            offsets = [offsets[0] + start * row for start in starts]
            sizes = [min(rows, height - start) * row for start in starts]
        found = _Pieces(offsets, sizes, rows, 1, {_ROWS_PER_STRIP: rows}, _STRIPS, _STRIP_SIZES)
    n_pieces = found.across * -(-height // found.rows)
    return found if len(found.offsets) == len(found.sizes) >= n_pieces else None


def _bands(tags: Mapping[int, Any], pieces: _Pieces, file: BinaryIO, width: int, height: int) -> Iterator[Image.Image]:
    copied = {tag: tags[tag] for tag in _COPIED if tag in tags} | pieces.tags | {_WIDTH: width}
    rows, across = pieces.rows, pieces.across
    at_once = max(1, _BAND_PIXELS // (width * rows)) * rows
    for top in range(0, height, at_once):
        n_rows = min(at_once, height - top)
        numbers = range(top // rows * across, (top // rows + -(-n_rows // rows)) * across)
        data = [_read(file, pieces.offsets[number], pieces.sizes[number]) for number in numbers]
        small = _tiff(tags.prefix, copied | {_LENGTH: n_rows}, pieces.offsets_tag, pieces.sizes_tag, data)
        with Image.open(io.BytesIO(small), formats=("TIFF",)) as band:
            set_right(band)
            band.load()
            yield band


def _read(file: BinaryIO, offset: int, size: int) -> bytes:
    file.seek(offset)
    data = file.read(size)
    if len(data) < size:
        raise EOFError("truncated")
    return data


def _tiff(prefix: bytes, tags: Mapping[int, Any], offsets_tag: int, sizes_tag: int, pieces: list[bytes]) -> bytes:
    """Builds a TIFF file with these pieces after the header, and its list of tags at the end."""
    order = "<" if prefix == TiffImagePlugin.II else ">"
    starts = [8]
    for piece in pieces:
        starts.append(starts[-1] + len(piece))
    body = b"".join(pieces)
    body += bytes(len(body) % 2)
    tags = {**tags, offsets_tag: tuple(starts[:-1]), sizes_tag: tuple(len(piece) for piece in pieces)}
    entries, values = [], b""
    after = 8 + len(body) + 2 + 12 * len(tags) + 4
    for tag in sorted(tags):
        kind, count, packed = _packed(tags[tag], order)
        if len(packed) > 4:
            packed, values = struct.pack(f"{order}L", after + len(values)), values + packed + bytes(len(packed) % 2)
        entries.append(struct.pack(f"{order}HHL", tag, kind, count) + packed.ljust(4, b"\0"))
    header = prefix + struct.pack(f"{order}HL", 42, 8 + len(body))
    return header + body + struct.pack(f"{order}H", len(tags)) + b"".join(entries) + bytes(4) + values


def _packed(value: object, order: str) -> tuple[int, int, bytes]:
    """Returns (type, count, bytes) of a tag's value."""
    if isinstance(value, bytes):
        return _BYTES, len(value), value
    numbers = value if isinstance(value, tuple) else (value,)
    kind, letter = (_SHORT, "H") if max(numbers) < 1 << 16 else (_LONG, "L")
    return kind, len(numbers), struct.pack(f"{order}{len(numbers)}{letter}", *numbers)
