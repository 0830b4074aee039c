"""Matches new photos with groups that stay as they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shopsim.clusterers import clusterers
from shopsim.clusterers.memory import fit_in_memory
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.grouping.matching.decision import Decision
from shopsim.grouping.matching.likeness import Likeness, Members, likeness
from shopsim.grouping.recipe import Recipe

N_NEAREST = 5


@dataclass(frozen=True, eq=False)
class Matches:
    """What was decided on m new photos.

    group: (m,) int64 group of each photo; from `n_known` on it is a group of new photos, a new model. like: how alike
    they and the old groups are. probability: (m,) float64 that the photo shows the model of its most alike group, or
    None. decision: what was asked of them.
    """

    group: np.ndarray
    n_known: int
    like: Likeness
    probability: np.ndarray | None
    decision: Decision

    @property
    def is_new(self) -> np.ndarray:
        """(m,) bool, whether a photo shows a new model."""
        return self.group >= self.n_known

    @property
    def n_new_models(self) -> int:
        """How many groups the photos of new models make."""
        return len(np.unique(self.group[self.is_new]))

    @property
    def margin(self) -> np.ndarray:
        """(m,) float64, by how much the best group is more alike than the second; NaN if there is only one."""
        return self.like.of_best - self.like.of_second


def match(
    vectors: np.ndarray,
    members: Members,
    n_known: int,
    decision: Decision,
    recipe: Recipe,
    cut_at: float,
    copy_of: np.ndarray,
) -> Matches:
    """Matches (m, d) float32 unit rows; no group changes by it.

    members: of the known groups, numbered below n_known. Photos that join none are grouped among themselves by the
    clusterer of `recipe` at `cut_at`, or by average linkage where that one is not cut at a similarity; their groups
    are numbered from n_known on. copy_of: (m,) int64 place of a byte-equal member, whose group the photo joins
    whatever the decision, -1 if there is none.
    """
    like = likeness(vectors, members, decision.rule, N_NEAREST)
    group = like.best.astype(np.int64)
    is_copy = copy_of >= 0
    group[is_copy] = members.labels_pred[copy_of[is_copy]]
    is_new = (like.of_best < decision.threshold) & ~is_copy
    group[is_new] = n_known + _grouped(vectors[is_new], recipe, cut_at, decision)
    probability = None if decision.probability is None else decision.probability.probability(like.of_best)
    return Matches(group, n_known, like, probability, decision)


def _grouped(vectors: np.ndarray, recipe: Recipe, cut_at: float, decision: Decision) -> np.ndarray:
    """Returns (k,) int64 groups of photos of new models, from 0 by first appearance."""
    if not len(vectors):
        return np.zeros(0, np.int64)
    tree = fit_in_memory(clusterers.create(recipe.clusterer, **recipe.clusterer_settings), vectors)
    if isinstance(tree, MergeTree) and tree.control.is_a_threshold:
        return tree.cut(cut_at)
    # A number of groups says nothing about other photos, but how alike photos of one group are does.
    return fit_in_memory(clusterers.create("average"), vectors).cut(max(decision.threshold, -1.0))
