"""Reads one photo safely. A supported file becomes upright RGB, and any other raises a sentence with the reason."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from shopsim.catalog.photos.colour_profiles import DAMAGED_PROFILE, profile_mode, to_srgb
from shopsim.catalog.photos.decode_memory import MOST_BYTES, allowance, decoded_bytes, refuse_above
from shopsim.catalog.photos.flatten import flattened, flattened_bytes
from shopsim.catalog.photos.opened_photo import TRANSPOSED, Photo
from shopsim.catalog.photos.opening import opened
from shopsim.catalog.photos.reduced import read_reduced
from shopsim.catalog.photos.salvage import load_what_is_there

# Raise this number if the same file gives other pixels than before: rows and pictures are then computed again.
READING = 2

# A photo that is too large for the memory is checked by reducing it to this size.
_CHECKED_SIZE = (64, 64)


def read_image(path: Path, size: tuple[int, int] | None = None) -> np.ndarray:
    """Reads the photo as (height, width, 3) uint8 upright sRGB, resized to `size` = (height, width) if given.

    The result depends only on the file's bytes and `size`. It is the first frame of an animation, the first page of a
    TIFF, the main picture of a HEIC. White is put behind transparent pixels. The ICC profile gives the colours, else
    the colour chunks of a PNG or the code points of a HEIC or AVIF. HDR (PQ, HLG) is taken as sRGB.
    The content decides, not the suffix. A PNG named `.jpg` is read as PNG, as browsers and shops do. Content in no
    supported format (a web page named `.jpg`) is refused.

    Raises ShopsimError with the reason if the file is gone, unreadable, empty or not a supported image. The same if
    too much of it is missing or damaged, it has more than MAX_PIXELS pixels, or it needs too much memory.
    """
    with opened(path) as photo:
        if size is None:
            # The whole picture is asked for, so reducing it would gain nothing.
            refuse_above(2 * decoded_bytes(photo.image, photo.form))
        return np.array(_upright(photo, size))


def check_image(path: Path) -> str:
    """Says what is damaged in a photo that `read_image` can still read, '' if nothing is.

    It decodes the whole file to find truncation; a JPEG is decoded at an eighth of its size and without colour.
    Raises the ShopsimError of `read_image` for any other photo.
    """
    with opened(path) as photo:
        photo.orientation()
        photo.draft("L", (1, 1))
        _pixels(photo, None)
        _profile_of(photo)
        return "; ".join(dict.fromkeys(photo.notes))


def thumbnail(path: Path, side: int) -> bytes:
    """Returns the JPEG of `read_thumbnail`. Raises ShopsimError as `read_image` does."""
    buffer = io.BytesIO()
    read_thumbnail(path, side).save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def read_thumbnail(path: Path, side: int) -> Image.Image:
    """Returns the upright photo. Its longer side has at most `side` pixels; a smaller photo keeps its size.

    Raises ShopsimError as `read_image` does.
    """
    with opened(path) as photo:
        width, height = photo.image.size[::-1] if photo.orientation() >= 5 else photo.image.size
        scale = min(1.0, side / max(width, height))
        return _upright(photo, (max(1, round(height * scale)), max(1, round(width * scale))))


def is_blank(pixels: np.ndarray, tolerance: int = 2) -> bool:
    """Says whether all pixels of (h, w, 3) uint8 have nearly one colour: no channel spans more than `tolerance`."""
    # For most photos, some of the pixels are enough to see that it is not blank, at a hundredth of the cost.
    for part in (pixels[::16, ::16], pixels):
        if (np.ptp(part.reshape(-1, part.shape[-1]), axis=0) > tolerance).any():
            return False
    return True


def _upright(photo: Photo, size: tuple[int, int] | None) -> Image.Image:
    """Converts the opened photo to upright sRGB, resized to (height, width) `size` if given."""
    orientation = photo.orientation()
    width_height = None
    if size is not None:
        width_height = size if orientation >= 5 else size[::-1]
        # A JPEG is decoded directly at 1, 1/2, 1/4 or 1/8: the smallest that is still as large as asked for.
        photo.draft("RGB", width_height)
    pixels = _pixels(photo, width_height)
    # The small picture is converted, not the large one: this is cheap, and the same but for rounding.
    profile = _profile_of(photo)
    rgb = pixels.convert("RGB") if profile is None else _as_srgb(pixels, profile)
    return rgb.transpose(TRANSPOSED[orientation]) if orientation in TRANSPOSED else rgb


def _pixels(photo: Photo, size: tuple[int, int] | None) -> Image.Image:
    """Decodes and flattens the photo, not turned yet, of (width, height) `size` if given; reserves memory before."""
    keep_cmyk = photo.image.mode == "CMYK" and _profile_of(photo) is not None
    needed = decoded_bytes(photo.image, photo.form) + flattened_bytes(photo.image, keep_cmyk)
    if size is not None:
        # Pillow squeezes the width first.
        needed += 4 * size[0] * (photo.image.height + size[1])
    if needed > MOST_BYTES:
        return read_reduced(photo, size or _CHECKED_SIZE, keep_cmyk, needed)
    with allowance.taking(needed):
        load_what_is_there(photo)
        flat = flattened(photo.image, keep_cmyk)
        if size is not None:
            flat = flat.resize(size, Image.Resampling.BICUBIC)
        if flat is not photo.image:
            photo.image.close()
        return flat


def _profile_of(photo: Photo) -> bytes | None:
    """Returns the photo's colour profile, None if it has none that fits its pixels."""
    if photo.profile is not None:
        mode = profile_mode(photo.profile)
        if mode is None:
            photo.notes.append(DAMAGED_PROFILE)
        # Lab is already sRGB here, and an ink profile does not fit pixels that are not CMYK.
        if not mode or photo.mode == "LAB" or (mode == "CMYK" and photo.mode != "CMYK"):
            photo.profile = None
    return photo.profile


def _as_srgb(pixels: Image.Image, profile: bytes) -> Image.Image:
    mode = profile_mode(profile)
    return to_srgb(pixels if pixels.mode == mode else pixels.convert("RGB").convert(mode), profile)
