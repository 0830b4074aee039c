"""The scans of a JPEG: each gives some of the colours, or refines the whole picture."""

from __future__ import annotations

import io
import re
from typing import BinaryIO

# The next marker behind compressed data: not an escaped byte, not a restart.
_MARKER = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")
_FRAMES = (0xC0, 0xC1, 0xC2)
_SCAN, _START, _END = 0xDA, 0xD8, 0xD9
_N_COEFFICIENTS = 64
# Such a file is searched in memory; a photo this large that is cut off is left out.
_MOST_BYTES = 1 << 28


def has_several_scans(file: BinaryIO, n_colours: int) -> bool:
    """Whether a JPEG's first scan lacks some of the colours, so that all coefficients are kept until the end.

    True too where its segments do not follow each other as they should.
    """
    file.seek(2)
    while (marker := file.read(2))[:1] == b"\xff" and len(marker) == 2:
        if marker[1] == _SCAN:
            return file.read(3)[2:] != bytes((n_colours,))
        file.seek(max(2, int.from_bytes(file.read(2), "big")) - 2, io.SEEK_CUR)
    return True


def all_scans_begun(file: BinaryIO) -> bool:
    """Whether a progressive JPEG that is cut off has at least the beginning of each scan.

    Then every coefficient of every colour is known, all but the last scan's to the last bit.
    """
    file.seek(0)
    content = file.read(_MOST_BYTES)
    # The lowest bit known of each coefficient by colour; None while nothing is known.
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
    """What a scan with this header tells: of some colours, some coefficients down to some bit."""
    n_colours = header[0] if header else 0
    if len(header) < 4 + 2 * n_colours:
        return
    first, last, bits = header[1 + 2 * n_colours : 4 + 2 * n_colours]
    for number in header[1 : 1 + 2 * n_colours : 2]:
        for coefficient in range(first, min(last, _N_COEFFICIENTS - 1) + 1):
            if number in known:
                known[number][coefficient] = bits & 15
