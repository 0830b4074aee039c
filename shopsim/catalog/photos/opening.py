"""Opens a photo's file by its content, and finds missing and damaged parts before decoding."""

from __future__ import annotations

import io
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from shopsim.catalog.photos.formats import (
    AVIF,
    FORMAT_NAMES,
    GIF,
    HEIC,
    JPEG,
    PNG,
    START_BYTES,
    TIFF,
    WEBP,
    format_of,
    looks_like,
)
from shopsim.catalog.photos.gif_end import has_end
from shopsim.catalog.photos.heif_items import colour_codes, picture_spans
from shopsim.catalog.photos.jpeg_scans import first_scan
from shopsim.catalog.photos.made_profiles import coded_profile
from shopsim.catalog.photos.opened_photo import NOTHING, Photo
from shopsim.catalog.photos.png_chunks import Spliced, png_parts
from shopsim.catalog.photos.tiff_pieces import lost_pieces
from shopsim.catalog.photos.tiff_tags import mended_tiff
from shopsim.catalog.photos.unreadable import DECODER_ERRORS, RefusedPhotoError, missing_note, unreadable, why
from shopsim.catalog.photos.webp_size import sized_webp
from shopsim.catalog.photos.zero_holes import jpeg_end, lost_between_restarts, lost_part


@contextmanager
def opened(path: Path) -> Iterator[Photo]:
    """Opens the photo and reads its header. Errors of reading it, also within the block, become a ShopsimError."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise unreadable(path, "it is not a file")
        if status.st_size == 0:
            raise unreadable(path, "the file is empty")
        # An open file, not its name: Pillow maps named files into memory, and if one is truncated the process dies.
        with path.open("rb") as file:
            photo = _opened(path, file)
            try:
                yield photo
            finally:
                photo.image.close()
    except DECODER_ERRORS as error:
        raise unreadable(path, why(error)) from error


def _opened(path: Path, file: BinaryIO) -> Photo:
    start = file.read(START_BYTES)
    form = format_of(start)
    if form is None:
        raise unreadable(path, f"its content is {looks_like(start)}, not one of {FORMAT_NAMES}")
    form.load_plugin()
    photo = Photo(path, file, file, form, Image.Image())
    _look_through(photo)
    photo.image = photo.reopen()
    if (lost := _lost(photo)) > 0:
        photo.notes.append(missing_note(1 - lost))
    photo.full_size, photo.mode = photo.image.size, photo.image.mode
    if form is not PNG:
        photo.profile = photo.image.info.get("icc_profile") or None
    if form in (AVIF, HEIC) and photo.profile is None and (codes := colour_codes(file)) is not None:
        photo.profile = coded_profile(*codes)
    return photo


def _look_through(photo: Photo) -> None:
    """Finds damaged parts of the file, and skips them if its format allows it."""
    file, form = photo.given, photo.form
    if form is PNG:
        parts = png_parts(file)
        photo.file, photo.end_is_missing = Spliced(file, parts.spans), parts.end_is_missing
        photo.profile, photo.exif, photo.notes = parts.profile, parts.exif, parts.notes
    elif form is TIFF:
        mended, note = mended_tiff(file)
        # libtiff maps a file that has a descriptor into memory, and if one is truncated the process dies.
        photo.file = Spliced(file, [(0, file.seek(0, io.SEEK_END))]) if mended is file else mended
        photo.notes += [note] if note else []
    elif form is WEBP:
        webp = sized_webp(file)
        photo.file, photo.cut_chunk, photo.notes = webp.file, webp.cut_chunk, [webp.note] if webp.note else []
        if photo.cut_chunk is not None:
            photo.end_with(NOTHING)
    elif form is JPEG and (scan := first_scan(file)) is not None:
        photo.scan = scan
        end, photo.end_is_missing = jpeg_end(file, scan)
        photo.file = file if end is None else Spliced(file, [(0, end)])
    elif form in (AVIF, HEIC):
        n_bytes = file.seek(0, io.SEEK_END)
        if any(end > n_bytes for _, end in picture_spans(file)):
            # Decoders give no part of such a picture, and do not always give this reason.
            raise RefusedPhotoError("the file is truncated")
    elif form is GIF:
        photo.end_is_missing = not has_end(file)


def _lost(photo: Photo) -> float:
    """Returns the part of the picture, from 0 to 1, that zeros replace, if no later step finds it."""
    if photo.form is TIFF:
        return lost_pieces(photo.image, photo.file)
    if photo.file is not photo.given:
        return 0.0
    if photo.scan is not None:
        return lost_between_restarts(photo.file, photo.scan)
    return lost_part(photo.file, photo.form, photo.image.width * photo.image.height)
