"""A threshold to open with when no labels tell a good one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from shopsim.clusterers.merge_tree import MergeTree


def longest_plateau(tree: MergeTree) -> float:
    """Guess a similarity threshold: the middle of the longest stretch over which the groups don't change."""
    edges = tree.similarities
    if len(edges) == 0:
        return 1.0
    if len(edges) == 1:
        return float(edges[0])
    widths = edges[:-1] - edges[1:]
    at = int(np.argmax(widths))
    return float((edges[at] + edges[at + 1]) / 2)
