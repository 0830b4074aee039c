"""Keeps in the store what the built-in settings say of a tree, so that the next visit computes nothing."""

from __future__ import annotations

import numpy as np

from shopsim.base.disk.store import Store, array_digest, digest_of
from shopsim.tuning.built_in.expected import Estimate, ExpectedCurve
from shopsim.tuning.built_in.opening import Blind
from shopsim.tuning.built_in.shipped import shipped

KIND = "expected"
"""The folder of the cache that holds them."""
VERSION = 3
"""Raised when the same model on the same photos says something else, so that old entries become misses."""
# Columns of the array: threshold, n_groups, three scores with value, low and high, and quality.
_COLUMNS = 12


def key_of_blind(extractor: str, tree_key: str, second_key: str) -> str:
    """Returns the key of an entry: a digest of the model, the tree, and the companion that was looked at beside it."""
    model = shipped(extractor)
    parts = [] if model is None else [model.card, *map(array_digest, model.forest.arrays().values())]
    return digest_of(KIND, VERSION, tree_key, second_key, *parts)


def save_blind(store: Store, key: str, blind: Blind) -> None:
    """Keeps it under that key. Raises ShopsimError if the disk refuses."""
    curve, size = blind.expected, blind.photos_per_model
    head = np.zeros(_COLUMNS)
    head[:4] = blind.threshold, size.value, size.low, size.high
    scores = curve.ari, curve.precision, curve.recall
    points = np.column_stack([curve.threshold, curve.n_groups, *scores, blind.quality])
    store.save(KIND, key, np.vstack([head, points]))


def load_blind(store: Store, key: str, n_images: int) -> Blind | None:
    """Returns what is kept under that key for so many photos; None if there is nothing, or it is malformed."""
    rows = store.load(KIND, key)
    if rows is None or not _is_well_formed(rows, n_images):
        return None
    threshold, *size = rows[0, :4].tolist()
    points = rows[1:]
    scores = (points[:, start : start + 3] for start in (2, 5, 8))
    curve = ExpectedCurve(points[:, 0], points[:, 1].astype(np.int64), *scores)
    return Blind(threshold, Estimate(*size), curve, points[:, 11])


def _is_well_formed(rows: np.ndarray, n_images: int) -> bool:
    if rows.dtype != np.float64 or rows.ndim != 2 or rows.shape[1] != _COLUMNS or len(rows) < 2:
        return False
    threshold, n_groups, scores = rows[1:, 0], rows[1:, 1], rows[1:, 2:11]
    falling = (np.diff(threshold) < 0).all() and (np.diff(n_groups) < 0).all()
    within = n_groups[0] == n_images and n_groups[-1] >= 1 and ((scores >= 0) & (scores <= 1)).all()
    return bool(np.isfinite(rows).all() and falling and within and (rows[0, 1:4] >= 1).all())
