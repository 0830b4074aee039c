"""Defines materials: how they reflect light, and the relief of their grain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

TILE = 480  # pixels; every relief repeats after it


@dataclass(frozen=True)
class Material:
    """Describes how a surface reflects light.

    gloss: strength of highlights, 0 matt to 1 mirror; sharpness: their exponent; relief: its name; depth: its slope.
    """

    gloss: float
    sharpness: float
    relief: str = "smooth"
    depth: float = 0.0
    metal: bool = False


LEATHER = Material(0.22, 14, "fine", 0.16)
SOFT = Material(0.16, 9, "wrinkle", 0.34)
PEBBLE = Material(0.20, 12, "pebble", 0.42)
PATENT = Material(0.85, 55, "wobble", 0.10)
SUEDE = Material(0.03, 4, "nap", 0.34)
CANVAS = Material(0.03, 4, "weave", 0.40)
STRAW = Material(0.10, 8, "straw", 0.85)
QUILTED = Material(0.26, 14, "quilt", 1.0)
CROC = Material(0.45, 24, "croc", 0.95)
SATIN = Material(0.46, 7, "silk", 0.30)
RUBBER = Material(0.12, 8, "fine", 0.06)
MESH = Material(0.05, 5, "mesh", 0.75)
ROPE = Material(0.05, 5, "rope", 0.95)
WOOD = Material(0.14, 12, "wood", 0.20)
METAL = Material(0.9, 40, metal=True)
FUR = Material(0.02, 3, "fur", 1.25)


@cache
def relief(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Returns slopes (across, down) of a relief, each (TILE, TILE) float32 of unit spread, seamless at the edges."""
    height = RELIEFS[name]()
    across = np.roll(height, -1, 1) - np.roll(height, 1, 1)
    down = np.roll(height, -1, 0) - np.roll(height, 1, 0)
    spread = max(float(np.sqrt((across**2 + down**2).mean())), 1e-6)
    return (across / spread).astype(np.float32), (down / spread).astype(np.float32)


def noise(low: float, high: float, seed: int, stretch: float = 1.0) -> np.ndarray:
    """Returns (TILE, TILE) seamless noise of unit spread, `low` to `high` waves per tile; `stretch` widens it in x."""
    spectrum = np.fft.rfft2(np.random.default_rng(seed).standard_normal((TILE, TILE)))
    fy, fx = np.fft.fftfreq(TILE, 1 / TILE)[:, None], np.fft.rfftfreq(TILE, 1 / TILE)[None]
    waves = np.hypot(fx * stretch, fy)
    field = np.fft.irfft2(spectrum * np.exp(-((waves / high) ** 2)) * (1 - np.exp(-((waves / low) ** 2))))
    return field / field.std()


def _grid() -> tuple[np.ndarray, np.ndarray]:
    angle = np.arange(TILE) * 2 * np.pi / TILE
    return angle[None], angle[:, None]


def _weave(count: int) -> np.ndarray:
    x, y = _grid()
    over = np.sin(x * count / 2) * np.sin(y * count / 2) > 0
    threads = np.where(over, np.abs(np.sin(x * count / 2)), np.abs(np.sin(y * count / 2)))
    return threads + 0.15 * noise(20, 120, 5)


def _quilt() -> np.ndarray:
    x, y = _grid()
    cushion = np.abs(np.sin((x + y) * 4) * np.sin((x - y) * 4))
    return 26 * cushion**0.55 + 0.25 * noise(30, 90, 6)


def _croc() -> np.ndarray:
    x, y = _grid()
    shift = 0.16 * noise(2, 7, 7)
    row = y * 8 + shift
    column = x * 6 + np.pi / 2 * (np.floor(row / np.pi) % 2) + 1.2 * shift
    return np.clip(np.abs(np.sin(row) * np.sin(column)), 0, 0.35) ** 0.5 + 0.01 * noise(10, 60, 8)


def _mesh() -> np.ndarray:
    x, y = _grid()
    return -np.clip(np.sin(x * 30) * np.sin(y * 30), 0.1, 1) - np.clip(-np.sin(x * 30) * np.sin(y * 30), 0.1, 1)


def _rope() -> np.ndarray:
    x, y = _grid()
    return np.abs(np.sin(y * 10)) ** 0.6 + 0.35 * np.sin(x * 40 + 3 * np.sin(y * 10)) + 0.1 * noise(20, 100, 9)


RELIEFS: dict[str, Callable[[], np.ndarray]] = {
    "smooth": lambda: np.zeros((TILE, TILE)),
    "fine": lambda: noise(50, 140, 1) + 2.2 * noise(3, 9, 11),
    "wobble": lambda: noise(2, 6, 2),
    "pebble": lambda: np.clip(noise(42, 60, 3), -0.9, 1.1) + 1.5 * noise(3, 8, 12),
    "nap": lambda: noise(60, 200, 4) + 5 * noise(2, 7, 13),
    "wrinkle": lambda: -np.sqrt(noise(2, 6, 14, 0.7) ** 2 + 0.5) * 9 + 0.35 * noise(45, 110, 15),
    "silk": lambda: 8 * noise(2, 5, 19, 0.6) + 0.2 * noise(60, 160, 20),
    "weave": lambda: _weave(112),
    "straw": lambda: _weave(40),
    "quilt": _quilt,
    "croc": _croc,
    "mesh": _mesh,
    "rope": _rope,
    "wood": lambda: noise(4, 60, 16, 12.0),
    "fur": lambda: noise(14, 60, 17, 0.3) + 1.2 * noise(5, 20, 18, 0.5),
}
