"""Takes the photos of one product model: draws the model once, then sets up every shot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from shopsim.catalog.demo import edits
from shopsim.catalog.demo.backgrounds import HORIZON, SIDE, background
from shopsim.catalog.demo.camera import lying_shadow, placed, standing_shadow, turned
from shopsim.catalog.demo.materials import relief
from shopsim.catalog.demo.plan import Shot
from shopsim.catalog.demo.product_models import ProductModel
from shopsim.catalog.demo.sketch import Sketch

KINDS = {"white": 0.68, "grey": 0.08, "gradient": 0.08, "room": 0.08, "flat": 0.08}
FORMATS = {(560, 560): 0.4, (520, 520): 0.2, (600, 600): 0.2, (480, 560): 0.1, (560, 480): 0.1}


@dataclass(frozen=True)
class Seller:
    """Describes the seller of a listing: the habits that its photos share."""

    number: int
    kind: str
    size: tuple[int, int]
    pair: bool
    watermark: float
    badge: float
    frame: bool
    care: float  # 0 a studio, 1.2 a telephone at night

    @classmethod
    def of(cls, listing: int) -> Seller:
        rng = np.random.default_rng([listing, 77])
        return cls(
            number=int(rng.integers(64)),
            kind=str(rng.choice(list(KINDS), p=list(KINDS.values()))),
            size=list(FORMATS)[int(rng.choice(len(FORMATS), p=list(FORMATS.values())))],
            pair=bool(rng.random() < 0.12),
            watermark=float(rng.choice([0.0, 0.8], p=[0.72, 0.28])),
            badge=float(rng.choice([0.0, 0.7], p=[0.8, 0.2])),
            frame=bool(rng.random() < 0.05),
            care=float(rng.choice([0.0, 0.5, 1.1], p=[0.78, 0.15, 0.07])),
        )


def photograph(model: ProductModel, shots: Sequence[Shot], folder: Path) -> int:
    """Writes one model's photos below the folder, and returns their number."""
    sketch = Sketch()
    model.draw(sketch)
    products: dict[tuple[int, bool], Image.Image] = {}
    for shot in shots:
        seller = Seller.of(shot.listing)
        key = (shot.colour, seller.pair and model.category == "shoes")
        if key not in products:
            product = sketch.coloured(model.colourways[shot.colour])
            # Colours are kept multiplied by coverage, because every resize needs them so.
            products[key] = (_pair(product) if key[1] else product).convert("RGBa")
        rng = np.random.default_rng(shot.seed)
        photo = _edited(_taken(products[key], seller, rng), seller, rng)
        photo.save(folder / shot.image_id, quality=int(rng.integers(58, 90)))
    return len(shots)


def tidy() -> None:
    """Frees backgrounds and reliefs, about 100 MB, once everything is drawn."""
    background.cache_clear()
    relief.cache_clear()


def _pair(shoe: Image.Image) -> Image.Image:
    """Puts the second shoe behind the first, a little further away."""
    w, h = shoe.size
    canvas = Image.new("RGBA", (round(w * 1.13), round(h * 1.0 + w * 0.07)))
    other = shoe.resize((round(w * 0.94), round(h * 0.94)), Image.Resampling.HAMMING)
    dimmed = other.point([int(v * 0.9) for v in range(256)] * 3 + list(range(256)))
    ground = canvas.height - round(w * 0.05)
    canvas.alpha_composite(dimmed, (canvas.width - other.width, ground - other.height))
    front = Image.new("RGBA", canvas.size)
    front.alpha_composite(shoe, (0, canvas.height - h))
    shade = lying_shadow(front, w * 0.05, 0.55)
    canvas = Image.composite(Image.new("RGBA", canvas.size, (20, 16, 14, 255)), canvas, _within(shade, canvas))
    canvas.alpha_composite(front)
    return canvas


def _within(shade: Image.Image, canvas: Image.Image) -> Image.Image:
    alpha = np.asarray(canvas.getchannel("A"), np.uint16)
    return Image.fromarray((np.asarray(shade, np.uint16) * alpha // 255).astype(np.uint8))


def _taken(product: Image.Image, seller: Seller, rng: np.random.Generator) -> Image.Image:
    """Puts the product on its background, before the edits."""
    size = seller.size
    photo = _backdrop(seller, size, rng)
    lies = seller.kind == "flat" or (seller.kind in ("white", "gradient") and seller.number % 3 == 0)
    fill = float(rng.uniform(0.8, 0.94)) if rng.random() > 0.06 else float(rng.uniform(1.05, 1.35))
    scale = fill * min(size[0] / product.width, size[1] / product.height)
    squeeze = float(rng.uniform(0.9, 1.0))
    width, height = product.width * scale * squeeze, product.height * scale
    tilt = float(rng.normal(0, 0.12 if lies else 0.018))
    spare = np.maximum(np.array(size) - [width, height], 12) / 2
    centre = np.array(size) / 2 + rng.uniform(-0.3, 0.3, 2) * spare
    if seller.kind == "room":
        centre[1] = size[1] * float(rng.uniform(0.78, 0.9)) - height / 2
    jitter = rng.normal(0, 0.016, (4, 2))
    corners = turned((float(centre[0]), float(centre[1])), width, height, tilt, jitter)
    layer = placed(product, size, corners, mirror=bool(rng.random() < 0.08))
    if lies:
        shade = lying_shadow(layer, max(size) * float(rng.uniform(0.012, 0.03)), float(rng.uniform(0.35, 0.65)))
    else:
        shade = standing_shadow(layer, float(rng.uniform(-0.6, 0.6)), float(rng.uniform(0.5, 0.85)))
    photo.paste((26, 22, 24), (0, 0), shade)
    photo.paste(layer, (0, 0), layer)
    return photo


def _backdrop(seller: Seller, size: tuple[int, int], rng: np.random.Generator) -> Image.Image:
    """Cuts out a piece of the seller's usual background."""
    image = background(seller.kind, seller.number % 12)
    left = int(rng.integers(0, SIDE - size[0] + 1))
    # The edge of a room's table has to stay in the picture, a little below the middle.
    low = SIDE - size[1] if seller.kind != "room" else min(SIDE - size[1], round(SIDE * HORIZON - 0.5 * size[1]))
    top = int(rng.integers(low // 3 if seller.kind == "room" else 0, low + 1))
    return image.crop((left, top, left + size[0], top + size[1]))


def _edited(photo: Image.Image, seller: Seller, rng: np.random.Generator) -> Image.Image:
    photo = edits.graded(photo, rng, seller.care)
    if rng.random() < 0.06 + 0.16 * seller.care:
        photo = edits.softened(photo, float(rng.uniform(0.7, 1.9)))
    if seller.care > 0.9:
        photo = edits.noisy(photo, rng, 2.2 * seller.care)
    if rng.random() < seller.watermark:
        photo = edits.watermarked(photo, rng, seller.number, spread=seller.number % 5 == 0)
    if rng.random() < seller.badge:
        photo = edits.badged(photo, rng, seller.number)
    if seller.frame:
        photo = edits.framed(photo, edits.BADGES[seller.number % 4])
    return photo
