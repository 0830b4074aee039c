"""Trees of the same photos from other evidence: groups that several of them find are more likely to be models."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from shopsim.base.rows import unit_rows
from shopsim.clusterers import clusterers
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.spaces import spaces

MOST_PHOTOS = 1200
"""Trees are made of at most about so many photos: whole branches of a larger tree."""
_PHOTOS_PER_BRANCH = 40
_SPLITS = ((200, 8), (600, 4), (MOST_PHOTOS, 2))
"""Up to so many photos, so many random splits: the agreement of few photos is noisy, and their trees cost nothing."""


def sample_of(tree: MergeTree, seed: int) -> np.ndarray:
    """Returns (k,) int64 rising photos: all, or of a large tree whole branches, so that models keep their photos.

    A branch that is larger than the whole sample may be is thinned.
    """
    n = tree.n_images
    if n <= MOST_PHOTOS:
        return np.arange(n)
    rng = np.random.default_rng(seed)
    branch = cut_into(tree, max(n // _PHOTOS_PER_BRANCH, 2))
    kept: list[np.ndarray] = []
    room = MOST_PHOTOS
    for number in rng.permutation(branch.max() + 1):
        photos = np.flatnonzero(branch == number)
        if len(photos) > MOST_PHOTOS // 2:
            photos = rng.choice(photos, MOST_PHOTOS // 2, replace=False)
        if len(photos) <= room:
            kept.append(photos)
            room -= len(photos)
    return np.sort(np.concatenate(kept))


def cut_into(tree: MergeTree, n_groups: int) -> np.ndarray:
    """Returns (n,) int64 groups, as many as asked for; fewer where merges are tied."""
    n_merges = tree.n_images - n_groups
    return tree.cut(tree.merge_similarities[n_merges - 1]) if n_merges > 0 else np.arange(tree.n_images)


def other_views(vectors: np.ndarray, features: np.ndarray, second: np.ndarray, seed: int) -> dict[str, MergeTree]:
    """Returns trees of the same photos, by name.

    vectors: (n, d') unit rows that the tree in question is made of. features: (n, d) unit rows that they came from.
    second: (n, d2) unit rows of another extractor.

    raw: features without a space. local: vectors, on a local scale. half0, half1, ...: two random halves of the
    features after each other, half-whitened; these errors are nearly independent. second: the other extractor,
    half-whitened. both: vectors and the second extractor together.
    """
    rng = np.random.default_rng(seed)
    views = {"raw": _tree(features), "local": _tree(vectors, "average_local")}
    for split in range(next(splits for most, splits in _SPLITS if len(vectors) <= most)):
        columns = rng.permutation(features.shape[1])
        middle = len(columns) // 2
        views[f"half{2 * split}"] = _tree(_whitened(unit_rows(features[:, columns[:middle]])))
        views[f"half{2 * split + 1}"] = _tree(_whitened(unit_rows(features[:, columns[middle:]])))
    placed = _whitened(second)
    return views | {"second": _tree(placed), "both": _tree(unit_rows(np.hstack([vectors, placed])))}


def _whitened(rows: np.ndarray) -> np.ndarray:
    return spaces.create("whitened").fit(rows).transform(rows)


def _tree(rows: np.ndarray, clusterer: str = "average") -> MergeTree:
    make: Callable[[np.ndarray], MergeTree] = clusterers.create(clusterer).fit
    return make(rows)
