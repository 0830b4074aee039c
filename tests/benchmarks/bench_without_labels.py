"""Prints how well the built-in settings group photos whose labels they do not see, and how right they expect to be.

    python tests/benchmarks/bench_without_labels.py [--extractor NAME] [--parts N] FOLDER...

Of each labelled catalogue: all photos, and N parts with fewer models and fewer photos per model. Without a folder: the
demo. Photos of a catalogue that the shipped model was made from are marked as seen; the lines of the model's card
below show how forests do on families of photos that they have not seen.
"""

from __future__ import annotations

import argparse
import sys
import time
import zlib
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from built_in.sampling import parts_of  # noqa: E402

from shopsim.base.labels import UNLABELLED  # noqa: E402
from shopsim.base.paths import cache_dir  # noqa: E402
from shopsim.catalog.catalog import Catalog  # noqa: E402
from shopsim.catalog.demo.demo import demo_catalog_folder  # noqa: E402
from shopsim.catalog.open_folder import load_catalog  # noqa: E402
from shopsim.clusterers import clusterers  # noqa: E402
from shopsim.clusterers.merge_tree import longest_plateau, threshold_for_size  # noqa: E402
from shopsim.grouping.companions import companion_features, light_companion_of  # noqa: E402
from shopsim.grouping.fit import features_of  # noqa: E402
from shopsim.grouping.recipe import Recipe  # noqa: E402
from shopsim.scoring.curve import threshold_curve  # noqa: E402
from shopsim.scoring.evaluation import evaluate  # noqa: E402
from shopsim.spaces import spaces  # noqa: E402
from shopsim.tuning.built_in.opening import opening_without_labels  # noqa: E402
from shopsim.tuning.built_in.shipped import shipped  # noqa: E402

HEAD = (
    "part                  photos models  best built-in  share expected  plateau  "
    "told the size: built-in, by pairs; size: estimate (range)"
)


def report(catalog: Catalog, name: str, extractor: str, n_parts: int) -> None:
    """One line per part, and their mean."""
    model = shipped(extractor)
    seen = model is not None and name in model.card["photos"]
    print(f"\n{name}, {extractor}{', seen by the shipped model' if seen else ''}\n{HEAD}")
    features = features_of(catalog, extractor, {}, cache_dir())
    (second,) = companion_features(catalog, features, cache_dir(), (light_companion_of(extractor),)).values()
    labels_true = catalog.subset(features.image_ids).labels_true
    labelled = np.flatnonzero(labels_true != UNLABELLED)
    rng = np.random.default_rng(zlib.crc32(name.encode()) + 1)
    parts = list(parts_of(labels_true[labelled], rng))
    chosen = [parts[0], *(parts[at] for at in sorted(1 + rng.permutation(len(parts) - 1)[:n_parts]))]
    found = []
    for part, rows in chosen:
        rows = labelled[rows]
        found.append(_line(part, features.vectors[rows], second.vectors[rows], labels_true[rows], extractor))
    shares, errors, held, seconds, built_in, by_pairs = np.array([one for one in found if one is not None]).T
    print(
        f"share of the best: mean {shares.mean():.3f}, worst {shares.min():.3f}, "
        f"{(shares < 0.7).sum()} of {len(shares)} below 0.7; expected ARI off by {errors.mean():.3f} on average, the "
        f"true one {held.sum():.0f} times in the range; told the size: mean {built_in.mean():.3f} built-in, "
        f"{by_pairs.mean():.3f} by pairs; {seconds.mean():.1f} s, at most {seconds.max():.1f}"
    )


def _line(part: str, features: np.ndarray, second: np.ndarray, labels_true: np.ndarray, extractor: str):
    recipe = Recipe()
    vectors = spaces.create(recipe.space).fit(features).transform(features)
    tree = clusterers.create(recipe.clusterer).fit(vectors)
    started = time.perf_counter()
    blind = opening_without_labels(extractor, recipe, tree, vectors, features, second)
    seconds = time.perf_counter() - started
    n_models = len(np.unique(labels_true))
    if blind is None or n_models == len(labels_true):
        return None
    best = float(threshold_curve(tree, labels_true).ari.max())
    size = len(labels_true) / n_models

    def ari(threshold: float) -> float:
        return evaluate(labels_true, tree.cut(threshold)).ari

    true, expected, photos = ari(blind.threshold), blind.expected.at(blind.threshold).ari, blind.photos_per_model
    told = ari(blind.at_photos_per_model(size)), ari(threshold_for_size(tree, size))
    print(
        f"{part:22}{len(labels_true):6}{n_models:7}{best:6.2f}{true:9.2f}{true / best:7.2f}{expected.value:9.2f}"
        f"{ari(longest_plateau(tree)):9.2f}{told[0]:21.2f}{told[1]:7.2f}"
        f"  {size:.1f}: {photos.value:.1f} ({photos.low:.1f} to {photos.high:.1f})"
    )
    held = expected.low <= true <= expected.high
    shares_told = (max(found, 0.0) / best for found in told)
    return max(true, 0.0) / best, abs(true - expected.value), held, seconds, *shares_told


def main() -> None:
    """Reads the options."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", metavar="FOLDER", nargs="*", type=Path)
    parser.add_argument("--extractor", default="efficientnet_lite0")
    parser.add_argument("--parts", type=int, default=12)
    args = parser.parse_args()
    folders = [(folder, folder.resolve().name) for folder in args.folders] or [
        (demo_catalog_folder(cache_dir()), "demo")
    ]
    for folder, name in folders:
        report(load_catalog(folder), name, args.extractor, args.parts)
    model = shipped(args.extractor)
    if model is not None:
        print("\nEach family of photos by a forest that has not seen it, as the model's card says:")
        print(*model.card["unseen"], sep="\n")


if __name__ == "__main__":
    main()
