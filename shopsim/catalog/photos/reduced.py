"""Reads a photo that is too large for the memory, one band of rows at a time, and reduces each at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import numpy as np
from PIL import Image

from shopsim.catalog.photos.decode_memory import MOST_BYTES, allowance, decoded_bytes, refuse_above
from shopsim.catalog.photos.flatten import bands_of, flattened
from shopsim.catalog.photos.formats import PNG, TIFF
from shopsim.catalog.photos.grey_numbers import Numbers, eight_bits, finite, is_numeric, numbers_of
from shopsim.catalog.photos.opened_photo import TRANSPOSED, Photo
from shopsim.catalog.photos.png_bands import png_bands
from shopsim.catalog.photos.salvage import load_what_is_there
from shopsim.catalog.photos.tiff_bands import tiff_bands

# The averaged picture is still this many times larger than asked for; the last step reduces the rest.
_FINER = 2
# Pillow averages larger fields with a visible error.
_LARGEST_FIELD = 64
# The limit for a band with everything that is computed from it.
_BAND_BYTES = 1 << 28


@dataclass(frozen=True)
class Bands:
    """Describes a photo in bands, from the top down.

    size: (width, height) of the whole photo; n_bytes: bytes that reading one band takes; orientation: for the end.
    """

    bands: Iterator[Image.Image]
    size: tuple[int, int]
    n_bytes: int
    orientation: int = 1


def read_reduced(photo: Photo, size: tuple[int, int], keep_cmyk: bool, needed: int) -> Image.Image:
    """Returns the photo flattened, of (width, height) `size`; decoding it whole would take `needed` bytes.

    It averages equal fields, and then resizes by bicubic interpolation. The difference from bicubic alone is less than
    one level per pixel. Raises RefusedPhotoError if the format cannot be read in parts.
    """
    found = _bands(photo)
    if found is None or prod(size) * 4 * 16 > MOST_BYTES:
        refuse_above(needed)
        raise AssertionError("only what is above the limit is read in bands")
    with allowance.taking(found.n_bytes):
        lying = size[::-1] if found.orientation >= 5 else size
        reducer = _Reducer(found.size, lying)
        for band in found.bands:
            reducer.add(band, keep_cmyk)
        photo.image.close()
    small = reducer.result()
    small = small.resize(lying, Image.Resampling.BICUBIC, box=reducer.box)
    return small.transpose(TRANSPOSED[found.orientation]) if found.orientation in TRANSPOSED else small


def _bands(photo: Photo) -> Bands | None:
    """Returns the photo's bands, None if it cannot be read in parts."""
    needed = decoded_bytes(photo.image, photo.form)
    if needed <= MOST_BYTES:
        # The decoded photo fits; only the conversion of it would be too large.
        return Bands(_decoded(photo), photo.image.size, needed)
    if photo.form is TIFF:
        tiff = tiff_bands(photo.image, photo.file)
        return tiff and Bands(tiff.bands, tiff.size, _BAND_BYTES, tiff.orientation)
    if photo.form is PNG:
        bands = png_bands(photo.image, photo.file)
        return bands and Bands(bands, photo.image.size, _BAND_BYTES)
    return None


def _decoded(photo: Photo) -> Iterator[Image.Image]:
    load_what_is_there(photo)
    for _, band in bands_of(photo.image):
        yield band


class _Reducer:
    """Averages fields of pixels, band after band."""

    def __init__(self, size: tuple[int, int], target: tuple[int, int]) -> None:
        self._size, self._target = size, target
        self._field = self._field_for(size)
        # The last field of a row or column may be narrower than the others.
        self.box = (0.0, 0.0, size[0] / self._field[0], size[1] / self._field[1])
        self._rest: Image.Image | None = None
        self._done: list[Image.Image] = []
        self._highest: np.generic | None = None
        self._numbers = Numbers()
        self._n_rows = 0

    def _field_for(self, size: tuple[int, int]) -> tuple[int, int]:
        """Returns (width, height) of the fields that reduce a picture of this size to about the wanted size."""
        across, down = (whole // (_FINER * wanted) for whole, wanted in zip(size, self._target, strict=True))
        return min(max(1, across), _LARGEST_FIELD), min(max(1, down), _LARGEST_FIELD)

    def add(self, band: Image.Image, keep_cmyk: bool) -> None:
        """Adds the next rows below."""
        if is_numeric(band.mode):
            values = finite(band)
            self._numbers = numbers_of(band)
            self._highest = max(values.max(), self._highest) if self._highest is not None else values.max()
            flat = Image.fromarray(np.maximum(values, 0).astype(np.float32))
        else:
            flat = flattened(band, keep_cmyk)
        self._n_rows += band.height
        if self._rest is not None:
            flat = _stacked([self._rest, flat])
        n_whole = flat.height - flat.height % self._field[1]
        if self._n_rows >= self._size[1]:
            n_whole = flat.height
        if n_whole:
            self._done.append(flat.crop((0, 0, flat.width, n_whole)).reduce(self._field))
        self._rest = flat.crop((0, n_whole, flat.width, flat.height)) if n_whole < flat.height else None

    def result(self) -> Image.Image:
        """Returns the whole reduced picture. Raises EOFError if rows are missing."""
        if self._n_rows < self._size[1]:
            raise EOFError("truncated")
        whole = _stacked(self._done)
        while (field := self._field_for(whole.size)) != (1, 1):
            whole = whole.reduce(field)
            self.box = (0.0, 0.0, self.box[2] / field[0], self.box[3] / field[1])
        if self._highest is None:
            return whole
        return Image.fromarray(eight_bits(np.asarray(whole), self._highest, self._numbers))


def _stacked(images: list[Image.Image]) -> Image.Image:
    whole = Image.new(images[0].mode, (images[0].width, sum(image.height for image in images)))
    top = 0
    for image in images:
        whole.paste(image, (0, top))
        top += image.height
    return whole
