"""A decoded picture of any mode as one without transparency and with 8 bits per channel, a band at a time.

What a conversion takes besides the picture and its result is then a few MB, however large the photo is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image

# Pixels that are converted at once.
_BAND_PIXELS = 1 << 20
_PLAIN = ("L", "RGB")
_N_SIXTEEN_BIT = 1 << 16
# What white is in numbers that Pillow does not scale: 65535 in a 16-bit photo. Floats and 32-bit integers come in
# several customs, so there it is the first of 1 (floats only), 255 and 65535 that no value exceeds, else the largest.
_WHITES = {"u": [65535], "i": [255, 65535], "f": [1, 255, 65535]}


def flattened_bytes(image: Image.Image, keep_cmyk: bool) -> int:
    """What `flattened` takes besides the decoded image."""
    pixels = image.width * image.height
    if image.has_transparency_data:
        return 4 * pixels
    if image.mode in _PLAIN or (keep_cmyk and image.mode == "CMYK"):
        return 0
    return pixels if image.mode == "1" or is_numeric(image.mode) else 4 * pixels


def is_numeric(mode: str) -> bool:
    """Whether pixels are grey values that Pillow does not scale to 8 bits."""
    return mode == "F" or mode.startswith("I")


def flattened(image: Image.Image, keep_cmyk: bool) -> Image.Image:
    """The loaded image as L where it is grey, CMYK if that is to be kept, else RGB; over white where transparent."""
    if image.has_transparency_data:
        return _in_bands(image, "RGB", over_white)
    if image.mode in _PLAIN or (keep_cmyk and image.mode == "CMYK"):
        return image
    if is_numeric(image.mode):
        highest = max(finite(band).max() for _, band in bands_of(image))
        return _in_bands(image, "L", lambda band: Image.fromarray(eight_bits(finite(band), highest)))
    mode = "L" if image.mode == "1" else "RGB"
    return _in_bands(image, mode, lambda band: band.convert(mode))


def over_white(image: Image.Image) -> Image.Image:
    """A picture with transparency as RGB."""
    above = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", above.size, "white"), above).convert("RGB")


def finite(image: Image.Image) -> np.ndarray:
    """(h, w) values of a numeric mode; what is not finite is black."""
    values = np.asarray(image)
    return np.where(np.isfinite(values), values, 0)


def eight_bits(values: np.ndarray, highest: np.generic, kind: str = "") -> np.ndarray:
    """(h, w) grey values of a photo whose largest is `highest`, as (h, w) uint8.

    kind: of the photo's numbers (u, i or f, as NumPy says), where they have been averaged since.
    """
    if values.dtype == np.uint16 and values.size > _N_SIXTEEN_BIT:
        # Each value is worked out once: a tenth of the time.
        return eight_bits(np.arange(_N_SIXTEEN_BIT, dtype=np.uint16), highest)[values]
    white = next((white for white in _WHITES[kind or values.dtype.kind] if highest <= white), highest)
    return (np.clip(values / white, 0, 1) * 255 + 0.5).astype(np.uint8)


def bands_of(image: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    """(top, band) from the top down; the whole image if it is small."""
    rows = max(1, _BAND_PIXELS // max(1, image.width))
    if rows >= image.height:
        yield 0, image
        return
    for top in range(0, image.height, rows):
        yield top, image.crop((0, top, image.width, min(top + rows, image.height)))


def _in_bands(image: Image.Image, mode: str, convert: Callable[[Image.Image], Image.Image]) -> Image.Image:
    whole: Image.Image | None = None
    for top, band in bands_of(image):
        converted = convert(band)
        if band.size == image.size:
            return converted
        whole = whole or Image.new(mode, image.size)
        whole.paste(converted, (0, top))
    if whole is None:
        raise ValueError("the image has no pixels")
    return whole
