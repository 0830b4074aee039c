"""Seconds and memory of the tree, the cut and the curve at 10,000 x 1,280, and the ratio to other libraries.

Run from the project's root: python tests/benchmarks/bench_tree.py [n_images] [n_images of the comparison]
"""

import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from shopsim.clusterers import clusterers
from shopsim.grouping.group_table import group_table, similarity_to_representative
from shopsim.scoring.curve import threshold_curve
from shopsim.spaces import spaces

N_FEATURES = 1280
N_MODELS = 141


def sample(n_images: int) -> tuple[np.ndarray, np.ndarray]:
    """(n, 1280) float32 unit rows around one centre a model, and the models."""
    rng = np.random.default_rng(0)
    models = rng.integers(N_MODELS, size=n_images)
    rows = rng.standard_normal((N_MODELS, N_FEATURES), dtype=np.float32)[models]
    rows += 1.5 * rng.standard_normal((n_images, N_FEATURES), dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True), models


def seconds(work: Callable[[], object], repeats: int = 1) -> float:
    """Median wall time."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def peak_gb() -> float:
    """The most memory this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def full_size(n_images: int) -> None:
    """What the app does at the size of the training set."""
    rows, models = sample(n_images)
    before = peak_gb()
    tree = clusterers.create("average").fit(rows)  # also imports what it needs, which is not counted below
    print(f"{n_images:,} x {N_FEATURES:,}; peak memory of the tree {peak_gb():.2f} GB, {before:.2f} GB before it")
    print(f"  estimate told to people: {clusterers.create('average').memory(n_images, N_FEATURES) / 2**30:.2f} GB")
    for name in ("average", "complete", "single", "dbscan"):
        clusterer, start = clusterers.create(name), time.process_time()
        taken = seconds(lambda chosen=clusterer: chosen.fit(rows))
        print(f"  tree, {name}: {taken:.2f} s, {time.process_time() - start:.2f} s of processor time")
    thresholds = iter(np.linspace(tree.similarities[-1], tree.similarities[0], 21))
    print(f"  cut: {seconds(lambda: tree.cut(next(thresholds)), 21) * 1000:.1f} ms")
    curve = threshold_curve(tree, models)
    points = f"{len(curve):,} points, best ARI {curve.ari[curve.best]:.3f}"
    print(f"  curve: {seconds(lambda: threshold_curve(tree, models), 3):.3f} s ({points})")
    groups = tree.cut(curve.best_threshold)
    ids = [f"{i:06d}.jpg" for i in range(n_images)]

    def table() -> None:
        group_table(ids, groups, similarity_to_representative(groups, rows))

    print(f"  group table, {groups.max() + 1:,} groups: {seconds(table, 3):.3f} s")
    whitening = spaces.create("whitened")
    print(f"  whitening: {seconds(lambda: whitening.fit(rows).transform(rows)):.2f} s")


def against_others(n_images: int) -> None:
    """The same tree by the usual calls, in the same run."""
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import pdist
    from sklearn.cluster import AgglomerativeClustering

    rows, _ = sample(n_images)
    ours = seconds(lambda: clusterers.create("average").fit(rows), 3)
    scipys = seconds(lambda: linkage(pdist(rows, "cosine"), "average"))
    model = AgglomerativeClustering(N_MODELS, metric="cosine", linkage="average")
    scikits = seconds(lambda: model.fit(rows))
    print(f"{n_images:,} x {N_FEATURES:,}, average linkage: {ours:.2f} s")
    print(f"  SciPy's pdist and linkage: {scipys:.2f} s, {scipys / ours:.1f} times as long")
    print(f"  scikit-learn's AgglomerativeClustering: {scikits:.2f} s, {scikits / ours:.1f} times as long")


if __name__ == "__main__":
    sizes = [int(argument) for argument in sys.argv[1:]]
    full_size(sizes[0] if sizes else 10_000)
    against_others(sizes[1] if len(sizes) > 1 else 3_000)
