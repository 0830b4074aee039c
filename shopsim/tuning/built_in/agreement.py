"""How far trees of the same photos agree, level by level: the same number of groups from each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from shopsim.clusterers.merge_tree import MergeTree
from shopsim.scoring.evaluation import PairCounts
from shopsim.tuning.built_in.views import cut_into

NAMES = (
    "raw", "local", "halves", "to_halves", "second", "second_precision", "second_recall", "both",
    "second_raw",
)  # fmt: skip


def agreements(labels: Sequence[np.ndarray], views: Mapping[str, MergeTree]) -> np.ndarray:
    """Returns (m, n_names) float64: for each cut how well the views agree with it, or with each other.

    labels: m groupings of the same n photos, (n,) int64 from 0. views: as `other_views` gives them.
    NAMES names the columns. All but two are adjusted Rand indices: 1 for equal groups, about 0 for groups that have
    nothing to do with each other.
    """
    return np.array(
        [_of_cut(groups, {name: cut_into(tree, _count(groups)) for name, tree in views.items()}) for groups in labels]
    )


def _of_cut(groups: np.ndarray, others: Mapping[str, np.ndarray]) -> list[float]:
    halves = [other for name, other in others.items() if name.startswith("half")]
    between = [compare(*pair).ari for pair in zip(halves[::2], halves[1::2], strict=True)]
    row = [compare(groups, others[name]).ari for name in ("raw", "local")]
    row += [float(np.mean(between)), float(np.mean([compare(groups, half).ari for half in halves]))]
    pairs = compare(groups, others["second"])
    row += [pairs.ari, pairs.recall, pairs.precision, compare(groups, others["both"]).ari]
    return [*row, compare(others["second"], others["raw"]).ari]


def compare(first: np.ndarray, second: np.ndarray) -> PairCounts:
    """Counts the pairs of two groupings, (n,) int64 from 0; the first counts as the true one."""
    cells = np.unique(first * _count(second) + second, return_counts=True)[1]
    joined = [_pairs(cells), _pairs(np.bincount(second)), _pairs(np.bincount(first))]
    return PairCounts.from_sums(*joined, n_images=len(first))


def _pairs(sizes: np.ndarray) -> int:
    return int((sizes * (sizes - 1)).sum()) // 2


def _count(groups: np.ndarray) -> int:
    return int(groups.max()) + 1
