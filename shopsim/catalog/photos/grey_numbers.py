"""Grey values that Pillow does not scale to 8 bits: what white is among them, and what they are as 8 bits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

_N_SIXTEEN_BIT = 1 << 16
# What white is: 65535 in a 16-bit photo. Floats and 32-bit integers come in several customs, so there it is the first
# of 1 (floats only), 255 and 65535 that no value exceeds, else the largest.
_WHITES = {"uint16": (65535,), "int32": (255, 65535), "uint32": (255, 65535), "float32": (1, 255, 65535)}
_KEY = "shopsim numbers"


@dataclass(frozen=True)
class Numbers:
    """How the grey values of a photo are meant.

    kind: of number, as NumPy calls it, "" as Pillow has it; white: the value of white, None where only the values
    tell; white_is_zero: whether 0 is white, and white black.
    """

    kind: str = ""
    white: int | None = None
    white_is_zero: bool = False


def set_numbers(image: Image.Image, numbers: Numbers) -> None:
    """Note how the values of an opened image are meant; its bands and copies keep that."""
    image.info[_KEY] = numbers


def numbers_of(image: Image.Image) -> Numbers:
    """How the values of an image are meant."""
    return image.info.get(_KEY, Numbers())


def is_numeric(mode: str) -> bool:
    """Whether pixels are grey values that Pillow does not scale to 8 bits."""
    return mode == "F" or mode.startswith("I")


def finite(image: Image.Image) -> np.ndarray:
    """(h, w) values of a numeric mode; what is not finite is black."""
    values = np.asarray(image)
    kind = numbers_of(image).kind
    if kind:
        # Pillow has no mode for them, but keeps every bit.
        values = values.view(kind)
    return np.where(np.isfinite(values), values, 0) if values.dtype.kind == "f" else values


def eight_bits(values: np.ndarray, highest: np.generic, numbers: Numbers) -> np.ndarray:
    """(h, w) grey values of a photo whose largest is `highest`, as (h, w) uint8.

    values: of the type of `highest`, or averages of such.
    """
    if values.dtype == np.uint16 and values.size > _N_SIXTEEN_BIT:
        # Each value is worked out once: a tenth of the time.
        return eight_bits(np.arange(_N_SIXTEEN_BIT, dtype=np.uint16), highest, numbers)[values]
    # The byte order is no part of the name.
    whites = (numbers.white,) if numbers.white else _WHITES[highest.dtype.newbyteorder("=").name]
    white = next((white for white in whites if highest <= white), highest)
    scaled = (np.clip(values / white, 0, 1) * 255 + 0.5).astype(np.uint8)
    return 255 - scaled if numbers.white_is_zero else scaled
