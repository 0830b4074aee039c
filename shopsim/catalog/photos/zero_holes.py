"""Finds zeros in the place of a photo's coded pixels, as a disk or an unfinished download leaves them.

Decoders take zeros for data: the picture continues in grey or noise, without an error. Some sound photos have long
runs of zeros too, in flat areas. They are not checked here: progressive JPEGs, JPEGs with special tables for flat
areas, lossless WebPs, and photos without compression.
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

# In sound photos of the other kinds, at most 19 zeros in a row were seen, except in WebP.
_LEAST_RUN = 64
# A sound lossy WebP has at most one zero per 44 pixels in one run, in a large area of one colour below noise.
# Measured with libwebp, qualities 1 to 100, methods 0 to 6. Fewer than twice as many zeros may be a flat picture.
_WEBP_PIXELS_PER_ZERO = 20


def jpeg_end(file: BinaryIO, scan: FirstScan) -> tuple[int | None, bool]:
    """Returns (end of a JPEG's data if damaging zeros follow it, else None, whether its end marker is missing)."""
    end = find_in(file, b"\xff\xd9", scan.start, None)
    hole = (
        find_in(file, bytes(_LEAST_RUN), scan.start, end) if scan.zeros_are_damage and not scan.has_restarts else None
    )
    if end is None and hole is None:
        hole = start_of_last_zeros(file, scan.start)
    return hole, end is None


def lost_part(file: BinaryIO, form: Format, n_pixels: int) -> float:
    """Returns the part of a photo's data, from 0 to 1, that is zeros, or lies after zeros and cannot be decoded."""
    if form is WEBP:
        return lost_of(file, lossy_span(file), n_pixels // _WEBP_PIXELS_PER_ZERO)
    return lost_of(file, picture_spans(file)) if form in (AVIF, HEIC) else 0.0


def lost_of(file: BinaryIO, spans: Sequence[tuple[int, int]], least: int = 0) -> float:
    """Returns the part, from 0 to 1, of coded data in (start, end) `spans` from a run of at least 64 zeros on.

    Each span is decoded by itself. least: the number of zeros, if more than 64 are needed.
    """
    least = max(least, _LEAST_RUN)
    holes = [(find_in(file, bytes(least), start, end), end) for start, end in spans]
    n_lost = sum(end - hole for hole, end in holes if hole is not None)
    return n_lost / max(1, sum(end - start for start, end in spans))


def lost_between_restarts(file: BinaryIO, scan: FirstScan) -> float:
    """Returns the lost part of a JPEG, as `lost_part` does; its decoder continues at the next restart, if any."""
    if not scan.zeros_are_damage or not scan.has_restarts:
        return 0.0
    end = find_in(file, b"\xff\xd9", scan.start, None)
    if find_in(file, bytes(_LEAST_RUN), scan.start, end) is None:
        return 0.0
    file.seek(scan.start)
    data = file.read() if end is None else file.read(end - scan.start)
    return sum(len(run) for run in re.findall(rb"\0{%d,}" % _LEAST_RUN, data)) / len(data)
