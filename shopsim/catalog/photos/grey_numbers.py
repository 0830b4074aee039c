"""Scales grey values to 8 bits where Pillow does not, and finds the value of white."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

_N_SIXTEEN_BIT = 1 << 16
# The values that white may have: 65535 in a 16-bit photo. Programs differ for floats and 32-bit integers. There it is
# the first of 1 (floats only), 255 and 65535 that no value exceeds, else the largest value.
_WHITES = {"uint16": (65535,), "int32": (255, 65535), "uint32": (255, 65535), "float32": (1, 255, 65535)}
_KEY = "shopsim numbers"


@dataclass(frozen=True)
class Numbers:
    """Describes the meaning of a photo's grey values.

    kind: NumPy's name of the kind of number, "" as Pillow has it. white: the value of white, None if only the values
    show it. white_is_zero: whether 0 means white, and `white` means black.
    """

    kind: str = ""
    white: int | None = None
    white_is_zero: bool = False


def set_numbers(image: Image.Image, numbers: Numbers) -> None:
    """Attaches the meaning of the values to an opened image; its bands and copies keep it."""
    image.info[_KEY] = numbers


def numbers_of(image: Image.Image) -> Numbers:
    """Returns the meaning of the values of an image."""
    return image.info.get(_KEY, Numbers())


def is_numeric(mode: str) -> bool:
    """Says whether pixels of this mode are grey values that Pillow does not scale to 8 bits."""
    return mode == "F" or mode.startswith("I")


def finite(image: Image.Image) -> np.ndarray:
    """Returns the (h, w) values of a numeric mode; values that are not finite become black."""
    values = np.asarray(image)
    kind = numbers_of(image).kind
    if kind:
        # Pillow has no mode for these kinds, but keeps every bit.
        values = values.view(kind)
    return np.where(np.isfinite(values), values, 0) if values.dtype.kind == "f" else values


def eight_bits(values: np.ndarray, highest: np.generic, numbers: Numbers) -> np.ndarray:
    """Scales the (h, w) grey values of a photo to (h, w) uint8; its largest value is `highest`.

    values: of the type of `highest`, or averages of such values.
    """
    if values.dtype == np.uint16 and values.size > _N_SIXTEEN_BIT:
        # Each possible value is computed once, which takes a tenth of the time.
        return eight_bits(np.arange(_N_SIXTEEN_BIT, dtype=np.uint16), highest, numbers)[values]
    # The byte order is not part of the name.
    whites = (numbers.white,) if numbers.white else _WHITES[highest.dtype.newbyteorder("=").name]
    white = next((white for white in whites if highest <= white), highest)
    scaled = (np.clip(values / white, 0, 1) * 255 + 0.5).astype(np.uint8)
    return 255 - scaled if numbers.white_is_zero else scaled
