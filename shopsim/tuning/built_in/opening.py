"""Chooses where to cut a tree without any label, and says what to expect of the groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shopsim.base.rows import distinct_rows
from shopsim.clusterers import Tree
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.grouping.recipe import Recipe
from shopsim.tuning.built_in.choice import opening_cut
from shopsim.tuning.built_in.cuts import Cuts
from shopsim.tuning.built_in.expected import Estimate, ExpectedCurve
from shopsim.tuning.built_in.shipped import SCORES, Shipped, shipped
from shopsim.tuning.built_in.statistics import NAMES, statistics

BUILT_IN = "built-in settings"
"""What a threshold that is chosen here was tuned on, for people and for JSON."""
FEWEST_PHOTOS = 5
_AT_FIRST = 100
_OF_DEFAULT = f"The built-in settings are for {Recipe.space} and {Recipe.clusterer} with their default settings."
# How much a cut loses whose photos per group are e times too many or too few for what a person says.
_WEIGHT_OF_A_PERSON = 0.5


@dataclass(frozen=True, eq=False)
class Blind:
    """What is known about a tree without labels.

    threshold: where to open it. photos_per_model: photos divided by models, to expect.
    expected: scores to expect at every threshold. quality: (m,) float64, what the forest says of the ARI of each cut.
    """

    threshold: float
    photos_per_model: Estimate
    expected: ExpectedCurve
    quality: np.ndarray

    def at_photos_per_model(self, photos_per_model: float) -> float:
        """Returns the threshold to set where a person knows the photos per model, roughly; any number from 1."""
        n_images = int(self.expected.n_groups[0])
        apart = np.log(n_images / self.expected.n_groups) - np.log(photos_per_model)
        quality = self.quality - _WEIGHT_OF_A_PERSON * np.abs(apart)
        return float(self.expected.threshold[int(np.argmax(quality))])


def why_not(extractor: str, recipe: Recipe, tree: Tree, features: np.ndarray) -> str:
    """Says in one sentence why there is nothing built in for these photos and settings; empty if there is."""
    reason = why_not_for(extractor, recipe)
    if reason or not isinstance(tree, MergeTree):
        return reason or _OF_DEFAULT
    # The first rows nearly always suffice; a page asks at each move of the threshold.
    if all(len(distinct_rows(rows)[0]) < FEWEST_PHOTOS for rows in (features[:_AT_FIRST], features)):
        return f"The built-in settings need at least {FEWEST_PHOTOS} different photos."
    return ""


def why_not_for(extractor: str, recipe: Recipe) -> str:
    """Says the same of the settings alone, whatever the photos."""
    if shipped(extractor) is None:
        return f"There are no built-in settings for the extractor '{extractor}'."
    return "" if recipe.digest == Recipe().digest else _OF_DEFAULT


def opening_without_labels(
    extractor: str, recipe: Recipe, tree: Tree, vectors: np.ndarray, features: np.ndarray, second: np.ndarray
) -> Blind | None:
    """Estimates where to cut a tree and what to expect of each cut; None where `why_not` says why not.

    extractor: its registered name. vectors: (n, d') float32 unit rows that the tree is made of.
    features: (n, d) float32 unit rows of that extractor. second: (n, d2) float32 unit rows of its companion, as
    `light_companion_of` names it; a photo without one has a row of zeros.
    """
    model = shipped(extractor)
    if model is None or not isinstance(tree, MergeTree) or why_not(extractor, recipe, tree, features):
        return None
    cuts = Cuts.of(tree)
    return _blind(cuts, statistics(cuts, vectors, features, second), model)


def _blind(cuts: Cuts, found: np.ndarray, model: Shipped) -> Blind:
    answers = model.forest.predict(found[:, [NAMES.index(name) for name in model.columns]])
    scores = {name: model.ranged(name, answers[:, at]).clip(0, 1) for at, name in enumerate(SCORES)}
    n_images = cuts.tree.n_images
    best = opening_cut(answers[:, 0], found, cuts.n_groups, n_images)
    curve = ExpectedCurve(cuts.threshold, cuts.n_groups, **scores)
    log_size = model.ranged("photos_per_model", np.log(n_images / cuts.n_groups[[best]]))[0]
    sizes = Estimate(*(float(size) for size in np.exp(log_size.clip(0.0, np.log(n_images)))))
    return Blind(float(cuts.threshold[best]), sizes, curve, answers[:, 0])
