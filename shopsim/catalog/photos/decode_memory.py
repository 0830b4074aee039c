"""Computes the bytes that decoding a photo will take, and limits how many are taken at once."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from PIL import ExifTags, Image

from shopsim.base.work.free_memory import free_memory, size_text
from shopsim.catalog.photos.decode_slots import LONGEST_WAIT_S, others_hold_slots, slots_held
from shopsim.catalog.photos.formats import AVIF, HEIC, JPEG, TIFF, WEBP, Format
from shopsim.catalog.photos.unreadable import RefusedPhotoError

# The limit for one photo. RGB takes 4 bytes per pixel in Pillow, so 134 million pixels fit.
MOST_BYTES = 1 << 29
# All decoders of all processes together may take this share of the memory that was free before they began.
_SHARE = 0.5
# Asking the system takes 0.1 ms, as long as decoding a small photo.
_ASK_EVERY_S = 1.0
# Bytes per pixel that Pillow keeps; 4 for any other mode.
_STORED = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16L": 2, "I;16B": 2, "I;16N": 2}
# Bytes per pixel of decoders that keep copies of the whole picture, as measured by bench_decode_memory.py.
_WHOLE = {WEBP: 17, AVIF: 16, HEIC: 16}
_HEIC_420 = 10
_BITS, _COMPRESSION, _ROWS_PER_STRIP, _TILE_WIDTH, _TILE_LENGTH = 258, 259, 278, 322, 323


def stored_bytes(image: Image.Image) -> int:
    """Returns the bytes that the pixels of a decoded image take in memory."""
    return image.width * image.height * _STORED.get(image.mode, 4)


def decoded_bytes(image: Image.Image, form: Format) -> int:
    """Returns the most bytes that decoding an opened image takes, before any conversion."""
    pixels = image.width * image.height
    if form is JPEG:
        return stored_bytes(image) + _coefficients(image)
    if form is TIFF:
        turned = image.getexif().get(ExifTags.Base.Orientation, 1) != 1
        return stored_bytes(image) * (2 if turned else 1) + _largest_piece(image) + _packed_bytes(image)
    if form is HEIC and image.info.get("chroma") == 420:
        return pixels * _HEIC_420
    return max(stored_bytes(image), pixels * _WHOLE.get(form, 0))


def refuse_above(needed: int, most: int = MOST_BYTES) -> None:
    """Raises RefusedPhotoError for a photo that needs more than one photo may take."""
    if needed > most:
        raise RefusedPhotoError(f"it needs {size_text(needed)} to decode, and at most {size_text(most)} is allowed")


class Allowance:
    """Limits the bytes that all decoders take at once, in this process and in others that use its cache.

    A decoder that needs more than is free waits until others are done.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._taken = 0
        self._most: int | None = None
        self._asked = -_ASK_EVERY_S

    @contextmanager
    def taking(self, n_bytes: int) -> Iterator[None]:
        """Takes so many bytes within the block. Raises RefusedPhotoError if all decoders together may not take them."""
        deadline = time.monotonic() + LONGEST_WAIT_S
        with self._changed:
            while not self._fits(n_bytes, deadline):
                # No signal arrives when another process ends with its photo.
                self._changed.wait(None if self._taken else _ASK_EVERY_S)
            self._taken += n_bytes
            most = self._most
        try:
            with nullcontext() if most is None else slots_held(n_bytes, most):
                yield
        finally:
            with self._changed:
                self._taken -= n_bytes
                self._changed.notify_all()

    def _fits(self, n_bytes: int, deadline: float) -> bool:
        """Says whether the bytes fit beside those that are taken. The free memory is asked for while none are taken."""
        if not self._taken and time.monotonic() > self._asked + _ASK_EVERY_S:
            self._ask()
        if self._has_room(n_bytes):
            return True
        if self._taken or (time.monotonic() <= deadline and others_hold_slots()):
            return False
        # Another process may have ended since.
        self._ask()
        if self._has_room(n_bytes):
            return True
        raise RefusedPhotoError(
            f"it needs {size_text(n_bytes)} to decode, and {size_text(self._most or 0)} may be taken now", passes=True
        )

    def _ask(self) -> None:
        free = free_memory()
        self._most = None if free is None else int(free * _SHARE)
        self._asked = time.monotonic()

    def _has_room(self, n_bytes: int) -> bool:
        return self._most is None or self._taken + n_bytes <= self._most


allowance = Allowance()


def _coefficients(image: Image.Image) -> int:
    """Returns the bytes that a JPEG in several scans takes beyond its pixels: 2 per coefficient, at any scale."""
    if not image.info.get("progressive") and not image.info.get("several scans"):
        return 0
    scale = image.decoderconfig[0] if image.decoderconfig else 1
    layers = [(across, down) for _, across, down, _ in image.layer]
    finest = max((across for across, _ in layers), default=1) * max((down for _, down in layers), default=1)
    samples = sum(across * down for across, down in layers) / max(1, finest)
    return int(2 * samples * (image.width * scale + 32) * (image.height * scale + 32))


def _packed_bytes(image: Image.Image) -> int:
    """Returns the bytes of a compressed TIFF as a file: its decoder gets all of it at once."""
    return 0 if image.tag_v2.get(_COMPRESSION, 1) == 1 else image.fp.seek(0, io.SEEK_END)


def _largest_piece(image: Image.Image) -> int:
    """Returns the bytes that the decoder of a TIFF takes for one strip or tile."""
    tags = image.tag_v2
    if tags.get(_COMPRESSION, 1) == 1:
        return 0
    width = tags.get(_TILE_WIDTH, image.width)
    rows = tags.get(_TILE_LENGTH, min(tags.get(_ROWS_PER_STRIP, image.height), image.height))
    return width * rows * -(-sum(tags.get(_BITS, (1,))) // 8)
