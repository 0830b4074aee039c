"""Reads the scans of a JPEG: each gives some of the colours, or refines the whole picture."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import BinaryIO

# The next marker after compressed data: not an escaped byte, not a restart.
_MARKER = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")
_FRAMES = (0xC0, 0xC1, 0xC2)
_SEQUENTIAL = (0xC0, 0xC1)
_SCAN, _START, _END, _TABLES, _RESTARTS = 0xDA, 0xD8, 0xD9, 0xC4, 0xDD
_END_OF_BLOCK = 0
_N_COEFFICIENTS = 64
# A file that is cut off is searched in memory; a photo larger than this is left out.
_MOST_BYTES = 1 << 28


@dataclass(frozen=True)
class FirstScan:
    """Describes a JPEG up to its first scan.

    start: where the scan's data begins. n_colours: number of colours in the scan. zeros_are_damage: whether many zeros
    cannot be coded pixels. has_restarts: whether a decoder can continue after damaged data.
    """

    start: int
    n_colours: int
    zeros_are_damage: bool
    has_restarts: bool


def first_scan(file: BinaryIO) -> FirstScan | None:
    """Reads a JPEG up to its first scan, None if its segments do not follow each other as they should."""
    is_sequential, has_restarts = False, False
    codes: dict[int, int] = {}
    file.seek(2)
    while (marker := file.read(2))[:1] == b"\xff" and len(marker) == 2:
        n_bytes = max(2, int.from_bytes(file.read(2), "big")) - 2
        if marker[1] == _SCAN:
            n_colours = file.read(n_bytes)[:1]
            # The first code has only zeros. Only if this code ends a block, many zeros are a flat area.
            ends_blocks = all(code == _END_OF_BLOCK for code in codes.values())
            damage = is_sequential and not ends_blocks
            return FirstScan(file.tell(), n_colours[0], damage, has_restarts) if n_colours else None
        if marker[1] in (_TABLES, _RESTARTS):
            segment = file.read(n_bytes)
            has_restarts |= marker[1] == _RESTARTS and any(segment)
            codes |= _first_codes(segment) if marker[1] == _TABLES else {}
        else:
            is_sequential |= marker[1] in _SEQUENTIAL
            file.seek(n_bytes, io.SEEK_CUR)
    return None


def _first_codes(segment: bytes) -> dict[int, int]:
    """Returns the meaning of the code of zeros, for each table that codes more than the mean of a block."""
    found, at = {}, 0
    while at + 17 < len(segment):
        if segment[at] >> 4:
            found[segment[at]] = segment[at + 17]
        at += 17 + sum(segment[at + 1 : at + 17])
    return found


def all_scans_begun(file: BinaryIO) -> bool:
    """Says whether a progressive JPEG that is cut off has at least the beginning of each scan.

    Then every coefficient of every colour is known, and to its last bit except in the last scan.
    """
    file.seek(0)
    content = file.read(_MOST_BYTES)
    # The lowest known bit of each coefficient by colour; None while none is known.
    known: dict[int, list[int | None]] = {}
    at = 2
    while (found := _MARKER.search(content, at)) is not None and found[1][0] != _END:
        marker, start = found[1][0], found.end()
        if marker in (_START, 1):
            at = start
            continue
        at = start + max(2, int.from_bytes(content[start : start + 2], "big"))
        segment = content[start + 2 : at]
        if marker in _FRAMES:
            known = {number: [None] * _N_COEFFICIENTS for number in segment[6::3]}
        elif marker == _SCAN:
            _note_scan(segment, known)
    return bool(known) and all(bit == 0 for bits in known.values() for bit in bits)


def _note_scan(header: bytes, known: dict[int, list[int | None]]) -> None:
    """Notes what a scan with this header makes known: some coefficients of some colours, down to some bit."""
    n_colours = header[0] if header else 0
    if len(header) < 4 + 2 * n_colours:
        return
    first, last, bits = header[1 + 2 * n_colours : 4 + 2 * n_colours]
    for number in header[1 : 1 + 2 * n_colours : 2]:
        for coefficient in range(first, min(last, _N_COEFFICIENTS - 1) + 1):
            if number in known:
                known[number][coefficient] = bits & 15
