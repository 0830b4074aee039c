"""Reads a WebP whose header states a wrong size: its chunks show where it ends, or how much is missing."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import BinaryIO

_HEADER = 12
# A file with a larger missing part is not worth decoding, and a header may state gigabytes.
_MOST_MISSING = 0.1


@dataclass(frozen=True)
class SizedWebp:
    """Describes a WebP in a form that a decoder accepts, if any does.

    file: the given one, unless its header had to be repaired. note: the fault in its header, "" if there is none.
    cut_chunk: where the chunk begins that the file's end cuts off. None if no chunk is cut off, or much is missing.
    """

    file: BinaryIO
    note: str = ""
    cut_chunk: int | None = None


def sized_webp(file: BinaryIO) -> SizedWebp:
    """Returns the WebP with the size that its chunks have together.

    Bytes after the end that the header states are ignored, unless a chunk reaches beyond it.
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
    """Copies a WebP and continues its cut chunk with `filling`, so that a decoder reaches the end of the picture."""
    file.seek(0)
    content = file.read() + filling
    content += bytes(len(content) % 2)
    chunk = content[cut_chunk : cut_chunk + 4] + struct.pack("<I", len(content) - cut_chunk - 8)
    header = b"RIFF" + struct.pack("<I", len(content) - 8)
    return io.BytesIO(header + content[8:cut_chunk] + chunk + content[cut_chunk + 8 :])


def lossy_span(file: BinaryIO) -> list[tuple[int, int]]:
    """Returns (start, end) in the file of the coded pixels of a lossy WebP without animation; empty for any other."""
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
    """Returns (end of the last complete chunk, number of bytes that the next one lacks)."""
    at = _HEADER
    while at + 8 <= size and at < named:
        file.seek(at + 4)
        length = int.from_bytes(file.read(4), "little")
        end = at + 8 + length + length % 2
        if end > size:
            return at, end - size
        at = end
    return at, 0
