"""Converts a decoded picture of any mode to 8 bits per channel without transparency, band by band.

So a conversion takes only a few MB beyond the picture and its result, however large the photo is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PIL import Image

from shopsim.catalog.photos.grey_numbers import eight_bits, finite, is_numeric, numbers_of

# The number of pixels that are converted at once.
_BAND_PIXELS = 1 << 20
_PLAIN = ("L", "RGB")


def flattened_bytes(image: Image.Image, keep_cmyk: bool) -> int:
    """Returns the bytes that `flattened` takes beyond the decoded image."""
    pixels = image.width * image.height
    if image.has_transparency_data:
        return 4 * pixels
    if image.mode in _PLAIN or (keep_cmyk and image.mode == "CMYK"):
        return 0
    return pixels if image.mode == "1" or is_numeric(image.mode) else 4 * pixels


def flattened(image: Image.Image, keep_cmyk: bool) -> Image.Image:
    """Converts the loaded image to L if it is grey, CMYK if that is kept, else RGB; white behind transparent pixels."""
    if image.has_transparency_data:
        return _in_bands(image, "RGB", over_white)
    if image.mode in _PLAIN or (keep_cmyk and image.mode == "CMYK"):
        return image
    if is_numeric(image.mode):
        highest = max(finite(band).max() for _, band in bands_of(image))
        numbers = numbers_of(image)
        return _in_bands(image, "L", lambda band: Image.fromarray(eight_bits(finite(band), highest, numbers)))
    mode = "L" if image.mode == "1" else "RGB"
    return _in_bands(image, mode, lambda band: band.convert(mode))


def over_white(image: Image.Image) -> Image.Image:
    """Converts a picture with transparency to RGB."""
    above = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", above.size, "white"), above).convert("RGB")


def bands_of(image: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    """Yields (top, band) from the top down; the whole image if it is small."""
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
