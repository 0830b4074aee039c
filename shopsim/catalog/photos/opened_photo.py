"""Represents a photo's file: its header has been read, and nothing is decoded yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from PIL import ExifTags, Image, UnidentifiedImageError

from shopsim.catalog.photos.formats import HEIC, JPEG, PNG, TIFF, Format
from shopsim.catalog.photos.jpeg_scans import FirstScan
from shopsim.catalog.photos.tiff_variants import set_right, unknown_variant
from shopsim.catalog.photos.unreadable import DECODER_ERRORS, RefusedPhotoError, unreadable
from shopsim.catalog.photos.webp_size import completed

# The size above which Pillow refuses to read by default.
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

# A WebP that is cut off is continued with these bytes.
NOTHING = bytes(1 << 16)

# The header check in `reopen` replaces Pillow's: its warning above half the limit cannot be silenced per thread.
Image.MAX_IMAGE_PIXELS = None


@dataclass
class Photo:
    """Represents a photo whose header has been read.

    given: its file; file: the same, repaired or, for a PNG, without needless chunks; image: Pillow's, not decoded.
    full_size: (width, height); mode: as opened; profile: its ICC colour profile; exif: of a PNG.
    cut_chunk: where the chunk of a WebP begins that is cut off and was filled up.
    scan: the header before a JPEG's first scan, None for any other format and if it cannot be read.
    end_is_missing: whether the file ends before its format says so.
    notes: damaged parts that were skipped.
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
        """Makes a JPEG decode at an eighth, a quarter or half of its size, not below (width, height) `size`."""
        self.image.draft(mode, size)
        self._drafted = mode, size

    def end_with(self, filling: bytes) -> None:
        """Continues a WebP that is cut off with these bytes."""
        if self.cut_chunk is not None:
            self.file = completed(self.given, self.cut_chunk, filling)

    def orientation(self) -> int:
        """Returns the EXIF orientation 1 to 8; 1 (upright) if missing or damaged, or if the decoder turns the photo."""
        if self.form in (TIFF, HEIC):
            return 1
        try:
            # The method of the base class, because PNG's own decodes the photo to look after the pixels.
            orientation = Image.Image.getexif(self.image).get(ExifTags.Base.Orientation, 1)
        except DECODER_ERRORS:
            self.notes.append("its EXIF data is damaged and is not used")
            return 1
        return orientation if orientation in TRANSPOSED else 1

    def reopen(self, drafted: bool = False) -> Image.Image:
        """Opens a new image of the same file, with the first one's draft if asked for.

        Raises ShopsimError if it has too many pixels.
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
