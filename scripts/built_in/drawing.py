"""Makes further labelled catalogues: the demo with other shots and other colours, and edited photos of given models."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from built_in.edited import edited
from PIL import Image

from shopsim.catalog.demo import studio
from shopsim.catalog.demo.colours import COLOURS, dress
from shopsim.catalog.demo.plan import SIZES, model_shots
from shopsim.catalog.demo.product_models import MODELS, ProductModel

_METALS = ("gold", "silver", "natural")
_FIRST_LISTING = 100_000
_OTHER_MODELS = 20_310_000_000
Count = Callable[[np.random.Generator], float]


def draw_again(folder: Path, seed: int) -> None:
    """Draws the demo's models once more, with other sizes and other shots."""
    sizes = np.random.default_rng(seed).permutation(SIZES)
    _draw(folder, MODELS, sizes, seed)


def draw_recoloured(folder: Path, n_models: int, median: float, spread: float, seed: int) -> None:
    """Draws models that differ in colour where they have one shape; their sizes are log-normal."""
    rng = np.random.default_rng(seed)
    names = [name for name in COLOURS if name not in _METALS]
    models: dict[tuple[str, str], ProductModel] = {}
    for number in range(n_models):
        shape = MODELS[int(rng.integers(len(MODELS)))]
        main, trim, accent, sole, lining = (str(name) for name in rng.choice(names, 5))
        colours = dress(main, trim, accent=accent, sole=sole, lining=lining)
        model = ProductModel(shape.category, str(_OTHER_MODELS + number), shape.name, shape.draw, (colours,))
        models.setdefault((shape.name, main), model)
    sizes = np.exp(rng.normal(np.log(median), spread, len(models))).round().clip(1, 60).astype(int)
    _draw(folder, list(models.values()), sizes, seed)


def _draw(folder: Path, models: Sequence[ProductModel], sizes: Sequence[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    for category in sorted({model.category for model in models}):
        (folder / category).mkdir(parents=True)
    listing = seed * _FIRST_LISTING
    for model, size in zip(models, sizes, strict=True):
        shots = model_shots(rng, model.category, model.id, len(model.colourways), int(size), listing)
        listing += len(shots)
        studio.photograph(model, shots, folder)
    studio.tidy()


def edit_photos(
    folder: Path, photos: Mapping[str, Sequence[Path]], n_photos: int, n_edits: Count, strong: bool, seed: int
) -> None:
    """Writes edited photos, one folder per model.

    photos: of each model; n_photos of them, chosen at random, are edited, each as often as `n_edits` draws.
    """
    rng = np.random.default_rng(seed)
    for number, model in enumerate(sorted(photos)):
        target = folder / f"{number:04d}"
        target.mkdir(parents=True)
        for at in rng.permutation(len(photos[model]))[:n_photos]:
            with Image.open(photos[model][at]) as photo:
                photo.load()
                for _ in range(int(n_edits(rng))):
                    name = f"{rng.integers(10**9):09d}.jpg"
                    edited(photo, rng, strong).save(target / name, quality=int(rng.integers(50, 92)))
