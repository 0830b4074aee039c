"""Neighbour lists and average linkage by both searches: processor time, peak memory, and how far the trees agree.

Run from the project's root: python tests/benchmarks/bench_lists.py [n_images] [n_features] [exact|hnsw]
100,000 x 256 made-up photos and both searches by default. Each search is a process of its own, so that its peak memory
is its own.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from bench_mean_linkage import sample
from sklearn.metrics import adjusted_rand_score

from shopsim.clusterers.mean_groups import LIST_LENGTH
from shopsim.clusterers.mean_linkage import linkage_by_means
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.clusterers.neighbour_lists import SEARCHES, neighbour_lists

N_CHECKED = 1000
# Cuts into so many groups per 100 photos.
LEVELS = (80, 50, 30, 20, 15, 12, 10, 5, 2)


def run(n_images: int, n_features: int, search: str, folder: Path) -> None:
    """Searches, makes the tree, and writes the tree and some of the lists."""
    rows = sample(n_images, n_features)
    print(f"{search:>6} {n_images:>9,} x {n_features}: rows {peak():.2f} GB", flush=True)
    start = clock()
    lists = neighbour_lists(rows, LIST_LENGTH, search=search)
    told = "" if lists.found is None else f"; {lists.found:.2%} of neighbours found"
    print(f"{search:>6} lists {since(start)}, peak {peak():.2f} GB{told}", flush=True)
    start = clock()
    linkage = linkage_by_means(rows, lists=lists)
    print(f"{search:>6} tree  {since(start)}, peak {peak():.2f} GB", flush=True)
    checked = np.random.default_rng(1).permutation(n_images)[:N_CHECKED]
    right = [lists.ids[row, 0] == nearest_by_brute_force(rows, row) for row in checked]
    print(f"{search:>6} recall@1 on {N_CHECKED:,} photos: {np.mean(right):.3f}", flush=True)
    np.save(folder / f"{search}.npy", linkage)


def nearest_by_brute_force(rows: np.ndarray, row: int) -> int:
    """The most similar other row."""
    similarity = rows @ rows[row]
    similarity[row] = -np.inf
    return int(similarity.argmax())


def clock() -> tuple[float, float]:
    """Processor and wall time."""
    return time.process_time(), time.perf_counter()


def since(start: tuple[float, float]) -> str:
    """Both times that have passed."""
    now = clock()
    return f"{now[0] - start[0]:8.1f} s of CPU, {now[1] - start[1]:8.1f} s wall"


def peak() -> float:
    """Peak memory of this process in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def in_the_same_group(one: np.ndarray, other: np.ndarray) -> float:
    """The share of photos whose group has exactly the same photos in both."""
    pair = np.unique(one * (other.max() + 1) + other, return_inverse=True)[1]
    size = np.bincount(pair)[pair]
    return float(((size == np.bincount(one)[one]) & (size == np.bincount(other)[other])).mean())


def compare(folder: Path, n_images: int) -> None:
    """One line per threshold of the exact tree."""
    exact, approximate = (MergeTree(np.load(folder / f"{search}.npy"), n_images) for search in SEARCHES)
    for level in LEVELS:
        threshold = exact.merge_similarities[n_images - max(n_images * level // 100, 2)]
        cuts = exact.cut(threshold), approximate.cut(threshold)
        print(
            f"threshold {threshold:.4f}: {cuts[0].max() + 1:>9,} and {cuts[1].max() + 1:>9,} groups, "
            f"{in_the_same_group(*cuts):.2%} of photos in the same group, ARI {adjusted_rand_score(*cuts):.5f}",
            flush=True,
        )


def main(n_images: str = "100000", n_features: str = "256", search: str = "", folder: str = "") -> None:
    """Runs one search if a folder is given, else each in a process of its own."""
    if folder:
        run(int(n_images), int(n_features), search, Path(folder))
        return
    with tempfile.TemporaryDirectory() as made:
        for each in [search] if search else SEARCHES:
            subprocess.run([sys.executable, __file__, n_images, n_features, each, made], check=True)
        if not search:
            compare(Path(made), int(n_images))


if __name__ == "__main__":
    main(*sys.argv[1:])
