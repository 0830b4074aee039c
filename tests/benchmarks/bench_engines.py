"""Photos/s and processor time of networks by engine and precision, and how near their rows are to float32.

    python tests/benchmarks/bench_engines.py [FOLDER]

FOLDER: photos to use; without it 192 JPEGs of 600 px are drawn. Networks are found through SHOPSIM_MODEL_DIR.
All ways take turns within a round, so that other load on the machine meets all of them. CPU time is the measure to
trust on a busy machine.
"""

import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import bench_extractors
from bench_extractors import draw_photos

from shopsim.base.rows import unit_rows
from shopsim.catalog.open_folder import load_catalog
from shopsim.features.extract import extract_features
from shopsim.features.extractors import extractors
from shopsim.features.networks import openvino_engine
from shopsim.features.networks.weights import why_unavailable

N_PHOTOS, ROUNDS = 192, 3
NETWORKS = ("efficientnet_lite0", "mobilenet_v2")
# Name, precision, whether OpenVINO runs it, photos per call.
WAYS = (
    ("TensorFlow one by one", "float32", False, 1),
    ("TensorFlow in batches", "float32", False, 32),
    ("OpenVINO float32", "float32", True, 32),
    ("OpenVINO bf16", "automatic", True, 32),
    ("OpenVINO int8", "int8", True, 32),
)
BEFORE = 1


@contextmanager
def engine(on_openvino):
    """Lets networks run on OpenVINO within the block, or not."""
    runs = openvino_engine.runs
    openvino_engine.runs = (lambda: True) if on_openvino else (lambda: False)
    try:
        yield
    finally:
        openvino_engine.runs = runs


def made(network, precision, on_openvino, batch_size, catalog):
    """The extractor, loaded and warm."""
    extractor = extractors.create(network, precision=precision)
    extractor.batch_size = batch_size
    with engine(on_openvino), tempfile.TemporaryDirectory() as cache:
        extract_features(catalog.subset(catalog.image_ids[:64]), extractor, Path(cache))
    return extractor


def measured(extractor, on_openvino, catalog):
    """Photos/s from files to rows with an empty cache, ms of processor per photo, and the rows."""
    with engine(on_openvino), tempfile.TemporaryDirectory() as cache:
        started, used = time.perf_counter(), time.process_time()
        features = extract_features(catalog, extractor, Path(cache))
        n = len(catalog.images)
        return n / (time.perf_counter() - started), (time.process_time() - used) / n * 1000, features.vectors


def compare(network, catalog):
    """Prints a line per way."""
    ways = {name: (made(network, *how, catalog), how[1]) for name, *how in WAYS}
    found = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, (extractor, on_openvino) in ways.items():
            found[name].append(measured(extractor, on_openvino, catalog))
    rate = {name: median(each[0] for each in runs) for name, runs in found.items()}
    cost = {name: median(each[1] for each in runs) for name, runs in found.items()}
    now, exact = WAYS[BEFORE][0], found[WAYS[BEFORE][0]][0][2]
    print(f"\n{network}: {len(catalog.images)} photos, median of {ROUNDS} rounds")
    print(f"{'':24}{'photos/s':>10}{'ratio':>7}{'CPU ms':>8}{'ratio':>7}   cosine to float32: mean, least")
    for name in ways:
        cosines = (unit_rows(found[name][0][2]) * unit_rows(exact)).sum(axis=1)
        ratios = rate[name] / rate[now], cost[now] / cost[name]
        print(
            f"{name:24}{rate[name]:10.0f}{ratios[0]:7.2f}{cost[name]:8.1f}{ratios[1]:7.2f}   "
            f"{cosines.mean():.5f}, {cosines.min():.5f}",
            flush=True,
        )


def main(folder):
    """Compares the engines on every network at hand."""
    with tempfile.TemporaryDirectory() as cache:
        catalog = load_catalog(folder, cache=Path(cache))
        catalog = catalog.subset(catalog.image_ids[:N_PHOTOS])
        for network in NETWORKS:
            if reason := why_unavailable(network):
                print(f"{network} skipped: {reason}")
            else:
                compare(network, catalog)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        bench_extractors.N_PHOTOS = N_PHOTOS
        with tempfile.TemporaryDirectory() as drawn:
            draw_photos(Path(drawn))
            main(Path(drawn))
