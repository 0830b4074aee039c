"""Prints ARI of the public baseline's recipe and of ours on folders of labelled photos.

    python tests/benchmarks/bench_accuracy.py [--extractor NAME] FOLDER...

Every threshold here is the best one on the very photos it is scored on, so these figures flatter; K-means with
K = n // 70 and the guess are tuned on nothing. Without a folder: the demo.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from sklearn.cluster import KMeans

from shopsim.base.disk.store import Store
from shopsim.base.paths import cache_dir
from shopsim.catalog.catalog import Catalog
from shopsim.catalog.demo.demo import demo_catalog_folder
from shopsim.catalog.open_folder import load_catalog
from shopsim.features.extract import Features
from shopsim.grouping.fit import OWN_VECTORS, features_of, fit
from shopsim.grouping.grouping import Fitted
from shopsim.grouping.recipe import Recipe
from shopsim.scoring.evaluation import evaluate

PHOTOS_PER_GROUP = 70


def kmeans_ari(labels_true: np.ndarray, vectors: np.ndarray, n_groups: int) -> float:
    """ARI of scikit-learn's K-means with 10 starts."""
    labels_pred = KMeans(n_groups, n_init=10, random_state=0).fit_predict(vectors)
    return evaluate(labels_true, labels_pred).ari


def best(fitted: Fitted) -> str:
    """ARI at the best threshold, and which that is."""
    return f"{fitted.curve.ari[fitted.curve.best]:.3f} at {fitted.curve.best_threshold:.1%}"


def report(name: str, catalog: Catalog, features: Features, store: Store) -> None:
    """One block of lines per catalogue."""
    kept = catalog.subset(features.image_ids)
    labels_true, n_images, n_models = kept.labels_true, len(kept.images), len(kept.models)
    print(f"{name}: {n_images:,} photos, {n_models} models")
    k = max(1, n_images // PHOTOS_PER_GROUP)
    print(f"  baseline: K-means, raw features, K = n // 70 = {k}: {kmeans_ari(labels_true, features.raw, k):.3f}")
    print(f"  K-means, raw features, true K = {n_models}: {kmeans_ari(labels_true, features.raw, n_models):.3f}")
    for clusterer in ("average", "complete"):
        for space in ("raw", "whitened"):
            fitted = fit(catalog, features, Recipe(space, {}, clusterer, {}), store)
            guess = fitted.group(fitted.control.default).evaluation
            print(f"  {clusterer} linkage, {space}: best {best(fitted)}; the guess without labels {guess.ari:.3f}")
            if clusterer == "average" and space == "whitened":
                whitened = fitted.vectors
    print(f"  K-means, whitened, true K = {n_models}: {kmeans_ari(labels_true, whitened, n_models):.3f}")


def main() -> None:
    """Every catalogue with every extractor named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extractor", action="append")
    parser.add_argument("folder", nargs="*", type=Path)
    given = parser.parse_args()
    cache = cache_dir()
    for folder in given.folder or [demo_catalog_folder(cache)]:
        catalog = load_catalog(folder, cache=cache)
        for name in given.extractor or ["color_shape"]:
            own = OWN_VECTORS if catalog.vectors_path else name
            report(f"{folder.name}, {own}", catalog, features_of(catalog, own, {}, cache), Store(cache))


if __name__ == "__main__":
    main()
