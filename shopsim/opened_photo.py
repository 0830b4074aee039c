"""A photo's file with its header read, and nothing decoded yet."""

from __future__ import annotations

import io
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from PIL import ExifTags, Image, UnidentifiedImageError

from shopsim.formats import (
    AVIF,
    FORMAT_NAMES,
    GIF,
    HEIC,
    JPEG,
    PNG,
    START_BYTES,
    TIFF,
    WEBP,
    Format,
    format_of,
    looks_like,
)
from shopsim.gif_end import has_end
from shopsim.heif_items import colour_codes, picture_spans
from shopsim.jpeg_scans import FirstScan, first_scan
from shopsim.made_profiles import coded_profile
from shopsim.png_chunks import Spliced, png_parts
from shopsim.tiff_pieces import lost_pieces
from shopsim.tiff_tags import mended_tiff
from shopsim.tiff_variants import set_right, unknown_variant
from shopsim.unreadable import DECODER_ERRORS, RefusedPhotoError, missing_note, unreadable, why
from shopsim.webp_size import completed, sized_webp
from shopsim.zero_holes import jpeg_end, lost_between_restarts, lost_part

# The size from which Pillow by default refuses to read.
MAX_PIXELS = 178_956_970
TRANSPOSED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# What a WebP that is cut off goes on with.
NOTHING = bytes(1 << 16)

# The header check in `reopen` replaces Pillow's, whose warning from half the limit on cannot be silenced per thread.
Image.MAX_IMAGE_PIXELS = None


@dataclass
class Photo:
    """An opened photo.

    given: its file; file: the same without what a PNG's pixels do not need, or mended; image: Pillow's, not decoded.
    full_size: (width, height); mode: what it had when opened; profile: its ICC colour profile; exif: a PNG's.
    cut_chunk: where a WebP's chunk begins that is cut off and was filled up.
    scan: what stands before a JPEG's first scan, None for any other and where it cannot be told.
    end_is_missing: whether the file ends before its format says so.
    notes: what is damaged in it and was passed over.
    """

    path: Path
    given: BinaryIO
    file: BinaryIO
    form: Format
    image: Image.Image
    full_size: tuple[int, int] = (0, 0)
    mode: str = ""
    profile: bytes | None = None
    exif: bytes = b""
    cut_chunk: int | None = None
    scan: FirstScan | None = None
    end_is_missing: bool = False
    notes: list[str] = field(default_factory=list)
    _drafted: tuple[str, tuple[int, int]] | None = None

    def draft(self, mode: str, size: tuple[int, int]) -> None:
        """Have a JPEG decoded at an eighth, a quarter or half of its size, not below (width, height) `size`."""
        self.image.draft(mode, size)
        self._drafted = mode, size

    def end_with(self, filling: bytes) -> None:
        """Have a WebP that is cut off go on with these bytes."""
        if self.cut_chunk is not None:
            self.file = completed(self.given, self.cut_chunk, filling)

    def orientation(self) -> int:
        """EXIF orientation 1 to 8; 1 (upright) where it is missing or damaged, and where the decoder turns it."""
        if self.form in (TIFF, HEIC):
            return 1
        try:
            # Of the base class, since PNG's own decodes the photo to look behind the pixels.
            orientation = Image.Image.getexif(self.image).get(ExifTags.Base.Orientation, 1)
        except DECODER_ERRORS:
            self.notes.append("its EXIF data is damaged and is not used")
            return 1
        return orientation if orientation in TRANSPOSED else 1

    def reopen(self, drafted: bool = False) -> Image.Image:
        """A new image of the same file, drafted as the first if asked for.

        Raises ShopsimError for one with too many pixels.
        """
        self.file.seek(0)
        image = self._pillows()
        pixels = image.width * image.height
        if pixels > MAX_PIXELS:
            raise unreadable(self.path, f"it has {pixels:,} pixels, and the limit is {MAX_PIXELS:,}")
        if self.form is PNG:
            image.info["exif"] = self.exif
        if self.form is TIFF:
            set_right(image)
        if self.form is JPEG:
            image.info["several scans"] = self.scan is None or self.scan.n_colours != image.layers
        if drafted and self._drafted is not None:
            image.draft(*self._drafted)
        return image

    def _pillows(self) -> Image.Image:
        try:
            return Image.open(self.file, formats=(self.form.pillow,))
        except (UnidentifiedImageError, LookupError) as error:
            reason = unknown_variant(self.file) if self.form is TIFF else ""
            if reason:
                raise RefusedPhotoError(reason) from error
            raise


@contextmanager
def opened(path: Path) -> Iterator[Photo]:
    """The photo with its header read; whatever its reading raises, in the block too, becomes a ShopsimError."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise unreadable(path, "it is not a file")
        if status.st_size == 0:
            raise unreadable(path, "the file is empty")
        # An open file, not its name: Pillow maps named files into memory, and one cut meanwhile would end the process.
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
    if form is PNG:
        parts = png_parts(file)
        photo.file, photo.end_is_missing = Spliced(file, parts.spans), parts.end_is_missing
        photo.profile, photo.exif, photo.notes = parts.profile, parts.exif, parts.notes
    elif form is TIFF:
        mended, note = mended_tiff(file)
        # libtiff maps a file that has a descriptor into memory, and one cut meanwhile would end the process.
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
            # Decoders give no part of such a picture, and not always this reason.
            raise RefusedPhotoError("the file is truncated")
    elif form is GIF:
        photo.end_is_missing = not has_end(file)
    photo.image = photo.reopen()
    if (lost := _lost(photo)) > 0:
        photo.notes.append(missing_note(1 - lost))
    photo.full_size, photo.mode = photo.image.size, photo.image.mode
    if form is not PNG:
        photo.profile = photo.image.info.get("icc_profile") or None
    if form in (AVIF, HEIC) and photo.profile is None and (codes := colour_codes(file)) is not None:
        photo.profile = coded_profile(*codes)
    return photo


def _lost(photo: Photo) -> float:
    """The part of the picture, from 0 to 1, that zeros stand in the place of, as far as that is not found later."""
    if photo.form is TIFF:
        return lost_pieces(photo.image, photo.file)
    if photo.file is not photo.given:
        return 0.0
    if photo.scan is not None:
        return lost_between_restarts(photo.file, photo.scan)
    return lost_part(photo.file, photo.form, photo.image.width * photo.image.height)
