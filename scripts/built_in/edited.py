"""Edits a photo as sellers do, to make several photos of a model out of one."""

from __future__ import annotations

import numpy as np
from PIL import Image

from shopsim.catalog.demo import edits

_LEAST_SIDE = 320
_LEAST_FOR_TEXT = 180


def edited(photo: Image.Image, rng: np.random.Generator, strong: bool) -> Image.Image:
    """Returns another photo of the same product: mirrored, turned, cropped or on a larger sheet, with other light.

    strong: edit more often and more; else most photos stay near-copies.
    """
    photo = _enlarged(photo.convert("RGB"))
    if rng.random() < (0.35 if strong else 0.1):
        photo = photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if rng.random() < (0.6 if strong else 0.2):
        angle = float(rng.normal(0, 8 if strong else 3))
        photo = photo.rotate(angle, Image.Resampling.BILINEAR, fillcolor=_light_colour(rng))
    if rng.random() < (0.8 if strong else 0.4):
        photo = _cropped(photo, rng, float(rng.uniform(0.55 if strong else 0.82, 1)))
    elif rng.random() < 0.3:
        photo = _on_a_sheet(photo, rng, float(rng.uniform(1.05, 1.5)))
    photo = edits.graded(photo, rng, float(rng.uniform(0.5, 1.8) if strong else rng.uniform(0, 0.8)))
    return _decorated(photo, rng, strong)


def _decorated(photo: Image.Image, rng: np.random.Generator, strong: bool) -> Image.Image:
    if rng.random() < 0.2:
        photo = edits.softened(photo, float(rng.uniform(0.6, 2.0)))
    if rng.random() < 0.15:
        photo = edits.noisy(photo, rng, 2.5)
    seller = int(rng.integers(64))
    if min(photo.size) < _LEAST_FOR_TEXT:
        return photo
    if rng.random() < (0.35 if strong else 0.15):
        photo = edits.watermarked(photo, rng, seller, spread=seller % 5 == 0)
    if rng.random() < (0.3 if strong else 0.1):
        photo = edits.badged(photo, rng, seller)
    if rng.random() < 0.12:
        photo = edits.framed(photo, edits.BADGES[seller % len(edits.BADGES)])
    return photo


def _enlarged(photo: Image.Image) -> Image.Image:
    factor = _LEAST_SIDE / max(photo.size)
    if factor <= 1:
        return photo
    return photo.resize((round(photo.width * factor), round(photo.height * factor)), Image.Resampling.BICUBIC)


def _cropped(photo: Image.Image, rng: np.random.Generator, share: float) -> Image.Image:
    width, height = round(photo.width * share), round(photo.height * share)
    left, top = int(rng.integers(photo.width - width + 1)), int(rng.integers(photo.height - height + 1))
    return photo.crop((left, top, left + width, top + height))


def _on_a_sheet(photo: Image.Image, rng: np.random.Generator, factor: float) -> Image.Image:
    sheet = Image.new("RGB", (round(photo.width * factor), round(photo.height * factor)), _light_colour(rng))
    left, top = int(rng.integers(sheet.width - photo.width + 1)), int(rng.integers(sheet.height - photo.height + 1))
    sheet.paste(photo, (left, top))
    return sheet


def _light_colour(rng: np.random.Generator) -> tuple[int, int, int]:
    red, green, blue = (int(tone) for tone in rng.integers(165, 256, 3))
    return red, green, blue
