"""Draws backgrounds: paper, colour sweeps and blurred rooms. Flat lays are in flatlays.py."""

from __future__ import annotations

from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from shopsim.catalog.demo.materials import noise

SIDE = 720  # pixels; photos are cut out of this square
HORIZON = 0.62  # of the height: where a room's table begins

SWEEPS = (
    ((236, 214, 206), (214, 178, 168)), ((214, 226, 232), (168, 190, 204)), ((232, 226, 208), (202, 190, 160)),
    ((222, 216, 232), (184, 172, 204)), ((218, 230, 218), (170, 194, 176)), ((240, 200, 160), (214, 140, 110)),
    ((120, 132, 142), (60, 68, 78)), ((246, 222, 226), (232, 180, 196)),
)  # fmt: skip
WALLS = ((226, 220, 210), (196, 206, 204), (214, 200, 188), (180, 186, 196), (236, 232, 226), (150, 158, 146))
TABLES = ((168, 124, 84), (206, 178, 142), (118, 84, 60), (224, 216, 204), (188, 150, 110), (96, 78, 66))


@cache
def background(kind: str, variant: int) -> Image.Image:
    """Returns a (SIDE, SIDE) RGB background. Any variant number is valid; they repeat. Callers must not draw on it."""
    # Imported here, because flatlays.py imports this module.
    from shopsim.catalog.demo.flatlays import flat_lay

    return {"white": _white, "grey": _grey, "gradient": _gradient, "room": _room, "flat": flat_lay}[kind](variant)


def ramp(top: tuple[float, ...], bottom: tuple[float, ...], bend: float = 1.0) -> np.ndarray:
    """Returns a (SIDE, SIDE, 3) float32 vertical blend of two colours."""
    t = (np.linspace(0, 1, SIDE, dtype=np.float32) ** bend)[:, None, None]
    return (
        np.asarray(top, np.float32) * (1 - t) + np.asarray(bottom, np.float32) * t + np.zeros((1, SIDE, 1), np.float32)
    )


def spot(x: float, y: float, reach: float) -> np.ndarray:
    """Returns (SIDE, SIDE, 1) float32 soft light, 1 at its middle; x, y and reach are shares of the side."""
    across = (np.linspace(0, 1, SIDE, dtype=np.float32) - x)[None] / reach
    down = (np.linspace(0, 1, SIDE, dtype=np.float32) - y)[:, None] / reach
    return np.exp(-(across**2 + down**2))[..., None]


def grain(low: float, high: float, seed: int, stretch: float = 1.0) -> np.ndarray:
    """Returns (SIDE, SIDE) float32 noise of unit spread."""
    field = Image.fromarray(noise(low, high, seed, stretch).astype(np.float32))
    return np.asarray(field.resize((SIDE, SIDE), Image.Resampling.BICUBIC))


def to_image(pixels: np.ndarray) -> Image.Image:
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _white(variant: int) -> Image.Image:
    if variant % 3 == 0:
        return Image.new("RGB", (SIDE, SIDE), (255, 255, 255))
    # Never up to 255: if the paper clips, its light ends in a visible line.
    shade = 6 + 5 * (variant % 3)
    return to_image(ramp((248,) * 3, (248 - shade,) * 3, 2) + 6 * spot(0.5, 0.4, 0.5))


def _grey(variant: int) -> Image.Image:
    base = (206, 186, 224, 160)[variant % 4]
    paper = ramp((base - 14,) * 3, (base + 6,) * 3, 0.8)
    floor = 1 / (1 + np.exp(-(np.linspace(0, 1, SIDE, dtype=np.float32) - 0.66) * 26))[:, None, None]
    return to_image(paper + 10 * floor + 20 * spot(0.4, 0.5, 0.45) + 0.8 * grain(20, 200, 31)[..., None])


def _gradient(variant: int) -> Image.Image:
    top, bottom = SWEEPS[variant % len(SWEEPS)]
    return to_image(ramp(top, bottom, 1.4) + 18 * spot(0.35, 0.35, 0.4) + 0.6 * grain(20, 200, 32)[..., None])


def _room(variant: int) -> Image.Image:
    """Draws a wall with blurred things on it, and in the lower part a table for the product."""
    rng = np.random.default_rng(1000 + variant)
    wall = ramp(tuple(np.array(WALLS[variant % 6]) * 1.0), tuple(np.array(WALLS[variant % 6]) * 0.82))
    image = to_image(wall + 34 * spot(float(rng.uniform(0.1, 0.9)), 0.2, 0.35))
    _furnish(ImageDraw.Draw(image), rng)
    image = image.filter(ImageFilter.GaussianBlur(float(rng.uniform(7, 12))))
    table = _table(TABLES[(variant * 5 + variant // 6) % 6], 60 + variant)
    edge = round(SIDE * HORIZON)
    image.paste(table.resize((SIDE, SIDE - edge)), (0, edge))
    # The far edge of the table is out of focus too.
    strip = image.crop((0, edge - 24, SIDE, edge + 24)).filter(ImageFilter.GaussianBlur(3))
    image.paste(strip.crop((0, 8, SIDE, 40)), (0, edge - 16))
    return image


def _furnish(draw: ImageDraw.ImageDraw, rng: np.random.Generator) -> None:
    """Draws a window or a picture, a plant and a row of books; they are coarse, because a blur follows."""
    x = int(rng.integers(40, 420))
    if rng.random() < 0.5:
        for pane in range(2):
            draw.rectangle((x + 110 * pane, 20, x + 110 * pane + 98, 300), fill=(250, 250, 246))
    else:
        draw.rectangle((x, 50, x + 190, 290), fill=(64, 58, 54))
        draw.rectangle((x + 14, 64, x + 176, 276), fill=tuple(int(v) for v in rng.integers(120, 240, 3)))
    if rng.random() < 0.7:
        px = int(rng.choice([70, 640]))
        for _ in range(26):
            dx, dy = rng.normal(0, 62), rng.normal(0, 74)
            green = int(rng.integers(80, 140))
            draw.ellipse(
                (px + dx - 34, 260 + dy - 16, px + dx + 34, 260 + dy + 16), fill=(green - 30, green, green - 45)
            )
        draw.rectangle((px - 44, 330, px + 44, 460), fill=(206, 190, 172))
    if rng.random() < 0.6:
        left = int(rng.integers(100, 480))
        for book in range(7):
            tone = tuple(int(v) for v in rng.integers(70, 220, 3))
            draw.rectangle((left + 24 * book, 320 + int(rng.integers(0, 40)), left + 24 * book + 21, 460), fill=tone)


def _table(colour: tuple[int, int, int], seed: int) -> Image.Image:
    """Draws a wooden top seen at a low angle: its grain runs across, finer towards the far edge."""
    lines = grain(3, 50, seed, 10.0)
    squeeze = (np.linspace(0.02, 1, SIDE) ** 1.7 * (SIDE - 1)).astype(int)
    wood = np.asarray(colour, np.float32) * (1 + 0.055 * lines[squeeze])[..., None]
    light = np.linspace(1.12, 0.9, SIDE, dtype=np.float32)[:, None, None]
    return to_image(wood * light + 22 * spot(0.35, 0.2, 0.4))
