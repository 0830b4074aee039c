"""Seconds of the leaderboard for 3 extractors x 3 spaces x 5 clusterers on features at hand, and of a second run.

Run from the project's root: python tests/benchmarks/bench_leaderboard.py [folder of photos; the demo by default]
"""

import sys
import tempfile
import time
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from shopsim.base.paths import cache_dir
from shopsim.catalog.catalog import Catalog
from shopsim.catalog.demo.demo import demo_catalog_folder
from shopsim.catalog.open_folder import load_catalog
from shopsim.clusterers import clusterers
from shopsim.features.extract import Features
from shopsim.features.networks.weights import why_unavailable
from shopsim.grouping.fit import features_of
from shopsim.grouping.recipe import Recipe
from shopsim.spaces import spaces
from shopsim.tuning.leaderboard import fill, load_all
from shopsim.tuning.leaderboard_cell import Cell
from shopsim.tuning.leaderboard_table import by_score, row_titles

EXTRACTORS = ("color_shape", "image_signature", "mobilenet_v2")
CLUSTERERS = ("average", "complete", "hdbscan", "kmeans", "leiden")
N_SPACES = 3


def cells() -> list[Cell]:
    """The settings: of the extractors those whose weights are here, of the spaces the first three."""
    extractors = [name for name in EXTRACTORS if why_unavailable(name) is None]
    chosen = [name for name in CLUSTERERS if name in clusterers.names()]
    found = product(extractors, spaces.names()[:N_SPACES], chosen)
    return [Cell(extractor, {}, Recipe(space, {}, clusterer, {})) for extractor, space, clusterer in found]


def extracted(catalog: Catalog, settings: list[Cell]) -> dict[str, Features]:
    """Features of each extractor, from the cache where they are there."""
    found = {}
    for name in dict.fromkeys(cell.extractor for cell in settings):
        start = time.perf_counter()
        found[name] = features_of(catalog, name, {}, cache_dir())
        print(f"  features of {name}: {time.perf_counter() - start:.1f} s, not counted below")
    return found


def main(folder: Path) -> None:
    """Every row with its seconds, the whole, and the whole again."""
    catalog, settings = load_catalog(folder), cells()
    print(f"{catalog.name}: {len(catalog.images):,} photos, {len(catalog.models):,} models, {len(settings)} settings")
    features = extracted(catalog, settings)
    loaded = load_all(settings, lambda cell, progress: features[cell.extractor])
    with tempfile.TemporaryDirectory() as cache:
        for run in ("first", "second"):
            start = time.perf_counter()
            rows = fill(catalog, settings, loaded, Path(cache))
            print(f"  {run} run: {time.perf_counter() - start:.2f} s")
    for row in by_score(rows):
        told = f"{row.scores.ari:.3f} {row.scores.interval} {row.scores.seconds:7.2f} s" if row.scores else row.reason
        print(f"  {told}  {' · '.join(title for title in row_titles(row) if title)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else demo_catalog_folder(cache_dir()))
