"""Wrong pairs to expect of every cut of a tree without labels, from the built-in settings."""

from __future__ import annotations

from shopsim.clusterers import Tree
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.scoring.costs import PairCurve, expected_pairs
from shopsim.scoring.curve import count_curve
from shopsim.tuning.built_in.opening import Blind


def pairs_to_expect(tree: Tree, blind: Blind) -> PairCurve | None:
    """Returns the estimate; None if the clustering is no merge tree. blind: what was found for this tree."""
    if not isinstance(tree, MergeTree):
        return None
    curve, expected = count_curve(tree), blind.expected
    precision = expected.between(curve.threshold, expected.precision)[:, 0]
    return expected_pairs(tree, curve, precision, blind.threshold, expected.at(blind.threshold).recall.value)
