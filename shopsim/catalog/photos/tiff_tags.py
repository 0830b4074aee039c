"""Reads a TIFF whose list of tags points outside the file, without those tags.

Pillow stops at the first such tag and then misses the tags after it, so one wrong comment would cost the photo.
"""

from __future__ import annotations

import io
import struct
from typing import BinaryIO

from shopsim.catalog.photos.unreadable import RefusedPhotoError

# Number of bytes of a value, by its type.
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
# The values of these tags are places in the file where another list of tags begins.
_LISTS = (330, 34665, 34853, 40965)
_ENTRY = 12
# A larger photo with such a fault is left out, because it would have to be copied.
_MOST_BYTES = 1 << 28


def mended_tiff(file: BinaryIO) -> tuple[BinaryIO, str]:
    """Returns the TIFF with a list of its sound tags, and a note; the unchanged file and "" if all tags are sound.

    BigTIFF stays as it is. Raises RefusedPhotoError if the list is missing or empty.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    header = file.read(8)
    order = "<" if header[:2] == b"II" else ">"
    if len(header) < 8 or struct.unpack(f"{order}H", header[2:4])[0] != 42:
        return file, ""
    place = struct.unpack(f"{order}L", header[4:])[0]
    if place + 2 > size:
        raise RefusedPhotoError("the file is truncated: the list of its tags is missing")
    file.seek(place)
    n_entries = int.from_bytes(file.read(2), "little" if order == "<" else "big")
    if not n_entries:
        raise RefusedPhotoError("the file is damaged: the list of its tags is empty")
    if size > _MOST_BYTES:
        return file, ""
    listed = file.read(n_entries * _ENTRY)
    entries = [listed[at : at + _ENTRY] for at in range(0, len(listed) - _ENTRY + 1, _ENTRY)]
    sound = [entry for entry in entries if _is_sound(entry, order, size)]
    if not sound or len(sound) == n_entries:
        return file, ""
    file.seek(8)
    body = file.read()
    body += bytes(len(body) % 2)
    start = header[:4] + struct.pack(f"{order}L", 8 + len(body))
    mended = start + body + struct.pack(f"{order}H", len(sound)) + b"".join(sound) + bytes(4)
    return io.BytesIO(mended), f"{n_entries - len(sound)} of its {n_entries} tags cannot be read"


def _is_sound(entry: bytes, order: str, size: int) -> bool:
    """Says whether the value of a tag lies within the file."""
    tag, kind, count, place = struct.unpack(f"{order}HHLL", entry)
    n_bytes = _SIZES.get(kind, size) * count
    if tag in _LISTS:
        return place < size
    return n_bytes <= 4 or place + n_bytes <= size
