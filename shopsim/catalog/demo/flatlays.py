"""Draws surfaces seen from above, with the props that people lay beside a product."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from shopsim.catalog.demo.backgrounds import SIDE, grain, spot, to_image
from shopsim.catalog.demo.outlines import ellipse, smooth

LEAF = smooth([(0, 0), (0, 0), (26, -16), (62, -14), (92, 0), (92, 0), (62, 14), (26, 16)])


def flat_lay(variant: int) -> Image.Image:
    """Returns a (SIDE, SIDE) RGB surface with props."""
    surface = SURFACES[variant % len(SURFACES)](variant)
    image = to_image(surface + 16 * spot(0.2, 0.15, 0.6) - 10)
    rng = np.random.default_rng(2000 + variant)
    corners = [(90, 90), (630, 90), (90, 630), (630, 630)]
    for i in rng.permutation(4)[: int(rng.integers(0, 3))]:
        prop = PROPS[int(rng.integers(len(PROPS)))]
        prop(image, corners[i][0] + float(rng.normal(0, 16)), corners[i][1] + float(rng.normal(0, 16)), rng)
    return image


def _planks(variant: int) -> np.ndarray:
    rng = np.random.default_rng(variant)
    base = np.array(((214, 206, 196), (150, 108, 74), (92, 72, 60))[variant // 6 % 3], np.float32)
    lines = grain(3, 70, 70 + variant % 4, 9.0)
    width = SIDE // 5
    tones = np.repeat(rng.uniform(0.92, 1.06, 5), width)[:SIDE, None]
    wood = base * (tones * (1 + 0.06 * lines))[..., None]
    gap = np.minimum(np.arange(SIDE) % width, width - np.arange(SIDE) % width)
    return wood * np.clip(0.35 + gap / 4, 0, 1)[:, None, None]


def _marble(variant: int) -> np.ndarray:
    vein = np.abs(grain(2, 7, 80 + variant % 5) + 0.35 * grain(6, 24, 81))
    cloud = grain(2, 5, 82 + variant % 5)
    tone = 238 + 5 * cloud - 46 * np.exp(-((vein / 0.10) ** 2)) * (0.5 + 0.5 * np.tanh(cloud))
    return tone[..., None] * np.array([1.0, 0.995, 0.985], np.float32)


def _linen(variant: int) -> np.ndarray:
    base = np.array(((222, 212, 196), (198, 204, 208), (226, 200, 192))[variant // 6 % 3], np.float32)
    threads = grain(60, 220, 84, 6.0) + grain(60, 220, 85, 1 / 6)
    folds = grain(1.5, 4, 86 + variant % 3, 0.4)
    return base * (1 + 0.022 * threads + 0.045 * folds)[..., None]


def _concrete(variant: int) -> np.ndarray:
    tone = 172 + 7 * grain(2, 8, 88 + variant % 3) + 4 * grain(20, 120, 89)
    return tone[..., None] * np.array([1.0, 0.995, 0.985], np.float32)


def _rug(variant: int) -> np.ndarray:
    tufts = grain(14, 70, 90 + variant % 2, 0.5)
    return 222 + 11 * tufts[..., None] + np.array([4, 1, -6], np.float32)


def _terrazzo(variant: int) -> np.ndarray:
    rng = np.random.default_rng(91)
    image = Image.new("RGB", (SIDE, SIDE), (232, 228, 222))
    draw = ImageDraw.Draw(image)
    for _ in range(420):
        x, y, r = rng.uniform(0, SIDE), rng.uniform(0, SIDE), rng.uniform(3, 13)
        angles = np.sort(rng.uniform(0, 2 * np.pi, 6))
        stone = [(x + r * np.cos(a), y + r * np.sin(a) * 0.8) for a in angles]
        tones = ((190, 140, 120), (120, 130, 130), (210, 190, 150), (160, 160, 150))
        draw.polygon(stone, fill=tones[int(rng.integers(4))])
    return np.asarray(image.filter(ImageFilter.GaussianBlur(0.8)), np.float32)


SURFACES: tuple[Callable[[int], np.ndarray], ...] = (_planks, _marble, _linen, _concrete, _rug, _terrazzo)


def _lay(
    image: Image.Image, shapes: list[tuple[np.ndarray, tuple[int, int, int]]], x: float, y: float, turn: float
) -> None:
    """Pastes coloured shapes around (x, y), turned, with a soft shadow; drawn at twice the size."""
    layer = Image.new("RGBA", (SIDE, SIDE))
    draw = ImageDraw.Draw(layer)
    rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    for outline, colour in shapes:
        points = (outline @ rotation) * 2 + SIDE / 2
        draw.polygon([tuple(point) for point in points], fill=(*colour, 255))
    layer = layer.reduce(2)
    shade = layer.getchannel("A").filter(ImageFilter.GaussianBlur(7)).point(lambda a: a * 0.42)
    left, top = round(x - SIDE / 4), round(y - SIDE / 4)
    image.paste((40, 34, 30), (left + 5, top + 9), shade)
    image.paste(layer, (left, top), layer)


def _cup(image: Image.Image, x: float, y: float, rng: np.random.Generator) -> None:
    glaze = tuple(int(v) for v in rng.choice([(244, 242, 238), (70, 78, 84), (210, 160, 140)]))
    rim = tuple(min(v + 14, 255) for v in glaze)
    handle = ellipse(74, 0, 30, 18)
    rings = [(ellipse(0, 0, 104), rim), (ellipse(0, 0, 100), glaze), (handle, glaze)]
    inside = [(ellipse(0, 0, 66), rim), (ellipse(0, 0, 60), (84, 54, 38)), (ellipse(-12, -14, 26, 18), (150, 108, 78))]
    _lay(image, rings + inside, x, y, float(rng.uniform(0, 6)))


def _sprig(image: Image.Image, x: float, y: float, rng: np.random.Generator) -> None:
    shapes = []
    for i in range(12):
        angle = (0.9 if i % 2 else -0.9) + rng.normal(0, 0.15)
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        tone = int(rng.integers(96, 140))
        shapes.append((LEAF * (1 - i * 0.04) @ turn + [-130 + 24 * i, 0], (tone - 26, tone, tone - 30)))
    stem = np.array([(-150, -2), (150, -1), (150, 1), (-150, 2)], float)
    _lay(image, [(stem, (110, 100, 70)), *shapes], x, y, float(rng.uniform(0, 6)))


def _magazine(image: Image.Image, x: float, y: float, rng: np.random.Generator) -> None:
    def sheet(left: float, top: float, right: float, bottom: float) -> np.ndarray:
        return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], float)

    cover = tuple(int(v) for v in rng.integers(150, 235, 3))
    shapes = [(sheet(-118, -152, 122, 156), (240, 238, 232)), (sheet(-120, -156, 118, 152), (250, 248, 244))]
    shapes += [(sheet(-104, -96, 102, 136), cover), (sheet(-100, -142, 60, -112), (40, 38, 40))]
    shapes += [(ellipse(0, 10, 44, 54), tuple(int(v * 0.75) for v in cover))]
    _lay(image, shapes, x, y, float(rng.uniform(-0.6, 0.6)))


PROPS: tuple[Callable[[Image.Image, float, float, np.random.Generator], None], ...] = (_cup, _sprig, _magazine)
