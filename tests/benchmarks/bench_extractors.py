"""Photos/s of each extractor, from JPEG files to rows, and what batches bring a network.

    python tests/benchmarks/bench_extractors.py [FOLDER]

FOLDER: photos to use; without it 256 JPEGs of 600 px are drawn. Networks are found through SHOPSIM_MODEL_DIR.
"""

import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
from PIL import Image, ImageFilter

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from shopsim.catalog.open_folder import load_catalog
from shopsim.catalog.photos.images import read_image
from shopsim.features.extract import extract_features
from shopsim.features.extractors import extractors
from shopsim.features.networks.network import NetworkExtractor
from shopsim.features.networks.saved_model import SavedModel, import_tensorflow
from shopsim.features.networks.weights import obtain, why_unavailable

N_PHOTOS, SIDE, ROUNDS, N_COMPARED = 256, 600, 5, 32


def draw_photos(folder):
    """Soft coloured shapes with some grain: about as heavy to decode as a shop's photos (60 to 90 kB)."""
    rng = np.random.default_rng(0)
    for number in range(N_PHOTOS):
        coarse = Image.fromarray(rng.integers(0, 256, (9, 9, 3), np.uint8)).resize((SIDE, SIDE), Image.Resampling.BOX)
        grain = rng.normal(0, 5, (SIDE, SIDE, 1))
        pixels = np.asarray(coarse.filter(ImageFilter.GaussianBlur(3))) + grain
        Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(folder / f"{number:04d}.jpg", quality=88)


def end_to_end(name, catalog):
    """Median photos/s over the rounds, every round with an empty cache, and milliseconds of processor a photo."""
    extractor = extractors.create(name)
    extractor.extract(np.zeros((1, *extractor.image_size, 3), np.uint8))
    rates, costs = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as cache:
            started, used = time.perf_counter(), time.process_time()
            extract_features(catalog, extractor, Path(cache))
            rates.append(len(catalog.images) / (time.perf_counter() - started))
            costs.append((time.process_time() - used) / len(catalog.images) * 1000)
    return median(rates), median(costs)


def against_one_at_a_time(name, catalog):
    """Photos/s of inference: (batches, the SavedModel called photo by photo, our engine photo by photo)."""
    tf = import_tensorflow()
    extractor, folder = extractors.create(name), obtain(name)
    images = np.stack([read_image(image.path, extractor.image_size) for image in catalog.images[:N_COMPARED]])
    model, single = tf.saved_model.load(str(folder)), SavedModel(folder, extractor.image_size[0], step=1)
    ways = (
        lambda: extractor.extract(images),
        lambda: [np.asarray(model(tf.constant(photo[None] / 255, tf.float32))) for photo in images],
        lambda: [single(photo[None]) for photo in images],
    )
    rates = [[] for _ in ways]
    for _ in range(ROUNDS + 1):
        for way, measured in zip(ways, rates, strict=True):
            started = time.perf_counter()
            way()
            measured.append(len(images) / (time.perf_counter() - started))
    return [median(measured[1:]) for measured in rates]


def main(folder):
    """Print a line for each extractor at hand."""
    with tempfile.TemporaryDirectory() as cache:
        catalog = load_catalog(folder, cache=Path(cache))
    print(f"{len(catalog.images)} photos, median of {ROUNDS} rounds")
    for name in extractors.names():
        if reason := why_unavailable(name):
            print(f"{name:16} skipped: {reason}")
            continue
        rate, cost = end_to_end(name, catalog)
        print(f"{name:16} {rate:7.0f} photos/s from file to row, {cost:.1f} ms of processor a photo")
        if isinstance(extractors.create(name), NetworkExtractor):
            batches, direct, single = against_one_at_a_time(name, catalog)
            print(f"{'':16} {batches:7.0f} photos/s of inference alone, in batches")
            print(f"{'':16} {direct:7.0f} one at a time (ratio {batches / direct:.2f})")
            print(f"{'':16} {single:7.0f} one at a time through our engine (ratio {batches / single:.2f})")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as drawn:
            draw_photos(Path(drawn))
            main(Path(drawn))
