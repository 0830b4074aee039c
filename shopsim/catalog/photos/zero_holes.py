"""Zeros where the packed pixels of a photo should be, as a disk or a download leaves them that did not finish.

Decoders take zeros for data: the picture goes on in grey or noise, and nobody complains. Sound photos that are packed
in some ways have long runs of zeros too, where they are flat, and are passed over here: progressive JPEGs, JPEGs with
tables of their own for that, lossless WebPs, and whatever is not packed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import BinaryIO

from shopsim.catalog.photos.bytes_in_file import find_in, start_of_last_zeros
from shopsim.catalog.photos.formats import AVIF, HEIC, WEBP, Format
from shopsim.catalog.photos.heif_items import picture_spans
from shopsim.catalog.photos.jpeg_scans import FirstScan
from shopsim.catalog.photos.webp_size import lossy_span

# In sound photos of the other ways at most 19 zeros were seen, but for WebP.
_LEAST_RUN = 64
# A sound lossy WebP has a zero for each 44 pixels at most, in one run, where noise lies above much of one colour
# (libwebp, qualities 1 to 100, methods 0 to 6). Fewer zeros than twice that cannot be told from a flat picture.
_WEBP_PIXELS_PER_ZERO = 20


def jpeg_end(file: BinaryIO, scan: FirstScan) -> tuple[int | None, bool]:
    """(where the data of a JPEG ends if zeros follow that cannot be passed over, whether its end marker is missing)."""
    end = find_in(file, b"\xff\xd9", scan.start, None)
    hole = (
        find_in(file, bytes(_LEAST_RUN), scan.start, end) if scan.zeros_are_damage and not scan.has_restarts else None
    )
    if end is None and hole is None:
        hole = start_of_last_zeros(file, scan.start)
    return hole, end is None


def lost_part(file: BinaryIO, form: Format, n_pixels: int) -> float:
    """The part of a photo's data, from 0 to 1, that is zeros, or cannot be decoded because zeros stand before it."""
    if form is WEBP:
        return lost_of(file, lossy_span(file), n_pixels // _WEBP_PIXELS_PER_ZERO)
    return lost_of(file, picture_spans(file)) if form in (AVIF, HEIC) else 0.0


def lost_of(file: BinaryIO, spans: Sequence[tuple[int, int]], least: int = 0) -> float:
    """The part, from 0 to 1, of packed data in (start, end) `spans` that stands behind a run of at least 64 zeros.

    Each span is unpacked by itself. least: of zeros, if more are needed.
    """
    least = max(least, _LEAST_RUN)
    holes = [(find_in(file, bytes(least), start, end), end) for start, end in spans]
    n_lost = sum(end - hole for hole, end in holes if hole is not None)
    return n_lost / max(1, sum(end - start for start, end in spans))


def lost_between_restarts(file: BinaryIO, scan: FirstScan) -> float:
    """As `lost_part`, of a JPEG: its decoder finds back into it at the next restart, if it has any."""
    if not scan.zeros_are_damage or not scan.has_restarts:
        return 0.0
    end = find_in(file, b"\xff\xd9", scan.start, None)
    if find_in(file, bytes(_LEAST_RUN), scan.start, end) is None:
        return 0.0
    file.seek(scan.start)
    data = file.read() if end is None else file.read(end - scan.start)
    return sum(len(run) for run in re.findall(rb"\0{%d,}" % _LEAST_RUN, data)) / len(data)
