"""Puts a product into a picture: its place, its rotation, and its shadow."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter


def placed(product: Image.Image, size: tuple[int, int], corners: np.ndarray, mirror: bool) -> Image.Image:
    """Returns the product, given as RGBa, as an RGBA layer of the photo's size.

    corners: (4, 2) pixels of the photo for its upper left, upper right, lower right and lower left corner.
    """
    if mirror:
        product = product.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    width = max(np.linalg.norm(corners[1] - corners[0]), np.linalg.norm(corners[2] - corners[3]))
    height = max(np.linalg.norm(corners[3] - corners[0]), np.linalg.norm(corners[2] - corners[1]))
    # Reduced with a proper filter first, to a little more than the needed size: a transform only looks at four pixels.
    w, h = max(round(width * 1.15), 8), max(round(height * 1.15), 8)
    small = product.resize((w, h), Image.Resampling.BOX)
    source = np.array([(0, 0), (w, 0), (w, h), (0, h)], float)
    low = np.maximum(np.floor(corners.min(0)), 0).astype(int)
    high = np.minimum(np.ceil(corners.max(0)), size).astype(int)
    shape = _homography(corners - low, source)
    layer = Image.new("RGBA", size)
    window = (int(high[0] - low[0]), int(high[1] - low[1]))
    moved = small.transform(window, Image.Transform.PERSPECTIVE, shape, Image.Resampling.BILINEAR)
    layer.paste(moved.convert("RGBA"), (int(low[0]), int(low[1])))
    return layer


def _homography(start: np.ndarray, end: np.ndarray) -> list[float]:
    """Returns the eight coefficients that map the four points `start` to `end`."""
    rows, values = [], []
    for (x, y), (u, v) in zip(start, end, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return list(np.linalg.solve(np.array(rows), np.array(values)))


def turned(centre: tuple[float, float], width: float, height: float, tilt: float, jitter: np.ndarray) -> np.ndarray:
    """Returns (4, 2) corners of a rectangle turned by `tilt` radians; each is moved a little, for perspective."""
    half = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) / 2 + jitter
    turn = np.array([[np.cos(tilt), np.sin(tilt)], [-np.sin(tilt), np.cos(tilt)]])
    return (half * [width, height]) @ turn + centre


def lying_shadow(layer: Image.Image, reach: float, strength: float) -> Image.Image:
    """Returns the L shade of a product that lies on the surface: its outline, moved and softened, twice."""
    outline = layer.getchannel("A").reduce(4)
    shade = Image.new("L", outline.size)
    for share, weight in ((1.0, 0.6), (0.3, 0.6)):
        moved = Image.new("L", outline.size)
        moved.paste(outline, (round(reach * share / 4 * 0.6), round(reach * share / 4)))
        soft = moved.filter(ImageFilter.GaussianBlur(max(reach * share / 4, 0.6)))
        shade = Image.fromarray(np.maximum(shade, np.asarray(soft) * weight).astype(np.uint8))
    return shade.point(lambda a: a * strength).resize(layer.size, Image.Resampling.BILINEAR)


def standing_shadow(layer: Image.Image, side: float, strength: float) -> Image.Image:
    """Returns the L shade of a standing product: a dark line at the ground, and its outline laid flat behind it."""
    outline = layer.getchannel("A").reduce(4)
    bounds = outline.getbbox()
    if bounds is None:
        return Image.new("L", layer.size)
    left, top, right, bottom = bounds
    width, height = right - left, bottom - top
    figure = outline.crop(bounds)
    shade = Image.new("L", outline.size)
    for flat, blur, weight, lean in ((0.24, 5.0, 0.34, side), (0.10, 2.4, 0.5, side * 0.3), (0.045, 0.9, 0.75, 0.0)):
        tall = max(round(height * flat), 2)
        # Only the lower half is near the ground; a handle casts no shadow there.
        fallen = figure.crop((0, height // 2, width, height)).resize((width, tall))
        moved = Image.new("L", outline.size)
        moved.paste(fallen, (left + round(lean * height * flat), bottom - round(tall * 0.7)))
        soft = moved.filter(ImageFilter.GaussianBlur(blur * width / 110))
        shade = Image.fromarray(np.maximum(shade, np.asarray(soft) * weight).astype(np.uint8))
    return shade.point(lambda a: a * strength).resize(layer.size, Image.Resampling.BILINEAR)
