"""ARI by precision: what bf16 and int8 cost where photos are grouped (half-whitened, average linkage).

    python tests/benchmarks/bench_precision.py [--int8] [--parts N] FOLDER...

Every threshold is the best one on the very photos it is scored on. Without a folder: the demo. One catalogue says
little, since its best ARI moves with the smallest change; so N parts of it tell the mean difference. Each part holds
seven of ten models and seven of ten of their photos.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from shopsim.base.disk.store import Store
from shopsim.base.paths import cache_dir
from shopsim.catalog.catalog import Catalog
from shopsim.catalog.demo.demo import demo_catalog_folder
from shopsim.catalog.open_folder import load_catalog
from shopsim.features.extract import Features
from shopsim.features.networks.weights import why_unavailable
from shopsim.grouping.fit import features_of, fit
from shopsim.grouping.recipe import Recipe

NETWORKS = ("efficientnet_lite0", "mobilenet_v2")
SHARE = 0.7


def main(folders: list[Path], precisions: list[str], n_parts: int) -> None:
    """Prints a line per catalogue, network and precision."""
    cache = cache_dir()
    for folder in folders or [demo_catalog_folder(cache)]:
        catalog = load_catalog(folder, cache=cache)
        for network in NETWORKS:
            if why_unavailable(network):
                continue
            exact = features_of(catalog, network, {"precision": precisions[0]}, cache)
            of_parts, whole = parts_aris(catalog, exact, n_parts), best_of(catalog, exact)
            for precision in precisions:
                features = features_of(catalog, network, {"precision": precision}, cache)
                ari = best_of(catalog, features)
                cosines = (features.vectors * exact.vectors).sum(axis=1)
                print(
                    f"{folder.name:16}{network:20}{precision:11}{len(features.image_ids):6,} photos, ARI {ari[0]:.4f} "
                    f"({ari[0] - whole[0]:+.4f}) at {ari[1]:.3f}; cosine to float32: mean "
                    f"{cosines.mean():.5f}, least {cosines.min():.5f}",
                    flush=True,
                )
                if n_parts and precision != precisions[0]:
                    gains = parts_aris(catalog, features, n_parts) - of_parts
                    print(
                        f"{'':36}{n_parts} parts: ARI {gains.mean():+.4f} on average, standard error "
                        f"{gains.std(ddof=1) / np.sqrt(n_parts):.4f}, from {gains.min():+.4f} to {gains.max():+.4f}",
                        flush=True,
                    )


def parts_aris(catalog: Catalog, features: Features, n_parts: int) -> np.ndarray:
    """(n_parts,) best ARI of each part; the same parts for the same catalogue."""
    rng = np.random.default_rng(0)
    labels_true = catalog.subset(features.image_ids).labels_true
    models = np.unique(labels_true)
    aris = np.empty(n_parts)
    for part in range(n_parts):
        kept = np.isin(labels_true, rng.permutation(models)[: max(2, round(SHARE * len(models)))])
        rows = np.flatnonzero(kept & (rng.random(len(kept)) < SHARE))
        aris[part] = best_of(catalog, features.of([features.image_ids[row] for row in rows]))[0]
    return aris


def best_of(catalog: Catalog, features: Features) -> tuple[float, float]:
    """The best ARI and its threshold."""
    curve = fit(catalog, features, Recipe("whitened", {}, "average", {}), Store(cache_dir())).curve
    return curve.ari[curve.best], curve.best_threshold


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--int8", action="store_true")
    parser.add_argument("--parts", type=int, default=0)
    given = parser.parse_args()
    main(given.folders, ["float32", "automatic", *(["int8"] if given.int8 else [])], given.parts)
