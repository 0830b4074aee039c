"""Edits photos as sellers do: each view at random, but always the same for the same photo and view."""

from __future__ import annotations

import hashlib
import io
import math

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

# Read somewhat larger than the network wants, so that a crop keeps detail.
READ_MORE = 8 / 7
VERSION = 2
# Of the photo's edge that must be of one colour for it to be a background, and how far a colour may be off.
_PLAIN, _OFF = 0.6, 24
# Of the photo: what covers more is no background.
_MOST = 0.9


def augmented(pixels: np.ndarray, view: int, side: int) -> np.ndarray:
    """Returns (side, side, 3) uint8: the photo as another seller might show it; the same for the same pixels and view.

    pixels: (height, width, 3) uint8. Cropped to 50-100 % of its area, mirrored, tilted, tinted, darkened or
    brightened, sometimes with a badge, another background where that is plain, or saved again as a coarse JPEG.
    """
    seed = hashlib.blake2b(np.ascontiguousarray(pixels), digest_size=8, salt=view.to_bytes(4, "little")).digest()
    rng = np.random.default_rng(int.from_bytes(seed, "little"))
    photo = Image.fromarray(pixels)
    if rng.random() < 0.25:
        photo = _on_another_background(photo, rng)
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


def _on_another_background(photo: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Puts another colour behind the product, a little lighter above or below, if the edge of the photo is plain."""
    from scipy.ndimage import label

    pixels = np.asarray(photo).astype(np.int16)
    plain = np.median(_edge(pixels), axis=0)
    alike = np.abs(pixels - plain).max(axis=2) <= _OFF
    colour, slope = rng.integers(0, 256, 3), rng.uniform(-30, 30)
    if _edge(alike).mean() < _PLAIN:
        return photo
    parts, _ = label(alike)
    # What is of the same colour inside the product stays.
    outside = np.isin(parts, np.unique(_edge(parts)[_edge(alike)]))
    light = np.linspace(-slope, slope, len(pixels))[:, None, None]
    if outside.mean() > _MOST:
        return photo
    wall = np.broadcast_to(colour + light, pixels.shape).clip(0, 255).astype(np.uint8)
    mask = Image.fromarray((outside * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.7))
    return Image.composite(Image.fromarray(wall), photo, mask)


def _edge(pixels: np.ndarray) -> np.ndarray:
    """Returns the outermost rows and columns, one pixel after the other."""
    return np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])


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
    """Draws a badge into a corner, as shops do."""
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
