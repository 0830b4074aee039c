"""Trees of 3,000 to 300,000 made-up photos without a square matrix: processor time, peak memory, equality with SciPy.

Run from the project's root:
    python tests/benchmarks/bench_mean_linkage.py [n_images ...] [--clusterer average|single|dbscan] [--group]
Each line is a process of its own, so that its peak memory is its own. 3,000, 10,000, 30,000 and 100,000 by default.
--group: also runs `python -m shopsim group` on the same photos, brought as own vectors, and prints what that takes.
The last column says whether a line keeps the limits that were set for average linkage.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from shopsim.base.rows import unit_rows
from shopsim.clusterers import clusterers
from shopsim.clusterers.distance_trees import tree_from_distances
from shopsim.clusterers.distances import condensed_distances, raise_to_core_distances
from shopsim.clusterers.mean_linkage import linkage_by_means
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.clusterers.spanning_tree import spanning_tree

ROOT = Path(__file__).parents[2]
N_FEATURES = 256
PHOTOS_PER_MODEL = 8
N_THRESHOLDS = 400
MIN_SAMPLES = {"single": 1, "dbscan": 4}
# SciPy's tree of more photos takes too much memory to compare with.
MOST_COMPARED = 10_000
MOST_SECONDS = {30_000: 30, 100_000: 200, 300_000: 1200}
MOST_GB = {30_000: 0.7, 100_000: 1.0}
MOST_SECONDS_BEYOND = 60


def sample(n_images: int, n_features: int = N_FEATURES) -> np.ndarray:
    """(n, n_features) float32 unit rows around models, and models around kinds of products."""
    rng = np.random.default_rng(0)
    n_models = n_images // PHOTOS_PER_MODEL
    kinds = rng.standard_normal((n_models // 10 + 1, n_features), dtype=np.float32)
    models = 0.7 * kinds[rng.integers(len(kinds), size=n_models)]
    models += rng.standard_normal((n_models, n_features), dtype=np.float32)
    rows = models[rng.integers(n_models, size=n_images)]
    rows += rng.standard_normal((n_images, n_features), dtype=np.float32)
    return unit_rows(rows)


def tree_of(rows: np.ndarray, clusterer: str) -> MergeTree:
    """The tree without a square matrix, also of few photos."""
    if clusterer == "average":
        return MergeTree(linkage_by_means(rows), len(rows))
    return spanning_tree(rows, MIN_SAMPLES[clusterer])


def rung(n_images: int, clusterer: str, with_group: bool) -> None:
    """One line of the table."""
    rows = sample(n_images)
    start, wall = time.process_time(), time.perf_counter()
    ours = tree_of(rows, clusterer)
    seconds, waited = time.process_time() - start, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    estimate = clusterers.create(clusterer).memory(n_images, N_FEATURES) / 2**30
    line = f"{n_images:>9,} {seconds:>12.1f} {waited:>8.1f} {peak:>8.2f} {estimate:>12.2f}"
    kept = seconds <= MOST_SECONDS.get(n_images, np.inf) and peak <= MOST_GB.get(n_images, np.inf)
    # Before SciPy's tree, whose memory a process that is forked then would be charged with.
    if with_group:
        in_all, largest = group(rows, clusterer)
        line += f"   `group` {in_all:.1f} s in all, {largest:.2f} GB"
        kept = kept and in_all - seconds <= MOST_SECONDS_BEYOND
    if n_images <= MOST_COMPARED:
        told, is_same, theirs = compared(rows, ours, clusterer)
        line, kept = f"{line}   {told}", kept and is_same and (n_images < MOST_COMPARED or seconds <= theirs)
    print(f"{line}   {'keeps its limits' if kept else 'MISSES ITS LIMITS'}", flush=True)


def compared(rows: np.ndarray, ours: MergeTree, clusterer: str) -> tuple[str, bool, float]:
    """A sentence, whether the groups are SciPy's at 400 thresholds, and SciPy's processor seconds.

    The thresholds are midway between two of SciPy's heights, spread over all that the rounding of single precision, in
    which both trees are computed, leaves apart.
    """
    start = time.process_time()
    distances = condensed_distances(rows)
    if MIN_SAMPLES.get(clusterer, 1) > 1:
        raise_to_core_distances(distances, len(rows), MIN_SAMPLES[clusterer])
    theirs = tree_from_distances(distances, len(rows), "average" if clusterer == "average" else "single")
    seconds = time.process_time() - start
    apart = float(np.abs(ours.linkage[:, 2] - theirs.linkage[:, 2]).max())
    edges = theirs.similarities
    wide = np.flatnonzero(edges[:-1] - edges[1:] > 2 * apart)
    places = wide[np.linspace(0, len(wide) - 1, N_THRESHOLDS).astype(int)]
    same = sum(np.array_equal(ours.cut(value), theirs.cut(value)) for value in (edges[places] + edges[places + 1]) / 2)
    told = (
        f"SciPy {seconds:.1f} s; same groups at {same} of {N_THRESHOLDS} thresholds between heights that rounding "
        f"leaves apart ({len(wide) / (len(edges) - 1):.1%}); heights within {apart:.1e}"
    )
    return told, same == N_THRESHOLDS and apart < 1e-6, seconds


def group(rows: np.ndarray, clusterer: str) -> tuple[float, float]:
    """Processor seconds and peak GB of the whole command, with nothing in the cache."""
    with tempfile.TemporaryDirectory() as folder:
        photos = Path(folder) / "photos"
        photos.mkdir()
        np.save(photos / "features.npy", rows)
        (photos / "img_paths.txt").write_text("".join(f"{row:07}.jpg\n" for row in range(len(rows))))
        homes = {name: str(Path(folder) / name) for name in ("SHOPSIM_HOME", "SHOPSIM_CACHE")}
        command = [sys.executable, "-m", "shopsim", "group", photos, "--clusterer", clusterer, "--out", f"{folder}/out"]
        # It names each picture that is not there.
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(command, check=True, cwd=ROOT, env=os.environ | homes, **quiet)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 2**20


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", nargs="*", type=int, default=[3000, 10_000, 30_000, 100_000])
    parser.add_argument("--clusterer", choices=("average", "single", "dbscan"), default="average")
    parser.add_argument("--group", action="store_true")
    given = parser.parse_args()
    if len(given.sizes) == 1:
        rung(given.sizes[0], given.clusterer, given.group)
    else:
        print(f"{'photos':>9} {'processor s':>12} {'wall s':>8} {'peak GB':>8} {'estimate GB':>12}", flush=True)
        for size in given.sizes:
            options = ["--clusterer", given.clusterer, *(["--group"] if given.group else [])]
            subprocess.run([sys.executable, __file__, str(size), *options], check=True)
