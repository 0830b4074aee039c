"""Looks for the threshold at which strictly split groups match the true models best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shopsim.base.work.progress import Progress, silent
from shopsim.clusterers import Tree
from shopsim.grouping.chains import split_strictly
from shopsim.scoring.evaluation import evaluate

# From the lowest to the one that is best without the split: never above, since the split only makes groups smaller.
N_TRIED = 17


@dataclass(frozen=True)
class StrictBest:
    """The best threshold of those tried, and the ARI there."""

    threshold: float
    ari: float


def best_strict(
    tree: Tree, vectors: np.ndarray, labels_true: np.ndarray, best: float, progress: Progress = silent
) -> StrictBest:
    """Tries evenly spaced thresholds from the tree's lowest to `best`, the best one without the split.

    vectors: (n, d) in the space of the tree; labels_true: (n,) as `evaluate` takes them.
    """
    found = []
    tried = np.linspace(tree.control.low, best, N_TRIED)[::-1]
    for step, threshold in enumerate(tried.round(3).tolist()):
        progress(step, len(tried))
        labels = split_strictly(tree.cut(threshold), vectors, threshold)
        found.append(StrictBest(threshold, evaluate(labels_true, labels, "").ari))
    return max(found, key=lambda each: each.ari)
