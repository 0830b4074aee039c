"""Cuts of a merge tree that are not level: each branch ends where its own groups fit best.

A level cut asks the same similarity of every group, whatever its size. Here a group C earns

    (sum of the similarities of its pairs - threshold * its number of pairs) / |C| ** size_power
        + prior_weight * log P(|C|)

and the groups are those branches of the tree that together earn most. If size_power and prior_weight are 0, this is
the level cut of average linkage. With a higher size_power, two large, tight groups must be more similar to be joined
than two photos must. P is the prior: it knows how many photos the tuning models had.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from shopsim.base.labels import UNLABELLED, by_first_appearance
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.scoring.curve import joined_pairs
from shopsim.scoring.evaluation import model_codes, pairs_within
from shopsim.tuning.size_prior import SizePrior

AVERAGE_LINKAGES = ("average", "average_local")
"""Clusterers whose merges stand at the mean similarity of the pairs they join; these cuts need that."""
MOST_NUMBERS = 8_000_000
"""The most float64 numbers in one table of branches by rules: 64 MB."""
_ROUNDING = 1e-12
"""The rounding error per pair. A join that loses no more than that is a tie, and ties join."""


@dataclass(frozen=True)
class CutRule:
    """The three numbers of such a cut.

    threshold: a similarity. size_power: 0 to 1. prior_weight: 0 or more, in units of similarity.
    """

    threshold: float
    size_power: float = 0.0
    prior_weight: float = 0.0


@dataclass(frozen=True, eq=False)
class Branches:
    """The numbers of each branch of an average-linkage tree: the n photos first, then one branch per merge.

    parts: (n - 1, 2) int64, the two branches that a merge joins. sizes, pairs, within: (2 n - 1,) float64, the number
    of photos, the number of pairs, and the sum of the similarities of the pairs. That sum is exact, since each merge
    stands at the mean over its pairs.
    copies: (2 n - 1,) bool, whether all photos of the branch are equal; no cut parts such photos.
    """

    n_images: int
    parts: np.ndarray
    sizes: np.ndarray
    pairs: np.ndarray
    within: np.ndarray
    copies: np.ndarray

    @classmethod
    def of(cls, tree: MergeTree) -> Branches:
        """The branches of a tree of one photo or more whose merges stand at mean similarities."""
        n = tree.n_images
        parts = tree.linkage[:, :2].astype(np.int64)
        sizes = np.concatenate([np.ones(n), tree.linkage[:, 3]])
        across = sizes[parts].prod(axis=1) * tree.merge_similarities
        return cls(
            n,
            parts,
            sizes,
            sizes * (sizes - 1) / 2,
            _summed(parts, n, across),
            np.concatenate([np.zeros(n, bool), tree.linkage[:, 2] <= 0]),
        )

    def earned(self, rules: np.ndarray, prior: SizePrior) -> np.ndarray:
        """(2 n - 1, n_rules) float64: how much each branch earns under (n_rules, 3) rules, columns as in `CutRule`."""
        log_size = prior.log_probability(self.n_images)[self.sizes.astype(np.int64) - 1]
        threshold, power, weight = rules.T
        by_similarity = self.within[:, None] - self.pairs[:, None] * threshold
        return by_similarity / self.sizes[:, None] ** power + log_size[:, None] * weight

    def chosen(self, rules: np.ndarray, prior: SizePrior) -> np.ndarray:
        """(2 n - 1, n_rules) bool: the branches that become groups; each photo is in exactly one of them."""
        n = self.n_images
        best = self.earned(rules, prior)
        whole = np.ones(best.shape, dtype=bool)
        for number, (left, right) in enumerate(self.parts.tolist(), start=n):
            apart = best[left] + best[right]
            if not self.copies[number]:
                np.greater_equal(best[number] + _ROUNDING * self.pairs[number], apart, out=whole[number])
                np.maximum(best[number], apart, out=best[number])
        open_ = np.ones(best.shape, dtype=bool)
        for number in range(2 * n - 2, n - 1, -1):
            left, right = self.parts[number - n]
            open_[left] = open_[right] = open_[number] & ~whole[number]
        return whole & open_


def cut_by(tree: MergeTree, rule: CutRule, prior: SizePrior) -> np.ndarray:
    """(n,) int64 groups of an average-linkage tree, numbered by first appearance.

    Source: the best set of branches is found from the leaves up, as in Campello, Moulavi and Sander (2013); the measure
    of the best is another one.
    """
    n = tree.n_images
    if n < 2:
        return np.arange(n)
    branches = Branches.of(tree)
    chosen = branches.chosen(np.array([[rule.threshold, rule.size_power, rule.prior_weight]]), prior)[:, 0]
    group = np.where(chosen, np.arange(len(chosen)), -1)
    for number in range(2 * n - 2, n - 1, -1):
        if group[number] >= 0:
            group[branches.parts[number - n]] = group[number]
    return by_first_appearance(group[:n])


def ari_of_cuts(tree: MergeTree, labels_true: np.ndarray, rules: np.ndarray, prior: SizePrior) -> np.ndarray:
    """(n_rules,) float64 ARI of the cut by each of (n_rules, 3) rules, columns as in `CutRule`.

    labels_true: (n,) integers; UNLABELLED photos are grouped and not scored.
    """
    models = model_codes(labels_true)
    counts = np.bincount(models[models != UNLABELLED])
    if tree.n_images < 2:
        return np.ones(len(rules))
    branches = Branches.of(tree)
    joined_right, joined = (np.diff(pairs) for pairs in joined_pairs(tree.linkage, models.tolist()))
    right = _summed(branches.parts, tree.n_images, joined_right.astype(np.float64))
    all_ = _summed(branches.parts, tree.n_images, joined.astype(np.float64))
    right_of_rule, joined_of_rule = np.empty(len(rules)), np.empty(len(rules))
    for part in _blocks(len(rules), len(branches.sizes)):
        chosen = branches.chosen(rules[part], prior)
        right_of_rule[part], joined_of_rule[part] = right @ chosen, all_ @ chosen
    return _ari(right_of_rule, joined_of_rule, pairs_within(counts), int(counts.sum()))


def _summed(parts: np.ndarray, n_images: int, at_merge: np.ndarray) -> np.ndarray:
    """(2 n - 1,) float64: for each branch the sum over its merges."""
    total = [0.0] * n_images
    for (left, right), brought in zip(parts.tolist(), at_merge.tolist(), strict=True):
        total.append(total[left] + total[right] + brought)
    return np.array(total)


def _blocks(n_rules: int, n_branches: int) -> Iterator[slice]:
    step = max(1, MOST_NUMBERS // max(n_branches, 1))
    return (slice(start, start + step) for start in range(0, n_rules, step))


def _ari(right: np.ndarray, joined: np.ndarray, of_one_model: int, n_scored: int) -> np.ndarray:
    """ARI of many cuts at once, in float64, by the formula of `PairCounts.ari`."""
    fp, fn = joined - right, of_one_model - right
    tn = n_scored * (n_scored - 1) / 2 - right - fp - fn
    denominator = (right + fn) * (fn + tn) + (right + fp) * (fp + tn)
    return np.divide(2 * (right * tn - fn * fp), denominator, out=np.ones_like(right), where=(fp > 0) | (fn > 0))
