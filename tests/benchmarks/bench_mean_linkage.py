"""Average linkage from 3,000 to 300,000 made-up photos: processor time, peak memory, and equality with SciPy's tree.

Run from the project's root: python tests/benchmarks/bench_mean_linkage.py [n_images ...]
Each line is a process of its own, so that its peak memory is its own. 3,000, 10,000, 30,000 and 100,000 by default.
"""

import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from shopsim.base.rows import unit_rows
from shopsim.clusterers.distances import condensed_distances
from shopsim.clusterers.hierarchical import tree_from_distances
from shopsim.clusterers.mean_linkage import linkage_by_means, mean_linkage_memory
from shopsim.clusterers.merge_tree import MergeTree

N_FEATURES = 256
PHOTOS_PER_MODEL = 8
N_THRESHOLDS = 400
# SciPy's tree of more photos takes too much memory to compare with.
MOST_COMPARED = 10_000


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


def rung(n_images: int) -> None:
    """One line of the table."""
    rows = sample(n_images)
    start, wall = time.process_time(), time.perf_counter()
    ours = MergeTree(linkage_by_means(rows), n_images)
    seconds, waited = time.process_time() - start, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    estimate = mean_linkage_memory(n_images, N_FEATURES) / 2**30
    line = f"{n_images:>9,} {seconds:>12.1f} {waited:>8.1f} {peak:>8.2f} {estimate:>12.2f}"
    print(line + (f"   {compared(rows, ours)}" if n_images <= MOST_COMPARED else ""), flush=True)


def compared(rows: np.ndarray, ours: MergeTree) -> str:
    """SciPy's time, and at how many of 400 thresholds, midway between two of its heights, the groups are the same."""
    start = time.process_time()
    theirs = tree_from_distances(condensed_distances(rows), len(rows), "average")
    seconds = time.process_time() - start
    places = np.linspace(0, len(theirs.similarities) - 2, N_THRESHOLDS).astype(int)
    middles = (theirs.similarities[places] + theirs.similarities[places + 1]) / 2
    same = sum(np.array_equal(ours.cut(value), theirs.cut(value)) for value in middles)
    apart = float(np.abs(ours.linkage[:, 2] - theirs.linkage[:, 2]).max())
    near = int((theirs.similarities[places] - theirs.similarities[places + 1] < 2 * apart).sum())
    return (
        f"SciPy {seconds:.1f} s; same groups at {same} of {N_THRESHOLDS} thresholds ({near} of them nearer to a height "
        f"than single precision tells); heights within {apart:.1e}"
    )


if __name__ == "__main__":
    sizes = [int(argument) for argument in sys.argv[1:]]
    if len(sizes) == 1:
        rung(sizes[0])
    else:
        print(f"{'photos':>9} {'processor s':>12} {'wall s':>8} {'peak GB':>8} {'estimate GB':>12}", flush=True)
        for size in sizes or [3000, 10_000, 30_000, 100_000]:
            subprocess.run([sys.executable, __file__, str(size)], check=True)
