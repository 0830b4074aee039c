"""What sellers do to photos, drawn anew for each view but always the same for the same photo and view."""

from __future__ import annotations

import hashlib
import io
import math

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance

# Read somewhat larger than the network wants, so that a crop keeps detail.
READ_MORE = 8 / 7
VERSION = 1


def augmented(pixels: np.ndarray, view: int, side: int) -> np.ndarray:
    """(side, side, 3) uint8: the photo as another seller might show it; the same for the same pixels and view.

    pixels: (height, width, 3) uint8. Cropped to 50-100 % of its area, mirrored, tilted, tinted, darkened or
    brightened, sometimes with a badge, a plain border, or saved again as a coarse JPEG.
    """
    seed = hashlib.blake2b(np.ascontiguousarray(pixels), digest_size=8, salt=view.to_bytes(4, "little")).digest()
    rng = np.random.default_rng(int.from_bytes(seed, "little"))
    photo = Image.fromarray(pixels)
    if rng.random() < 0.3:
        photo = _tilted(photo, rng)
    photo = _cropped(photo, side, rng)
    if rng.random() < 0.5:
        photo = photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    photo = _tinted(photo, rng)
    if rng.random() < 0.15:
        _stamp(photo, rng)
    if rng.random() < 0.2:
        photo = _saved_coarsely(photo, rng)
    return np.asarray(photo)


def _tilted(photo: Image.Image, rng: np.random.Generator) -> Image.Image:
    edge = np.asarray(photo)[0].mean(axis=0)
    return photo.rotate(rng.uniform(-12, 12), Image.Resampling.BILINEAR, fillcolor=tuple(map(int, edge)))


def _cropped(photo: Image.Image, side: int, rng: np.random.Generator) -> Image.Image:
    width, height = photo.size
    share, stretch = rng.uniform(0.5, 1.0), math.exp(rng.uniform(-0.22, 0.22))
    wide = min(1.0, math.sqrt(share * stretch)) * width
    high = min(1.0, math.sqrt(share / stretch)) * height
    left, top = rng.uniform(0, width - wide), rng.uniform(0, height - high)
    box = (left, top, left + wide, top + high)
    return photo.resize((side, side), Image.Resampling.BILINEAR, box=box)


def _tinted(photo: Image.Image, rng: np.random.Generator) -> Image.Image:
    for change in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
        photo = change(photo).enhance(rng.uniform(0.75, 1.25))
    cast = rng.uniform(0.92, 1.08, 3)
    return Image.fromarray((np.asarray(photo) * cast).clip(0, 255).astype(np.uint8))


def _stamp(photo: Image.Image, rng: np.random.Generator) -> None:
    """A badge in a corner, as shops put on photos."""
    side = photo.width
    wide, high = rng.uniform(0.15, 0.4) * side, rng.uniform(0.06, 0.15) * side
    left = rng.choice([0.02 * side, 0.98 * side - wide])
    top = rng.choice([0.02 * side, 0.98 * side - high])
    colour = tuple(int(value) for value in rng.integers(0, 256, 3))
    ImageDraw.Draw(photo).rectangle((left, top, left + wide, top + high), fill=colour)


def _saved_coarsely(photo: Image.Image, rng: np.random.Generator) -> Image.Image:
    data = io.BytesIO()
    photo.save(data, "JPEG", quality=int(rng.integers(25, 70)))
    with Image.open(data) as again:
        return again.convert("RGB")
