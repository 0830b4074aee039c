"""Prints how long Auto takes and what it finds, and how the tuned groups do on photos of other models.

    python tests/benchmarks/bench_auto.py [--extractor NAME] FOLDER...

Half of the models are tuned on, the other half is grouped as tuned: with the threshold corrected for how many photos
there are, and without. Features are extracted before. Without a folder: the demo.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from shopsim.base.paths import cache_dir
from shopsim.catalog.catalog import Catalog
from shopsim.catalog.demo.demo import demo_catalog_folder
from shopsim.catalog.open_folder import load_catalog
from shopsim.features.extract import Features
from shopsim.grouping.companions import companion_features, companions_of, views_of
from shopsim.grouping.fit import features_of
from shopsim.scoring.evaluation import evaluate
from shopsim.scoring.folds import model_folds
from shopsim.tuning.settings import TunedSettings
from shopsim.tuning.tune import tune
from shopsim.tuning.tuned_groups import consensus


def report(catalog: Catalog, extractor: str) -> None:
    """Some lines per catalogue."""
    features = features_of(catalog, extractor, {}, cache_dir())
    catalog = catalog.subset(features.image_ids)
    added = companion_features(catalog, features, cache_dir(), companions_of(extractor))
    started = time.perf_counter()
    settings = tune(catalog, features, extractor, {}, added, seconds=None)
    seconds = time.perf_counter() - started
    print(f"{catalog.name}, {extractor}: {len(catalog.images):,} photos, {len(catalog.models)} models")
    print(f"  Auto tries {len(settings.trials)} candidates in {seconds:.1f} s. {settings.sentence}")
    fold = model_folds(catalog.labels_true, 2)[0]
    tuning = [catalog.image_ids[row] for row in fold.tuning]
    few = {name: other.of(tuning) for name, other in added.items()}
    # Validation folds of a fifth, so that the other half is more photos than the rules were tuned for.
    half = tune(catalog.subset(tuning), features.of(tuning), extractor, {}, few, seconds=None)
    _apply(catalog, features, added, half, fold.held_out, extractor)


def _apply(
    catalog: Catalog,
    features: Features,
    added: dict[str, Features],
    settings: TunedSettings,
    rows: np.ndarray,
    main: str,
) -> None:
    views = {name: vectors[rows] for name, vectors in views_of(main, features, added).items()}
    truth = catalog.labels_true[rows]
    for told, n_tuned in (("corrected for its size", settings.n_validation), ("not corrected", float(len(rows)))):
        same = replace(settings, n_validation=n_tuned)
        started = time.perf_counter()
        tree = consensus(same.members, same.fitted, views, same.prior, same.n_validation)
        found = evaluate(truth, tree.cut(tree.control.default))
        print(
            f"  the other half ({len(rows):,} photos; tuned for {settings.n_validation:,.0f}), {told}: "
            f"ARI {found.ari:.3f}, {found.n_groups} groups of {found.n_models} models, "
            f"{time.perf_counter() - started:.1f} s"
        )


def main() -> None:
    """Every catalogue named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", metavar="FOLDER", nargs="*", type=Path)
    parser.add_argument("--extractor", metavar="NAME", default="color_shape")
    args = parser.parse_args()
    for folder in args.folders or [demo_catalog_folder(cache_dir())]:
        report(load_catalog(folder), args.extractor)


if __name__ == "__main__":
    main()
