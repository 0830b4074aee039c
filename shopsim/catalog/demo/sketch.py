"""Draws a product from parts, one over the other: each is rounded, grained, lit, and casts a shadow.

Light is separate from colour: for every role (main, trim, metal, ...) the sketch keeps the brightness of each pixel.
So a product in another colour costs one weighted sum instead of a second drawing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image, ImageDraw

from shopsim.catalog.demo.light import Window, blurred, lit
from shopsim.catalog.demo.materials import Material

SIDE = 1000  # pixels of the canvas; photos show it at about half this size, and outlines are drawn at twice it
SCALE = SIDE / 1000
Shape = np.ndarray | Sequence[np.ndarray]  # one closed outline or several
Colours = Mapping[str, tuple[int, int, int]]


class Sketch:
    """Draws parts from back to front on a canvas of 1000 x 1000 units."""

    def __init__(self) -> None:
        self.light: dict[str, np.ndarray] = {}
        self.glare = np.zeros((SIDE, SIDE), np.float32)
        self.alpha = np.zeros((SIDE, SIDE), np.float32)

    def part(
        self,
        outline: Shape,
        role: str,
        material: Material,
        puff: float = 8,
        height: float = 1.0,
        tone: float = 1.0,
        shadow: float = 0.4,
        drop: float = 7,
        clip: np.ndarray | None = None,
        hole: Shape | None = None,
    ) -> None:
        """Adds one part.

        outline: one or several closed shapes. puff: units over which its edge is rounded; height: how much. tone:
        brightness, lower for parts in the dark. shadow, drop: strength and reach of its shadow on the parts below.
        clip: the part shows only inside this shape; hole: and only outside this one.
        """
        window = _window(outline, margin=drop * 2.5 + 4)
        mask = _mask(outline, window)
        if clip is not None:
            mask = mask * _mask(clip, window)
        if hole is not None:
            mask = mask * (1 - _mask(hole, window))
        if shadow:
            self._shade_below(mask, window, shadow, drop * SCALE)
        bright, glare = lit(mask, window, material, puff * SCALE, height)
        self._lay(role, mask, bright * tone, glare * tone, window)

    def groove(self, outline: Shape, depth: float = 0.4, clip: np.ndarray | None = None) -> None:
        """Presses a line into the parts below: dark, with a lit lower lip."""
        window = _window(outline, margin=6)
        mask = _mask(outline, window)
        if clip is not None:
            mask = mask * _mask(clip, window)
        lip = np.roll(mask, (3, 2), (0, 1)) * (1 - mask)
        self._scale((1 - depth * mask) * (1 + 0.28 * depth * lip), window)

    def darken(self, outline: Shape, depth: float, blur: float, clip: np.ndarray | None = None) -> None:
        """Puts soft shade (or, with a negative depth, soft light) over the parts below."""
        window = _window(outline, margin=blur * 2)
        mask = blurred(_mask(outline, window), blur * SCALE)
        if clip is not None:
            mask = mask * _mask(clip, window)
        self._scale(1 - depth * mask, window)

    def coloured(self, colours: Colours) -> Image.Image:
        """Returns the product as an RGBA image, cut to its bounds; a role without a colour raises KeyError."""
        rows, columns = np.nonzero(self.alpha.max(1) > 0.01)[0], np.nonzero(self.alpha.max(0) > 0.01)[0]
        cut = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
        alpha = self.alpha[cut]
        pixels = np.empty((*alpha.shape, 4), np.uint8)
        pixels[..., 3] = alpha * 255 + 0.5
        undo = 1 / np.maximum(alpha, 1e-3)
        for channel in range(3):
            tone = self.glare[cut] * 255
            for role, light in self.light.items():
                tone += colours[role][channel] * light[cut]
            pixels[..., channel] = np.minimum(tone * undo, 255)
        return Image.fromarray(pixels, "RGBA")

    def _scale(self, factor: np.ndarray, window: Window) -> None:
        for layer in (*self.light.values(), self.glare):
            layer[window.slices] *= factor

    def _shade_below(self, mask: np.ndarray, window: Window, strength: float, reach: float) -> None:
        fallen = np.roll(mask, (round(reach * 0.7), round(reach * 0.3)), (0, 1))
        self._scale(1 - strength * blurred(fallen, reach), window)

    def _lay(self, role: str, mask: np.ndarray, bright: np.ndarray, glare: np.ndarray, window: Window) -> None:
        if role not in self.light:
            self.light[role] = np.zeros((SIDE, SIDE), np.float32)
        self._scale(1 - mask, window)
        self.light[role][window.slices] += mask * bright
        self.glare[window.slices] += mask * glare
        alpha = self.alpha[window.slices]
        alpha += mask * (1 - alpha)


def _window(shape: Shape, margin: float) -> Window:
    points = shape if isinstance(shape, np.ndarray) else np.vstack(shape)
    low = np.floor((points.min(0) - margin) * SCALE).astype(int)
    high = np.ceil((points.max(0) + margin) * SCALE).astype(int)
    (left, top), (right, bottom) = np.clip(low, 0, SIDE), np.clip(high, 0, SIDE)
    # The sides are even, because relief is computed at half the resolution.
    return Window(top - top % 2, bottom + bottom % 2, left - left % 2, right + right % 2)


def _mask(shape: Shape, window: Window) -> np.ndarray:
    """Returns the (h, w) float32 coverage 0..1 of the shape, smooth at the edges."""
    fine = 2
    size = (max(window.right - window.left, 2) * fine, max(window.bottom - window.top, 2) * fine)
    image = Image.new("L", size)
    draw = ImageDraw.Draw(image)
    for outline in [shape] if isinstance(shape, np.ndarray) else shape:
        points = (outline * SCALE - [window.left, window.top]) * fine
        draw.polygon([tuple(point) for point in points], fill=255)
    return np.asarray(image.reduce(fine), np.float32) / 255
