"""Photos drawn by a few numbers: models are told apart by colour, photos of one model by place and light."""

import numpy as np
from PIL import Image, ImageDraw


def draw_photo(path, colour, seed=0):
    """A coloured block on white, a little elsewhere and otherwise lit for each seed."""
    rng = np.random.default_rng(seed)
    photo = Image.new("RGB", (64, 64), "white")
    left, top = rng.integers(8, 16, size=2).tolist()
    shade = tuple(int(value) for value in np.clip(np.array(colour) + rng.integers(-12, 13, size=3), 0, 255))
    ImageDraw.Draw(photo).rectangle([left, top, left + 38, top + 38], fill=shade)
    path.parent.mkdir(parents=True, exist_ok=True)
    photo.save(path)
    return path


def draw_models(folder, n_models, n_photos=4, colours=5, name="m{model:02}/{number}.png"):
    """The folder, with photos of models told apart by colour.

    colours: one per model, or the seed of random ones. name: where the photo of that model and number is written.
    """
    if isinstance(colours, int):
        colours = np.random.default_rng(colours).integers(20, 235, size=(n_models, 3)).tolist()
    for number in range(n_models * n_photos):
        model = number % n_models
        draw_photo(folder / name.format(model=model, number=number), colours[model % len(colours)], number)
    return folder
