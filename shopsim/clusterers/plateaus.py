"""Guesses, without labels, the threshold that a tree opens with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from shopsim.clusterers.thresholds import between

if TYPE_CHECKING:
    from shopsim.clusterers.merge_tree import MergeTree

MOST_ALONE = 0.5
LARGEST_GROUP = 0.5
TASK_THRESHOLD = 0.95
"""The task says that photos at least 95 % similar form a group; used where a tree offers no choice."""
# No cosine is lower, so a group that nothing joins lasts down to here.
_LOWEST = -1.0


def longest_plateau(tree: MergeTree) -> float:
    """Guesses, without labels, the similarity threshold that shows the groups best.

    Each group exists over a range of thresholds: from the merge that makes it down to the merge that makes it part of
    a larger one. The guess is the threshold at which the range of a photo's group is longest on average; a photo alone
    counts as 0. Only thresholds are tried that leave at most half of the photos alone and at most half in one group.
    If there are none, it is the threshold at which the larger of these two shares is smallest. So it never shows all
    photos alone or all in one group, unless the tree has no other cut: then it is 0.95.

    It can be wrong. On public photos it came close to the best threshold for pairs of photos. It gave too many groups
    where a model has many photos taken in a row, because each such series is a plateau too.
    """
    cuts = _Cuts(tree)
    if not cuts.shows_something.any():
        return TASK_THRESHOLD
    fair = cuts.shows_something & (cuts.alone <= MOST_ALONE) & (cuts.largest <= LARGEST_GROUP)
    quality = cuts.lasting if fair.any() else -np.maximum(cuts.alone, cuts.largest)
    best = int(np.argmax(np.where(fair if fair.any() else cuts.shows_something, quality, -np.inf)))
    edges = np.append(tree.similarities, min(_LOWEST, tree.similarities[-1]))
    return float(between(edges[best + 1], edges[best]))


class _Cuts:
    """Describes each distinct cut of a tree, except the one that joins nothing; arrays as long as tree.similarities.

    alone, largest: shares of the photos that are alone, and in the largest group.
    lasting: mean length, over all photos, of the range of thresholds over which a photo's group exists.
    shows_something: whether there is a group of two or more, and more than one group.
    """

    def __init__(self, tree: MergeTree) -> None:
        n, edges, births = tree.n_images, tree.similarities, tree.merge_similarities[: tree.n_takeable]
        merges = tree.linkage[: tree.n_takeable]
        children = merges[:, :2].astype(np.int64)
        last = np.searchsorted(-births, -edges, side="right") - 1
        self.alone = 1 - np.cumsum((children < n).sum(axis=1))[last] / max(n, 1)
        self.largest = np.maximum.accumulate(merges[:, 3])[last] / max(n, 1)
        self.shows_something = last < n - 2
        # What no cut joins to anything lasts down to the lowest threshold.
        deaths = np.full(max(2 * n - 1, 0), min(_LOWEST, births.min(initial=0.0)))
        deaths[children.ravel()] = np.repeat(births, 2)
        deaths = deaths[n : n + len(births)]
        weight = merges[:, 3] * (births - deaths) / max(n, 1)
        # A group adds its weight at the cut that makes it and takes it back at the cut that ends it.
        change = np.zeros(len(edges) + 1)
        np.add.at(change, np.searchsorted(-edges, -births), weight)
        np.subtract.at(change, np.searchsorted(-edges, -deaths), weight)
        self.lasting = np.cumsum(change)[:-1]
