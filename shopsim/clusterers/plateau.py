"""A threshold to open with when no labels tell a good one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from shopsim.clusterers.thresholds import between

if TYPE_CHECKING:
    from shopsim.clusterers.merge_tree import MergeTree

MOST_ALONE = 0.5
LARGEST_GROUP = 0.5
TASK_THRESHOLD = 0.95
"""Photos at least 95 % similar form a group, as the task words it: for a tree without anything to choose."""


def longest_plateau(tree: MergeTree) -> float:
    """A guess, without labels, at the similarity threshold that shows the groups best.

    Each group exists over a stretch of thresholds: from the merge that makes it down to the merge that makes it
    part of a larger one. The guess is where the photos' groups last longest on average, a photo alone lasting
    not at all, among the thresholds that leave no more than half of the photos alone and no more than half in one
    group; if there are none, where the larger of those two shares is least. So it never shows all photos alone or
    all in one group, unless the tree has nothing in between: then it is 0.95.

    A guess it stays: on public photos it came close to the best threshold for pairs, and gave too many groups
    where a model has many photos taken in a row, which are plateaus too.
    """
    cuts = _Cuts(tree)
    if not cuts.shows_something.any():
        return TASK_THRESHOLD
    fair = cuts.shows_something & (cuts.alone <= MOST_ALONE) & (cuts.largest <= LARGEST_GROUP)
    quality = cuts.lasting if fair.any() else -np.maximum(cuts.alone, cuts.largest)
    best = int(np.argmax(np.where(fair if fair.any() else cuts.shows_something, quality, -np.inf)))
    return float(between(tree.similarities[best + 1], tree.similarities[best]))


class _Cuts:
    """What each distinct cut of a tree looks like, all singletons left out; arrays of tree.similarities' length.

    alone, largest: shares of the photos that are alone, and in the largest group.
    lasting: mean length, over all photos, of the stretch of thresholds over which a photo's group lasts.
    shows_something: whether there is a group of two or more, and more than one group.
    """

    def __init__(self, tree: MergeTree) -> None:
        n, edges, births = tree.n_images, tree.similarities, tree.merge_similarities
        children = tree.linkage[:, :2].astype(np.int64)
        last = np.searchsorted(-births, -edges, side="right") - 1
        self.alone = 1 - np.cumsum((children < n).sum(axis=1))[last] / max(n, 1)
        self.largest = np.maximum.accumulate(tree.linkage[:, 3])[last] / max(n, 1)
        self.shows_something = last < n - 2
        deaths = np.empty(max(2 * n - 1, 0))
        deaths[children.ravel()] = np.repeat(births, 2)
        deaths = deaths[n:-1]
        weight = tree.linkage[:-1, 3] * (births[:-1] - deaths) / max(n, 1)
        # A group adds its weight from the cut it is born at and takes it back at the cut it dies at.
        change = np.zeros(len(edges) + 1)
        np.add.at(change, np.searchsorted(-edges, -births[:-1]), weight)
        np.subtract.at(change, np.searchsorted(-edges, -deaths), weight)
        self.lasting = np.cumsum(change)[:-1]
