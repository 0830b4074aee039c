"""Accepts photos that end too early if almost nothing is missing; any viewer shows them too.

Pillow has only one switch for the whole process, which accepts any damage. Here each photo is judged by the part
that is there. The photo is decoded twice more, with two fillings for the missing data: pixels that differ are missing.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image

from shopsim.catalog.photos.decode_memory import MOST_BYTES
from shopsim.catalog.photos.flatten import bands_of
from shopsim.catalog.photos.formats import JPEG, TIFF
from shopsim.catalog.photos.jpeg_scans import all_scans_begun
from shopsim.catalog.photos.opened_photo import NOTHING, Photo
from shopsim.catalog.photos.unreadable import DECODER_ERRORS, END_MISSING, RefusedPhotoError, missing_note

_END = b"\xff\xd9"
# As pixels this is noise; none of its bytes begins a marker of a JPEG.
_NOISE = np.random.default_rng(0).integers(0, 255, len(NOTHING), np.uint8).tobytes()
# The most rows that a JPEG decodes at once.
_JPEG_ROWS = 16


def load_what_is_there(photo: Photo) -> None:
    """Decodes the photo; accepts one with a small missing part, with a note.

    Raises one of DECODER_ERRORS for any other, RefusedPhotoError if the part that is there is known.
    """
    try:
        photo.image.load()
        if photo.cut_chunk is not None:
            raise EOFError("truncated")
    except MemoryError:
        raise
    except DECODER_ERRORS:
        if 8 * photo.full_size[0] * photo.full_size[1] > MOST_BYTES:
            raise
        part = _part_there(photo)
        if not part:
            raise
        try:
            photo.notes.append(missing_note(part))
        except RefusedPhotoError as error:
            raise error from None
    else:
        if photo.end_is_missing:
            photo.notes.append(END_MISSING)


def _part_there(photo: Photo) -> float:
    """Returns the part of the photo that is there, from 0 to 1, and sets photo.image to it, if there is any."""
    progressive = photo.form is JPEG and bool(photo.image.info.get("progressive"))
    if progressive and not all_scans_begun(photo.file):
        return 0.0
    first, second = _variants(photo)
    missing = _missing(first, second, at_once=_JPEG_ROWS if photo.form is JPEG else None)
    # It is not closed, because that would close the file too. Deleting the name frees its memory.
    del first
    photo.image = second
    if photo.form is JPEG:
        # Judged at its full size, so that every size of reading gives the same result.
        photo.image = _loaded(photo, _ended_by(b""), drafted=True)
    # The last scan only adds fine detail to a picture that is complete.
    return 1.0 if progressive else 1 - missing


def _variants(photo: Photo) -> tuple[Image.Image, Image.Image]:
    """Decodes the photo twice, with two different fillings for the missing data."""
    if photo.form is JPEG:
        return _loaded(photo, _ended_by(_NOISE)), _loaded(photo, _ended_by(b""))
    if photo.cut_chunk is not None:
        photo.end_with(_NOISE)
        noisy = _loaded(photo)
        photo.end_with(NOTHING)
        return noisy, _loaded(photo)
    return _loaded(photo, _filled_with(255)), _loaded(photo, _filled_with(0))


def _loaded(
    photo: Photo, prepare: Callable[[Image.Image], None] = lambda image: None, drafted: bool = False
) -> Image.Image:
    """Decodes the photo once more, as far as it can be decoded."""
    image = photo.reopen(drafted)
    prepare(image)
    try:
        image.load()
    except MemoryError:
        raise
    except DECODER_ERRORS:
        image.tile = []
        # This raises if not even the memory for the pixels was allocated.
        image.load()
        if photo.form is TIFF:
            # This turns the photo, as after a decoding that succeeds.
            image.load_end()
    return image


def _ended_by(data: bytes) -> Callable[[Image.Image], None]:
    """Returns a change for a JPEG: these bytes, and a correct ending, follow the end of the file."""

    def prepare(image: Image.Image) -> None:
        read, more = image.load_read, [part for part in (data, _END) if part]
        image.load_read = lambda size: read(size) or (more.pop(0) if more else b"")

    return prepare


def _filled_with(value: int) -> Callable[[Image.Image], None]:
    """Returns a change for any other format: pixels that are not decoded have this value in each channel."""

    def prepare(image: Image.Image) -> None:
        get_memory = image.load_prepare

        def get_filled_memory() -> None:
            get_memory()
            colour = (value,) * image.im.bands if image.im.bands > 1 else value
            image.im.paste(colour, (0, 0, *image.im.size))

        image.load_prepare = get_filled_memory

    return prepare


def _missing(first: Image.Image, second: Image.Image, at_once: int | None) -> float:
    """Returns the share of pixels that differ.

    at_once: rows that a JPEG decodes at once; below a difference all of them are missing.
    """
    n_differing, end = 0, None
    for (top, one), (_, other) in zip(bands_of(first), bands_of(second), strict=True):
        differs = np.asarray(one) != np.asarray(other)
        differs = differs.any(axis=2) if differs.ndim == 3 else differs
        rows = top + np.flatnonzero(differs.any(axis=1))
        if at_once is not None and end is None and len(rows):
            end = int(rows[0]) + at_once
        n_differing += int(differs.sum() if end is None else differs[: max(0, end - top)].sum())
    below = 0 if end is None else max(0, second.height - end)
    return (n_differing + below * second.width) / (second.width * second.height)
