"""ARI by precision: what bf16 and int8 cost where photos are grouped (half-whitened, average linkage).

    python tests/benchmarks/bench_precision.py [--int8] FOLDER...

Every threshold is the best one on the very photos it is scored on. Without a folder: the demo.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from shopsim.base.disk.store import Store
from shopsim.base.paths import cache_dir
from shopsim.catalog.demo.demo import demo_catalog_folder
from shopsim.catalog.open_folder import load_catalog
from shopsim.features.networks.weights import why_unavailable
from shopsim.grouping.fit import features_of, fit
from shopsim.grouping.recipe import Recipe

NETWORKS = ("efficientnet_lite0", "mobilenet_v2")


def main(folders, precisions):
    """Prints a line per catalogue, network and precision."""
    cache = cache_dir()
    for folder in folders or [demo_catalog_folder(cache)]:
        catalog = load_catalog(folder, cache=cache)
        for network in NETWORKS:
            if why_unavailable(network):
                continue
            exact = None
            for precision in precisions:
                features = features_of(catalog, network, {"precision": precision}, cache)
                fitted = fit(catalog, features, Recipe("whitened", {}, "average", {}), Store(cache))
                ari = fitted.curve.ari[fitted.curve.best]
                if exact is None:
                    exact = features.vectors, ari
                cosines = (features.vectors * exact[0]).sum(axis=1)
                print(
                    f"{folder.name:16}{network:20}{precision:11}{len(features.image_ids):6,} photos, ARI {ari:.4f} "
                    f"({ari - exact[1]:+.4f}) at {fitted.curve.best_threshold:.3f}; cosine to float32: mean "
                    f"{cosines.mean():.5f}, least {cosines.min():.5f}",
                    flush=True,
                )


if __name__ == "__main__":
    given = sys.argv[1:]
    ways = ["float32", "automatic", *(["int8"] if "--int8" in given else [])]
    main([Path(each) for each in given if each != "--int8"], ways)
