"""Lights a part: its edge is rounded, its grain shows, and a lamp and a window shine on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from shopsim.catalog.demo.materials import TILE, Material, relief

# Directions (right, down, towards the camera). They are plain floats, because NumPy's would widen float32 arrays.
_LAMP = (-0.40, -0.60, 0.69)
_HALF = (-0.217, -0.326, 0.919)  # midway between the lamp and the camera: the direction of highlights
_WINDOW = (0.52, -0.20, 0.83)  # a second, softer highlight from the right
# The brightness that polished metal mirrors, from floor (0) to ceiling (1).
_MIRRORED = (
    np.array([0, 0.2, 0.38, 0.46, 0.55, 0.72, 0.86, 1]),
    np.array([0.5, 0.3, 0.75, 1.2, 0.85, 0.55, 1.25, 1.0]),
)


@dataclass(frozen=True)
class Window:
    """Bounds the part of the canvas that a product's part touches, in pixels."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def slices(self) -> tuple[slice, slice]:
        return slice(self.top, self.bottom), slice(self.left, self.right)


def blurred(field: np.ndarray, radius: float) -> np.ndarray:
    """Softens the edges of the field over about `radius` pixels."""
    size = max(round(radius), 1)
    return _smooth(_smooth(field, size), size)


def _smooth(field: np.ndarray, size: int) -> np.ndarray:
    from scipy.ndimage import uniform_filter  # here, because a list of the demo's models needs no SciPy

    return uniform_filter(field, size, mode="constant")


def _slopes(mask: np.ndarray, puff: float, height: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns slopes (across, down) of the rounded part, and each pixel's distance from its edge, 0..1."""
    half = mask.reshape(mask.shape[0] // 2, 2, mask.shape[1] // 2, 2).mean((1, 3))
    hill = np.zeros_like(half)
    depth = half
    for reach, share in ((puff / 2, 0.62), (max(puff / 8, 2.0), 0.38)):
        size = max(round(reach), 2)
        depth = _smooth(_smooth(_smooth(half, size), size), size)
        # At a straight edge the blurred mask is 0.5, and less at a round corner; no part of the edge may become flat.
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


def lit(
    mask: np.ndarray, window: Window, material: Material, puff: float, height: float
) -> tuple[np.ndarray, np.ndarray]:
    """Returns (h, w) brightness, 1 for flat parts that face the camera, and (h, w) white highlights.

    mask: (h, w) coverage of the part, h and w even; puff: pixels over which its edge is rounded; height: how much.
    """
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


def _tiled(field: np.ndarray, window: Window) -> np.ndarray:
    rows = np.arange(window.top, window.bottom) % TILE
    columns = np.arange(window.left, window.right) % TILE
    return field[rows[:, None], columns[None]]
