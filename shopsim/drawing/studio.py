"""Takes the photos of one product model: draws it once, then sets up every shot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from shopsim.drawing.models import ProductModel
from shopsim.drawing.plan import Shot
from shopsim.drawing.sketch import Sketch


def photograph(model: ProductModel, shots: Sequence[Shot], folder: Path) -> int:
    """Write one model's photos below the folder; gives their number."""
    sketch = Sketch()
    model.draw(sketch)
    products = {colour: sketch.coloured(model.colourways[colour]) for colour in {shot.colour for shot in shots}}
    for shot in shots:
        rng = np.random.default_rng(shot.seed)
        size = int(rng.integers(300, 480))
        product = products[shot.colour].resize((size, size), Image.Resampling.BOX)
        photo = Image.new("RGB", (520, 520), tuple(int(v) for v in rng.integers(180, 255, 3)))
        photo.paste(product, (int(rng.integers(0, 520 - size)), int(rng.integers(0, 520 - size))), product)
        photo.save(folder / shot.image_id, quality=int(rng.integers(60, 92)))
    return len(shots)
