"""Deals photos in hands of one model each, so that each step of training sees similar and different photos."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

MODELS = 16
PHOTOS = 4
_MOST_HANDS = 4.0
"""Times the median: else a model of thousands of photos would fill a pass."""


def batches(
    labels_true: np.ndarray, n_views: int, seed: int, number: int, models: int = MODELS, photos: int = PHOTOS
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yields the batches of one pass: (b,) numbers of photos and (b,) views, where b is models x photos.

    labels_true: (n,) integers. Each model's photos are dealt in hands of `photos`; the last hand is filled up with
    other views. Large models deal a random part of their photos. number: of the pass, from 0. The same seed and pass
    always give the same batches.
    """
    rng = np.random.default_rng([seed, number])
    members = [np.flatnonzero(labels_true == model) for model in np.unique(labels_true)]
    counts = np.array([-(-len(rows) // photos) for rows in members])
    counts = np.minimum(counts, max(1, round(_MOST_HANDS * float(np.median(counts)))))
    hands = [
        np.resize(rng.permutation(rows), count * photos).reshape(count, photos)
        for rows, count in zip(members, counts, strict=True)
    ]
    dealt = rng.permutation(np.concatenate(hands))
    # The rest would be a batch of few models: it is filled up with hands of the beginning.
    dealt = np.resize(dealt, (-(-len(dealt) // models) * models, photos))
    for batch in dealt.reshape(-1, models * photos):
        yield batch, rng.integers(0, n_views, len(batch))


def n_batches(labels_true: np.ndarray, models: int = MODELS, photos: int = PHOTOS) -> int:
    """Returns how many batches a pass has."""
    return sum(1 for _ in batches(labels_true, 1, 0, 0, models, photos))
