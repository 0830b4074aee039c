"""K-means with its number of groups estimated from the photos."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from shopsim.base.registry import Setting
from shopsim.base.rows import distinct_rows
from shopsim.clusterers import clusterers
from shopsim.clusterers.hierarchical import Linkage
from shopsim.clusterers.kmeans import KMeansClusterer, KMeansPartitions
from shopsim.clusterers.lloyd import k_means_labels
from shopsim.clusterers.partitions import PHOTOS_PER_MODEL

STEP = 1.4
"""The ratio of one tried number of groups to the next; silhouettes of closer numbers differ only by chance."""
SILHOUETTE_PHOTOS = 10_000
RULES = ("photos", "silhouette", "tree")


@dataclass(frozen=True)
class EstimatedKMeans:
    """K-means that opens with an estimated number of groups; the estimate is made once, the groups at the cut."""

    rule: str = "tree"
    n_init: int = 10
    seed: int = 0

    def memory(self, n_images: int, n_features: int) -> int:
        """Bytes at the peak: that of K-means, and that of average linkage where the tree gives the number."""
        own = KMeansClusterer().memory(n_images, n_features)
        return own + (Linkage("average").memory(n_images, n_features) if self.rule == "tree" else 0)

    def fit(self, vectors: np.ndarray) -> KMeansPartitions:
        """Keeps (n, d) float32 unit rows for the cuts, with the estimated number of groups."""
        vectors = np.asarray(vectors, dtype=np.float32)
        return KMeansPartitions(vectors, self._estimate(vectors), self.n_init, self.seed)

    def _estimate(self, vectors: np.ndarray) -> int:
        if self.rule == "tree":
            tree = Linkage("average").fit(vectors)
            return max(1, tree.n_groups(tree.control.default))
        if self.rule == "silhouette":
            return by_silhouette(vectors, self.seed)
        return max(1, len(vectors) // PHOTOS_PER_MODEL)


def by_silhouette(vectors: np.ndarray, seed: int) -> int:
    """Returns the number of groups whose K-means has the highest mean silhouette.

    vectors: (n, d) float32. It tries 2, 3, 4, 6, 8, ... up to half of the photos, with one start each. Above 10,000
    photos it judges a random sample. With fewer than 3 distinct photos it returns their number.
    Source: Rousseeuw, Silhouettes, Journal of Computational and Applied Mathematics 20 (1987).
    """
    from sklearn.metrics import silhouette_score

    n_distinct = len(distinct_rows(vectors)[0])
    tried = _to_try(n_distinct)
    scores = []
    for n_groups in tried:
        labels = k_means_labels(vectors, n_groups, 1, seed)
        sample = SILHOUETTE_PHOTOS if len(vectors) > SILHOUETTE_PHOTOS else None
        scores.append(silhouette_score(vectors, labels, metric="cosine", sample_size=sample, random_state=seed))
    return tried[int(np.argmax(scores))] if tried else max(1, n_distinct)


def _to_try(n_distinct: int) -> list[int]:
    """The numbers of groups to try, rising, each about STEP times the one before."""
    if n_distinct < 3:
        return []
    n_steps = int(math.log(max(n_distinct // 2, 2) / 2, STEP)) + 1
    return sorted({round(2 * STEP**step) for step in range(n_steps)})


@clusterers.register(
    "kmeans_estimated",
    title="K-means, number estimated",
    source="Lloyd 1982, by sklearn.cluster; Rousseeuw 1987",
    summary="K-means that opens with a number of groups estimated from the photos.",
    settings=(
        Setting(
            "rule",
            "Number of groups from",
            "tree",
            options=RULES,
            help=f"photos: one for {PHOTOS_PER_MODEL} photos, as the public baseline; silhouette: the number whose "
            "groups stand apart best; tree: where average linkage's groups last longest.",
        ),
        Setting("n_init", "Starts", 10, low=1, high=100, step=1, help="The best of this many runs is kept."),
        Setting("seed", "Seed", 0, low=0, high=2**31 - 1, step=1, help="Same seed, same groups."),
    ),
)
def kmeans_estimated(rule: str = "tree", n_init: int = 10, seed: int = 0) -> EstimatedKMeans:
    """K-means as `kmeans` does it, with another default number of groups."""
    return EstimatedKMeans(rule, n_init, seed)
