"""A product under the lamp: parts laid one over the other, each rounded, grained, lit and casting a shadow.

Light is kept apart from colour: for every role (main, trim, metal, ...) the sketch holds how brightly it is lit at
each pixel, so that a product in another colour costs one weighted sum instead of a second drawing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from shopsim.drawing.materials import TILE, Material, relief

SIDE = 1000  # pixels of the canvas; photos show products at half this size or less
SCALE = SIDE / 1000
Shape = np.ndarray | Sequence[np.ndarray]  # one closed outline or several
Colours = Mapping[str, tuple[int, int, int]]

# Directions (right, down, towards the camera). Plain floats, since NumPy's would widen float32 arrays.
_LAMP = (-0.40, -0.60, 0.69)
_HALF = (-0.217, -0.326, 0.919)  # midway between the lamp and the camera: where highlights sit
_WINDOW = (0.52, -0.20, 0.83)  # a second, softer highlight from the right
# What polished metal mirrors from floor (0) to ceiling (1).
_MIRRORED = (
    np.array([0, 0.2, 0.38, 0.46, 0.55, 0.72, 0.86, 1]),
    np.array([0.5, 0.3, 0.75, 1.2, 0.85, 0.55, 1.25, 1.0]),
)


@dataclass(frozen=True)
class _Window:
    """Pixels of the canvas that a part touches."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def slices(self) -> tuple[slice, slice]:
        return slice(self.top, self.bottom), slice(self.left, self.right)


class Sketch:
    """A canvas of 1000 x 1000 units on which parts are laid from back to front."""

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
        """Lay one part.

        outline: one or several closed shapes. puff: units over which it rounds off towards its edge; height: how
        much. tone: brightness, for what lies in the dark. shadow, drop: strength and reach of the shadow it casts
        on the parts below. clip: shown only inside this shape; hole: and outside this one.
        """
        window = _window(outline, margin=drop * 2.5 + 4)
        mask = _mask(outline, window)
        if clip is not None:
            mask = mask * _mask(clip, window)
        if hole is not None:
            mask = mask * (1 - _mask(hole, window))
        if shadow:
            self._shade_below(mask, window, shadow, drop * SCALE)
        bright, glare = _lit(mask, window, material, puff * SCALE, height)
        self._lay(role, mask, bright * tone, glare * tone, window)

    def groove(self, outline: Shape, depth: float = 0.4, clip: np.ndarray | None = None) -> None:
        """Press a line into what is there: dark, with a lit lower lip."""
        window = _window(outline, margin=6)
        mask = _mask(outline, window)
        if clip is not None:
            mask = mask * _mask(clip, window)
        lip = np.roll(mask, (3, 2), (0, 1)) * (1 - mask)
        self._scale((1 - depth * mask) * (1 + 0.28 * depth * lip), window)

    def darken(self, outline: Shape, depth: float, blur: float, clip: np.ndarray | None = None) -> None:
        """Lay soft shade (or, with a negative depth, soft light) over what is there."""
        window = _window(outline, margin=blur * 2)
        mask = _blurred(_mask(outline, window), blur * SCALE)
        if clip is not None:
            mask = mask * _mask(clip, window)
        self._scale(1 - depth * mask, window)

    def coloured(self, colours: Colours) -> Image.Image:
        """The product as an RGBA image, cut to its bounds; a role without a colour raises KeyError."""
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

    def _scale(self, factor: np.ndarray, window: _Window) -> None:
        for layer in (*self.light.values(), self.glare):
            layer[window.slices] *= factor

    def _shade_below(self, mask: np.ndarray, window: _Window, strength: float, reach: float) -> None:
        fallen = np.roll(mask, (round(reach * 0.7), round(reach * 0.3)), (0, 1))
        self._scale(1 - strength * _blurred(fallen, reach), window)

    def _lay(self, role: str, mask: np.ndarray, bright: np.ndarray, glare: np.ndarray, window: _Window) -> None:
        if role not in self.light:
            self.light[role] = np.zeros((SIDE, SIDE), np.float32)
        self._scale(1 - mask, window)
        self.light[role][window.slices] += mask * bright
        self.glare[window.slices] += mask * glare
        alpha = self.alpha[window.slices]
        alpha += mask * (1 - alpha)


def _window(shape: Shape, margin: float) -> _Window:
    points = shape if isinstance(shape, np.ndarray) else np.vstack(shape)
    low = np.floor((points.min(0) - margin) * SCALE).astype(int)
    high = np.ceil((points.max(0) + margin) * SCALE).astype(int)
    (left, top), (right, bottom) = np.clip(low, 0, SIDE), np.clip(high, 0, SIDE)
    # Even sides, since relief is computed at half the resolution.
    return _Window(top - top % 2, bottom + bottom % 2, left - left % 2, right + right % 2)


def _mask(shape: Shape, window: _Window) -> np.ndarray:
    """(h, w) float32 coverage 0..1 of the shape, smooth at the edges."""
    fine = 2
    size = (max(window.right - window.left, 2) * fine, max(window.bottom - window.top, 2) * fine)
    image = Image.new("L", size)
    draw = ImageDraw.Draw(image)
    for outline in [shape] if isinstance(shape, np.ndarray) else shape:
        points = (outline * SCALE - [window.left, window.top]) * fine
        draw.polygon([tuple(point) for point in points], fill=255)
    return np.asarray(image.reduce(fine), np.float32) / 255


def _blurred(field: np.ndarray, radius: float) -> np.ndarray:
    size = max(round(radius), 1)
    return _smooth(_smooth(field, size), size)


def _smooth(field: np.ndarray, size: int) -> np.ndarray:
    from scipy.ndimage import uniform_filter  # here, since whoever only lists the demo's models needs no SciPy

    return uniform_filter(field, size, mode="constant")


def _slopes(mask: np.ndarray, puff: float, height: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Slopes (across, down) of the rounded part, and how far in from its edge a pixel lies, 0..1."""
    half = mask.reshape(mask.shape[0] // 2, 2, mask.shape[1] // 2, 2).mean((1, 3))
    hill = np.zeros_like(half)
    depth = half
    for reach, share in ((puff / 2, 0.62), (max(puff / 8, 2.0), 0.38)):
        size = max(round(reach), 2)
        depth = _smooth(_smooth(_smooth(half, size), size), size)
        # At a straight edge the blurred mask is 0.5, at a round corner less; none of it may fall flat.
        inside = np.clip((depth - 0.27) / 0.73, 0, 1)
        hill += share * reach * np.sqrt(inside * (2 - inside) + 0.02)
    hill = _smooth(hill, 3) * height
    down, across = np.gradient(hill)
    size = (mask.shape[1], mask.shape[0])
    fields = [
        np.asarray(Image.fromarray(f.astype(np.float32)).resize(size, Image.Resampling.BILINEAR))
        for f in (across, down, depth)
    ]
    return fields[0], fields[1], np.clip(2 * fields[2] - 1, 0, 1)


def _lit(
    mask: np.ndarray, window: _Window, material: Material, puff: float, height: float
) -> tuple[np.ndarray, np.ndarray]:
    """(h, w) brightness, 1 where flat and towards the camera, and (h, w) white highlights."""
    across, down, inside = _slopes(mask, puff, height)
    if material.depth:
        grain = [_tiled(field, window) * material.depth * 0.3 for field in relief(material.relief)]
        across, down = across + grain[0], down + grain[1]
    z = 1 / np.sqrt(1 + across**2 + down**2)
    x, y = -across * z, -down * z
    if material.metal:
        up = np.clip(0.5 - 0.5 * y - 0.18 * x, 0, 1)
        bright = np.interp(up, *_MIRRORED).astype(np.float32)
        return bright, 0.5 * _facing(x, y, z, _HALF) ** material.sharpness
    lamp = _facing(x, y, z, _LAMP) / _LAMP[2]
    bright = (0.50 + 0.50 * lamp - 0.12 * y) * (0.82 + 0.18 * inside)
    lamp_glare = _facing(x, y, z, _HALF) ** material.sharpness
    window_glare = _facing(x, y, z, _WINDOW) ** (material.sharpness * 2)
    return bright, material.gloss * (0.8 * lamp_glare + 0.35 * window_glare)


def _facing(x: np.ndarray, y: np.ndarray, z: np.ndarray, towards: tuple[float, float, float]) -> np.ndarray:
    return np.maximum(x * towards[0] + y * towards[1] + z * towards[2], 0)


def _tiled(field: np.ndarray, window: _Window) -> np.ndarray:
    rows = np.arange(window.top, window.bottom) % TILE
    columns = np.arange(window.left, window.right) % TILE
    return field[rows[:, None], columns[None]]
