"""Makes a catalogue of 100,000 photos with vectors of its own, for benchmarks.

.venv/bin/python tests/benchmarks/made_catalogue.py FOLDER [n_images] [n_features]

The photos are pictures of 4 x 4 pixels, so that 100,000 of them take 400 MB on a disk with blocks of 4 KB. One fifth
of the files are missing, one photo in fifty is a copy of the photo before it, and four fifths have a true model.
"""

import struct
import sys
from pathlib import Path

import numpy as np

PHOTOS_PER_MODEL = 20
MISSING, COPY, UNLABELLED = 5, 50, 5
"""One photo in so many."""
_SIDE = 4
_HEAD = struct.pack("<2sIHHIIiiHHIIiiII", b"BM", 102, 0, 0, 54, 40, _SIDE, _SIDE, 1, 24, 0, 48, 0, 0, 0, 0)
_ROWS_AT_ONCE = 20_000


def make(folder: Path, n_images: int = 100_000, n_features: int = 256) -> None:
    """Writes `features.npy`, `img_paths.txt`, `labels_true.csv` and the pictures that are not missing."""
    rng = np.random.default_rng(0)
    models = rng.integers(max(2, n_images // PHOTOS_PER_MODEL), size=n_images)
    folder.mkdir(parents=True, exist_ok=True)
    _write_vectors(folder / "features.npy", models, n_features, rng)
    names = [f"{number // 1000:03}/{number:06}.bmp" for number in range(n_images)]
    (folder / "img_paths.txt").write_text("\n".join(names) + "\n")
    labels = (
        f"{name},m{model:05}"
        for place, (name, model) in enumerate(zip(names, models, strict=True))
        if place % UNLABELLED
    )
    (folder / "labels_true.csv").write_text("path,model\n" + "\n".join(labels) + "\n")
    pixels = rng.integers(0, 256, (n_images, 3 * _SIDE**2), np.uint8)
    pixels[COPY::COPY] = pixels[COPY - 1 : -1 : COPY]
    for start in range(0, n_images, 1000):
        (folder / f"{start // 1000:03}").mkdir(exist_ok=True)
    for place, name in enumerate(names):
        if place % MISSING != 1:
            (folder / name).write_bytes(_HEAD + pixels[place].tobytes())


def _write_vectors(path: Path, models: np.ndarray, n_features: int, rng: np.random.Generator) -> None:
    """Writes float32 rows around models, and models around kinds of products, a block at a time."""
    n_models = int(models.max()) + 1
    kinds = rng.standard_normal((n_models // 10 + 1, n_features), dtype=np.float32)
    centres = 0.7 * kinds[rng.integers(len(kinds), size=n_models)]
    centres += rng.standard_normal((n_models, n_features), dtype=np.float32)
    rows = np.lib.format.open_memmap(path, "w+", np.float32, (len(models), n_features))
    for start in range(0, len(models), _ROWS_AT_ONCE):
        block = models[start : start + _ROWS_AT_ONCE]
        # Photos differ in how much they look like their model.
        noise = rng.standard_normal((len(block), n_features), dtype=np.float32)
        rows[start : start + len(block)] = centres[block] + noise * rng.uniform(1.0, 3.5, (len(block), 1))
    rows.flush()


if __name__ == "__main__":
    make(Path(sys.argv[1]), *map(int, sys.argv[2:]))
