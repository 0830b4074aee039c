"""A WebP whose header names another size than it has: its chunks tell where it ends, or how much is missing."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import BinaryIO

_HEADER = 12
# A file that lacks more is not worth decoding, and a header may name gigabytes.
_MOST_MISSING = 0.1


@dataclass(frozen=True)
class SizedWebp:
    """A WebP that a decoder accepts, if any does.

    file: the one given unless its header had to be mended; note: what its header says wrongly, "" if nothing;
    cut_chunk: where the chunk begins that the end of the file cuts off, None if none is or much of it is missing.
    """

    file: BinaryIO
    note: str = ""
    cut_chunk: int | None = None


def sized_webp(file: BinaryIO) -> SizedWebp:
    """The WebP with the size that its chunks have together.

    Bytes behind the end that the header names are nobody's business, unless a chunk reaches beyond it.
    """
    file.seek(4)
    named = 8 + int.from_bytes(file.read(4), "little")
    size = file.seek(0, io.SEEK_END)
    end, n_missing = _end_of_chunks(file, named, size)
    if n_missing:
        return SizedWebp(file, cut_chunk=end if n_missing <= _MOST_MISSING * size else None)
    if end in (named, _HEADER):
        return SizedWebp(file)
    file.seek(8)
    mended = b"RIFF" + struct.pack("<I", end - 8) + file.read(end - 8)
    return SizedWebp(io.BytesIO(mended), f"its header says {named:,} bytes and it has {size:,}")


def completed(file: BinaryIO, cut_chunk: int, filling: bytes) -> BinaryIO:
    """A copy of a WebP whose cut chunk goes on with `filling`, so that a decoder comes to the end of the picture."""
    file.seek(0)
    content = file.read() + filling
    content += bytes(len(content) % 2)
    chunk = content[cut_chunk : cut_chunk + 4] + struct.pack("<I", len(content) - cut_chunk - 8)
    header = b"RIFF" + struct.pack("<I", len(content) - 8)
    return io.BytesIO(header + content[8:cut_chunk] + chunk + content[cut_chunk + 8 :])


def lossy_span(file: BinaryIO) -> list[tuple[int, int]]:
    """(start, end) in the file of the packed pixels of a lossy WebP that does not move; empty for any other."""
    size = file.seek(0, io.SEEK_END)
    at = _HEADER
    while at + 8 <= size:
        file.seek(at)
        kind, length = file.read(4), int.from_bytes(file.read(4), "little")
        if kind == b"VP8 ":
            return [(at + 8, min(size, at + 8 + length))]
        at += 8 + length + length % 2
    return []


def _end_of_chunks(file: BinaryIO, named: int, size: int) -> tuple[int, int]:
    """(where the last whole chunk ends, how many bytes the one behind it lacks)."""
    at = _HEADER
    while at + 8 <= size and at < named:
        file.seek(at + 4)
        length = int.from_bytes(file.read(4), "little")
        end = at + 8 + length + length % 2
        if end > size:
            return at, end - size
        at = end
    return at, 0
