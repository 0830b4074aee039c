"""The groups of the task's public baseline, which ours are compared with."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from shopsim.base.disk.store import Store, array_digest, digest_of
from shopsim.clusterers.lloyd import k_means_labels

KIND = "baselines"
PHOTOS_PER_GROUP = 70
"""The public baseline knows no number of models: it makes one group for so many photos."""


def baseline_labels(raw: np.ndarray, photos_per_model: float, seed: int = 0, store: Store | None = None) -> np.ndarray:
    """Groups the held-out photos as the public baseline does; returns (n,) groups.

    raw: (n, d) features, not normalised. photos_per_model: mean of the tuning models. store: where they are kept;
    of 1,000 photos and 1,280 features they take a minute.
    K-means, K = max(1, round(n / photos_per_model)), 10 starts.
    """
    n_groups = min(max(1, round(len(raw) / photos_per_model)), len(raw))
    key = digest_of(array_digest(raw), n_groups, seed)
    known = None if store is None else store.load(KIND, key)
    if known is not None and known.shape == (len(raw),) and np.issubdtype(known.dtype, np.integer):
        return known
    labels = k_means_labels(raw, n_groups, 10, seed)
    if store is not None:
        store.save(KIND, key, labels)
    return labels


def contest_labels(raw: np.ndarray, cache: Path) -> np.ndarray:
    """Groups all photos as the public baseline does, one group per PHOTOS_PER_GROUP photos; returns (n,) groups."""
    n_groups = max(1, len(raw) // PHOTOS_PER_GROUP)
    return baseline_labels(raw, len(raw) / n_groups, store=Store(cache))
