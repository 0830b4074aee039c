"""Reads a PNG without the chunks that its pixels do not need: texts, times and comments, also large or damaged ones.

Pillow refuses a whole photo for one text chunk of a megabyte or with a wrong checksum. A PNG is a list of chunks. The
standard allows a reader to skip those whose name begins with a small letter (ISO/IEC 15948, 5.4).
"""

from __future__ import annotations

import bisect
import io
import itertools
import struct
import zlib
from dataclasses import dataclass, field
from typing import BinaryIO

from shopsim.catalog.photos.bytes_in_file import find_in
from shopsim.catalog.photos.colour_profiles import DAMAGED_PROFILE, MOST_PROFILE_BYTES
from shopsim.catalog.photos.png_colours import COLOUR_CHUNKS, profile_of

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Chunks that may be left out but change the picture: transparency, orientation, colours.
_USED = {b"tRNS": "its transparency", b"eXIf": "its EXIF data", b"iCCP": "its colour profile"}
_MOST_USED_BYTES = 16 << 20
# This many zeros in a chunk with a wrong checksum are not pixels.
_LEAST_ZEROS = 64
_WRONG_SUM = "the checksum of its pixels is wrong"
_READ = 1 << 20


@dataclass
class PngParts:
    """Lists the parts of a PNG that are needed.

    spans: (start, end) in the file of the needed chunks; adjacent chunks make one span.
    profile: its colour profile, None if it has none; exif: its orientation, and more.
    notes: damaged parts that were skipped; end_is_missing: whether the last chunk is missing.
    """

    spans: list[tuple[int, int]] = field(default_factory=lambda: [(0, len(SIGNATURE))])
    profile: bytes | None = None
    exif: bytes = b""
    notes: list[str] = field(default_factory=list)
    end_is_missing: bool = True

    def want(self, start: int, end: int) -> None:
        """Adds a chunk after the others."""
        if self.spans[-1][1] == start:
            start = self.spans.pop()[0]
        self.spans.append((start, end))


def png_parts(file: BinaryIO) -> PngParts:
    """Walks over the chunks of a PNG. A broken order ends the walk and is left to the decoder."""
    parts = PngParts()
    size = file.seek(0, io.SEEK_END)
    at = len(SIGNATURE)
    colours: dict[bytes, bytes] = {}
    has_profile = False
    while at + 8 <= size:
        file.seek(at)
        length, kind = struct.unpack(">I4s", file.read(8))
        end = at + 12 + length
        if kind == b"IDAT" and end <= size and not _is_sound(file, at, end):
            hole = find_in(file, bytes(_LEAST_ZEROS), at, end)
            if hole is not None:
                # Zeros do not decompress to a picture.
                parts.want(at, hole)
                break
            parts.notes += [_WRONG_SUM] if _WRONG_SUM not in parts.notes else []
        if not kind[:1].islower():
            parts.want(at, min(end, size))
        elif end <= size and kind in _USED:
            has_profile |= kind == b"iCCP"
            _take(file, parts, kind, at, end)
        elif end <= size and length == COLOUR_CHUNKS.get(kind) and _is_sound(file, at, end):
            file.seek(at + 8)
            colours[kind] = file.read(length)
        if kind == b"IEND" and end <= size:
            parts.end_is_missing = False
            break
        at = end
    if b"cICP" in colours or not has_profile:
        parts.profile = profile_of(colours) or parts.profile
    return parts


class Spliced(io.RawIOBase):
    """Reads the needed spans of a file as if they were one file; nothing is copied."""

    def __init__(self, file: BinaryIO, spans: list[tuple[int, int]]) -> None:
        self._file, self._spans = file, spans
        self._starts = list(itertools.accumulate((end - start for start, end in spans), initial=0))
        self._at = 0

    def readable(self) -> bool:
        """Returns True."""
        return True

    def seekable(self) -> bool:
        """Returns True."""
        return True

    def tell(self) -> int:
        """Returns the place of the next byte."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Moves to this place."""
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._starts[-1]}[whence])
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Returns the next bytes, fewer only at the end."""
        wanted = self._starts[-1] - self._at if size < 0 else size
        found = []
        while wanted > 0 and self._at < self._starts[-1]:
            number = bisect.bisect_right(self._starts, self._at) - 1
            start, end = self._spans[number]
            place = start + self._at - self._starts[number]
            self._file.seek(place)
            part = self._file.read(min(wanted, end - place))
            if not part:
                break
            found.append(part)
            self._at += len(part)
            wanted -= len(part)
        return b"".join(found)


def _is_sound(file: BinaryIO, at: int, end: int) -> bool:
    """Says whether a chunk has the checksum that it states."""
    file.seek(at + 4)
    left, found = end - at - 8, 0
    while left and (data := file.read(min(left, _READ))):
        found, left = zlib.crc32(data, found), left - len(data)
    return file.read(4) == struct.pack(">I", found)


def _take(file: BinaryIO, parts: PngParts, kind: bytes, at: int, end: int) -> None:
    """Keeps an optional chunk if it is sound, else adds a note."""
    length = end - at - 12
    data = file.read(length) if length <= _MOST_USED_BYTES else b""
    sound = len(data) == length and file.read(4) == struct.pack(">I", zlib.crc32(kind + data))
    if kind == b"iCCP":
        parts.profile = _profile(data) if sound else None
        if parts.profile is None:
            parts.notes.append(DAMAGED_PROFILE)
    elif not sound:
        parts.notes.append(f"{_USED[kind]} is damaged and is not used")
    elif kind == b"eXIf":
        # Kept separately, because Pillow finds it only before the pixels.
        parts.exif = b"Exif\0\0" + data
    else:
        parts.want(at, end)


def _profile(data: bytes) -> bytes | None:
    """Returns the colour profile in a chunk, None if it is damaged or would decompress to too many bytes."""
    packed = data.partition(b"\0")[2][1:]
    unpacker = zlib.decompressobj()
    try:
        profile = unpacker.decompress(packed, MOST_PROFILE_BYTES)
    except zlib.error:
        return None
    return profile if unpacker.eof else None
