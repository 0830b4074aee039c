"""Precision and recall of the finder of label errors, and its seconds at 10,522 photos.

    python tests/benchmarks/bench_label_errors.py

On the demo's planted wrong labels; where photos lie in ../shared/data, on labels that are moved there to a random
other model, with a fixed seed. mobilenet_v2 takes part where its weights are at hand (SHOPSIM_MODEL_DIR).
"planted / right model": how many of the planted ones are listed at the default cut-off, and of those how many
with the model they really show; AP: average precision of the whole ranking.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score

from shopsim.base.disk.store import Store
from shopsim.base.paths import cache_dir
from shopsim.catalog.demo.demo import demo_catalog_folder, demo_truth
from shopsim.catalog.open_folder import load_catalog
from shopsim.features.networks.weights import why_unavailable
from shopsim.grouping.fit import features_of, fit
from shopsim.grouping.grouping import Fitted
from shopsim.grouping.recipe import Recipe
from shopsim.review import LabelErrors, cuts_around, find_label_errors
from shopsim.scoring.curve import threshold_curve

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
PLANTED_IN = ("shoe_pairs", "grocery")
RATES = (0.01, 0.05, 0.1)
SEED = 0


def find(fitted: Fitted, labels: np.ndarray) -> LabelErrors:
    """The label errors, the best threshold being that for these labels."""
    best = threshold_curve(fitted.tree, labels).best_threshold
    digests = [image.digest for image in fitted.catalog.images]
    return find_label_errors(fitted.vectors, digests, labels, cuts_around(fitted.tree, best))


def planted(labels: np.ndarray, rate: float) -> np.ndarray:
    """The labels with a share of them moved to a random other model."""
    rng = np.random.default_rng(SEED)
    moved, n_models = labels.copy(), int(labels.max()) + 1
    rows = rng.choice(len(labels), max(2, round(rate * len(labels))), replace=False)
    moved[rows] = (labels[rows] + rng.integers(1, n_models, len(rows))) % n_models
    return moved


def report(what: str, errors: LabelErrors, true: np.ndarray, given: np.ndarray, seconds: float) -> None:
    """One line."""
    wrong, listed = true != given, errors.suspects()
    hits = listed[wrong[listed]]
    named = int((errors.suggested[hits] == true[hits]).sum())
    precision = len(hits) / len(listed) if len(listed) else 1.0
    print(
        f"{what:52s} precision {precision:.2f} recall {len(hits) / wrong.sum():.2f}  AP "
        f"{average_precision_score(wrong, errors.score):.3f}  {len(hits)}/{wrong.sum()} planted, {named} right model, "
        f"estimated {errors.n_wrong:.0f}, cut-off {errors.cutoff:.2f}, {seconds:.1f} s",
        flush=True,
    )


def measure(folder: Path, extractor: str, space: str) -> None:
    """The demo's own errors, or those planted here, at several rates."""
    catalog = load_catalog(folder, cache=cache_dir())
    features = features_of(catalog, extractor, {}, cache_dir())
    fitted = fit(catalog, features, Recipe(space, {}, "average", {}), Store(cache_dir()))
    given = fitted.catalog.labels_true
    is_demo = folder.parent == cache_dir().resolve()
    truth = demo_truth().wrong_labels if is_demo else {}
    number = {model: place for place, model in enumerate(fitted.catalog.models)}
    shown = [truth.get(image.image_id, image.model) for image in fitted.catalog.images]
    true = np.array([number[model] for model in shown])
    for rate in (None,) if is_demo else RATES:
        labels = given if rate is None else planted(true, rate)
        start = time.perf_counter()
        errors = find(fitted, labels)
        name = "demo" if is_demo else f"{folder.name} {rate:.0%}"
        report(f"{name}, {extractor}, {space}", errors, true, labels, time.perf_counter() - start)


def at_full_size(n_images: int = 10_522, n_models: int = 141, n_features: int = 1280) -> None:
    """Seconds for vectors drawn at random around one centre a model."""
    rng = np.random.default_rng(SEED)
    true = rng.integers(n_models, size=n_images)
    rows = rng.standard_normal((n_models, n_features), dtype=np.float32)[true]
    rows += 1.5 * rng.standard_normal((n_images, n_features), dtype=np.float32)
    labels = planted(true, 0.02)
    cuts = [true // share for share in (1, 2, 3, 4, 5)]
    start = time.perf_counter()
    errors = find_label_errors(rows, [f"{row:032x}" for row in range(n_images)], labels, cuts)
    report(f"{n_images:,} x {n_features:,} at random", errors, true, labels, time.perf_counter() - start)


def main() -> None:
    """Every catalogue at hand with every extractor at hand, raw and whitened."""
    folders = [demo_catalog_folder(cache_dir()), *(SHARED / name for name in PLANTED_IN if (SHARED / name).is_dir())]
    extractors = [name for name in ("color_shape", "mobilenet_v2") if not why_unavailable(name)]
    for folder in folders:
        for extractor in extractors:
            for space in ("raw", "whitened"):
                measure(folder, extractor, space)
    at_full_size()


if __name__ == "__main__":
    main()
