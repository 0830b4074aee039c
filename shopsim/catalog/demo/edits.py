"""Edits a photo as sellers do: light and colour cast, blur, noise, watermarks, sale badges, frames."""

from __future__ import annotations

from functools import cache

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

SELLERS = ("mimi closet", "LUNA SHOP", "bag.house", "second love", "Atelier 9", "SOLE & CO", "daily market", "chic4u")
OFFERS = ("SALE", "-30%", "NEW", "HOT", "-50%", "BEST")
BADGES = ((214, 40, 52), (24, 24, 28), (238, 160, 36), (32, 120, 110))


def graded(photo: Image.Image, rng: np.random.Generator, strength: float) -> Image.Image:
    """Changes exposure, contrast and colour cast as another camera would, and darkens one side.

    strength: 0 as from a studio, 1 as from a telephone indoors.
    """
    gain = rng.normal(1.0, 0.06 * strength) * (1 + rng.normal(0, 0.035 * strength, 3))
    gamma = float(np.exp(rng.normal(0, 0.11 * strength + 0.04)))
    levels = np.linspace(0, 1, 256)[None] ** gamma * gain[:, None]
    photo = photo.point(list((np.clip(levels, 0, 1) * 255).astype(np.uint8).ravel()))
    if not strength:
        return photo
    across, down = rng.normal(0, 0.10 * strength, 2)
    y, x = np.mgrid[-1:1:24j, -1:1:24j]
    light = np.clip(240 * (1 + across * x + down * y - 0.05 * strength * (x * x + y * y)), 60, 255)
    fall = Image.fromarray(light.astype(np.uint8)).resize(photo.size, Image.Resampling.BILINEAR)
    return Image.composite(photo, Image.new("RGB", photo.size), fall)


def noisy(photo: Image.Image, rng: np.random.Generator, spread: float) -> Image.Image:
    """Adds sensor noise."""
    left, top = (int(v) for v in rng.integers(0, 100, 2))
    grain = _noise(round(spread)).crop((left, top, left + photo.width, top + photo.height))
    return ImageChops.add(photo, Image.merge("RGB", [grain] * 3), offset=-128)


@cache
def _noise(spread: int) -> Image.Image:
    field = np.random.default_rng(5).standard_normal((720, 720)) * spread + 128
    return Image.fromarray(field.astype(np.uint8))


def softened(photo: Image.Image, radius: float) -> Image.Image:
    """Blurs the photo as if it were out of focus."""
    return photo.filter(ImageFilter.GaussianBlur(radius))


def watermarked(photo: Image.Image, rng: np.random.Generator, seller: int, spread: bool) -> Image.Image:
    """Adds the seller's name, once at the lower edge or repeated over the whole photo."""
    text = SELLERS[seller % len(SELLERS)]
    layer = Image.new("RGBA", photo.size)
    draw = ImageDraw.Draw(layer)
    tone = (255, 255, 255) if seller % 2 else (40, 40, 44)
    if spread:
        font = ImageFont.load_default(photo.width // 16)
        for row in range(-1, 6):
            for column in range(-1, 4):
                at = (column * photo.width / 2.6 + (row % 2) * 70, row * photo.height / 5)
                draw.text(at, text, font=font, fill=(*tone, 62))
        layer = layer.rotate(24, Image.Resampling.BILINEAR)
    else:
        font = ImageFont.load_default(photo.width // int(rng.integers(13, 20)))
        left, _, right, bottom = draw.textbbox((0, 0), text, font=font)
        x = (18, (photo.width - right + left) / 2, photo.width - right - 18)[seller % 3]
        draw.text((x, photo.height - bottom - 18), text, font=font, fill=(*tone, 170))
    photo.paste(layer, (0, 0), layer)
    return photo


def badged(photo: Image.Image, rng: np.random.Generator, seller: int) -> Image.Image:
    """Adds a round sticker or a ribbon in a corner, drawn at twice the size."""
    text, colour = OFFERS[int(rng.integers(len(OFFERS)))], BADGES[seller % len(BADGES)]
    size = round(photo.width * float(rng.uniform(0.17, 0.24)))
    sticker = Image.new("RGBA", (size * 2, size * 2))
    draw = ImageDraw.Draw(sticker)
    if seller % 3:
        draw.ellipse((6, 6, size * 2 - 6, size * 2 - 6), fill=(*colour, 240))
        draw.ellipse((18, 18, size * 2 - 18, size * 2 - 18), outline=(255, 255, 255, 220), width=4)
    else:
        draw.rounded_rectangle((4, size * 0.6, size * 2 - 4, size * 1.4), 12, fill=(*colour, 240))
    font = ImageFont.load_default(size * 0.48)
    draw.text((size, size), text, font=font, fill=(255, 255, 255, 255), anchor="mm")
    sticker = sticker.reduce(2).rotate(float(rng.uniform(-14, 14)), Image.Resampling.BICUBIC)
    right, low = photo.width - size - 12, photo.height - size - 12
    photo.paste(sticker, ((12, 12), (right, 12), (12, low), (right, low))[int(rng.integers(4))], sticker)
    return photo


def framed(photo: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    """Adds a coloured border, as in shop templates."""
    edge = photo.width // 26
    ImageDraw.Draw(photo).rectangle((0, 0, photo.width - 1, photo.height - 1), outline=colour, width=edge)
    return photo
