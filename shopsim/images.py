"""Reads one photo safely: any supported file becomes upright RGB, and any other a sentence that says why not."""

from __future__ import annotations

import io
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

# Importing the plugins registers them; Pillow alone would import some forty more at the first WebP or TIFF.
from PIL import (
    BmpImagePlugin,
    ExifTags,
    GifImagePlugin,
    Image,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from shopsim.unreadable import DECODER_ERRORS, looks_like, unreadable, why

IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff"})
# The size from which Pillow by default refuses to read.
MAX_PIXELS = 178_956_970

_PLUGINS = (BmpImagePlugin, GifImagePlugin, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)
_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")
_KINDS = "JPEG, PNG, WebP, BMP, GIF, TIFF"
_MAGICS = (b"\xff\xd8\xff", b"\x89PNG", b"BM", b"GIF8", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_TRANSPOSED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# The header check in `_opened` replaces Pillow's, whose warning from half the limit on cannot be silenced per thread.
Image.MAX_IMAGE_PIXELS = None


def read_image(path: Path, size: tuple[int, int] | None = None) -> np.ndarray:
    """The photo as (height, width, 3) uint8 upright RGB, squashed to `size` = (height, width) if given.

    Depends on the file's bytes and `size` only. The first frame of an animation, the first page of a TIFF;
    transparency over white. The content decides, not the suffix: a PNG named `.jpg` is read as the PNG it is, as
    browsers and shops do; content that is none of the supported formats (a web page named `.jpg`) is refused.

    Raises ShopsimError with the reason if the file is gone, unreadable, empty, no image of a supported kind,
    truncated or damaged, or has more than MAX_PIXELS pixels.
    """
    with _opened(path) as image:
        return np.array(_upright(image, size))


def check_image(path: Path) -> None:
    """Nothing for a photo that `read_image` reads, the same ShopsimError for any other.

    Decodes the whole file, so that truncation is found, a JPEG at an eighth of its size and without colour.
    """
    with _opened(path) as image:
        image.draft("L", (1, 1))
        if image.mode in ("L", "RGB"):
            image.load()
        else:
            _upright(image, None)


def thumbnail(path: Path, side: int) -> bytes:
    """A JPEG of the upright photo whose longer side is at most `side` pixels; a smaller photo keeps its size.

    Raises ShopsimError as `read_image` does.
    """
    with _opened(path) as image:
        width, height = image.size[::-1] if _orientation(image) >= 5 else image.size
        scale = min(1.0, side / max(width, height))
        shown = _upright(image, (max(1, round(height * scale)), max(1, round(width * scale))))
        buffer = io.BytesIO()
        shown.save(buffer, "JPEG", quality=85)
        return buffer.getvalue()


def is_blank(pixels: np.ndarray, tolerance: int = 2) -> bool:
    """Whether every pixel of (h, w, 3) uint8 has nearly the same colour: no channel spans more than `tolerance`."""
    # Some of the pixels show most photos not to be blank at a hundredth of the cost.
    for part in (pixels[::16, ::16], pixels):
        if (np.ptp(part.reshape(-1, part.shape[-1]), axis=0) > tolerance).any():
            return False
    return True


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """The photo with its header read; whatever its reading raises, in the block too, becomes a ShopsimError."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise unreadable(path, "it is not a file")
        if status.st_size == 0:
            raise unreadable(path, "the file is empty")
        # An open file, not its name: Pillow maps named files into memory, and one cut meanwhile would end the process.
        with path.open("rb") as file:
            start = file.read(64)
            if not start.startswith(_MAGICS) and start[8:12] != b"WEBP":
                raise unreadable(path, f"its content is {looks_like(start)}, not {_KINDS}")
            with Image.open(file, formats=_FORMATS) as image:
                width, height = image.size
                if width * height > MAX_PIXELS:
                    raise unreadable(path, f"it has {width * height:,} pixels, and the limit is {MAX_PIXELS:,}")
                yield image
    except DECODER_ERRORS as error:
        raise unreadable(path, why(error)) from error


def _upright(image: Image.Image, size: tuple[int, int] | None) -> Image.Image:
    """The opened photo as upright RGB, squashed to (height, width) `size` if given."""
    orientation = _orientation(image)
    if size is not None:
        width_height = size if orientation >= 5 else size[::-1]
        # A JPEG is decoded straight to the smallest of 1, 1/2, 1/4, 1/8 that is still as large as asked for.
        image.draft("RGB", width_height)
    rgb = _rgb(image)
    if size is not None:
        rgb = rgb.resize(width_height, Image.Resampling.BICUBIC)
    return rgb.transpose(_TRANSPOSED[orientation]) if orientation in _TRANSPOSED else rgb


def _orientation(image: Image.Image) -> int:
    """EXIF orientation 1 to 8; 1 (upright) where it is missing or damaged, and for TIFF, which turns itself."""
    if image.format == "TIFF":
        return 1
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    except DECODER_ERRORS:
        return 1
    return orientation if orientation in _TRANSPOSED else 1


def _rgb(image: Image.Image) -> Image.Image:
    """Any mode as 8-bit RGB, over white where the photo is transparent."""
    image.load()
    if image.mode == "F" or image.mode.startswith("I"):
        return Image.fromarray(_eight_bits(np.asarray(image))).convert("RGB")
    if image.has_transparency_data:
        above = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", above.size, "white"), above).convert("RGB")
    return image.convert("RGB")


def _eight_bits(values: np.ndarray) -> np.ndarray:
    """Grey values of a kind Pillow does not scale, as (h, w) uint8.

    White is 65535 in a 16-bit photo. Floats and 32-bit integers come in several customs, so there it is the first of
    1 (floats only), 255 and 65535 that no value exceeds, else the largest value. What is not finite is black.
    """
    values = np.where(np.isfinite(values), values, 0)
    customs = {"u": [65535], "i": [255, 65535], "f": [1, 255, 65535]}[values.dtype.kind]
    highest = values.max()
    white = next((white for white in customs if highest <= white), highest)
    return (np.clip(values / white, 0, 1) * 255 + 0.5).astype(np.uint8)
