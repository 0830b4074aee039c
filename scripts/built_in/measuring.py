"""Measures each cut of a labelled catalogue: what can be seen without labels, and the scores that a forest learns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shopsim.clusterers import clusterers
from shopsim.grouping.recipe import Recipe
from shopsim.scoring.curve import threshold_curve
from shopsim.spaces import spaces
from shopsim.tuning.built_in.cuts import Cuts
from shopsim.tuning.built_in.statistics import statistics

FAMILIES = " + "
"""Stands between the families of a catalogue that has photos of several."""
UNION = "several kinds"
"""The kind of such a catalogue."""


@dataclass(frozen=True, eq=False)
class Measured:
    """One catalogue, or a part of one.

    family: what it was made of, FAMILIES between several; a forest is judged on families that it has not seen.
    statistics: (m, n_names), one row per cut; scores: (m, 3) true ari, precision, recall of each cut.
    """

    kind: str
    family: str
    part: str
    n_images: int
    n_models: int
    n_groups: np.ndarray
    threshold: np.ndarray
    statistics: np.ndarray
    scores: np.ndarray
    best_ari: float

    def shows(self, family: str) -> bool:
        """Whether some of the photos are of that family."""
        return family in self.family.split(FAMILIES)


def measure(
    kind: str, family: str, part: str, features: np.ndarray, second: np.ndarray, labels_true: np.ndarray
) -> Measured:
    """Measures the photos with these features; features, second: (n, d) unit rows; labels_true: (n,) integers."""
    recipe = Recipe()
    vectors = spaces.create(recipe.space).fit(features).transform(features)
    tree = clusterers.create(recipe.clusterer).fit(vectors)
    cuts, curve = Cuts.of(tree), threshold_curve(tree, labels_true)
    at = np.searchsorted(-curve.threshold, -cuts.threshold)
    scores = np.column_stack([curve.ari, curve.precision, curve.recall])[at]
    found = statistics(cuts, vectors, features, second)
    n_models = len(np.unique(labels_true))
    best = float(curve.ari.max())
    return Measured(kind, family, part, len(features), n_models, cuts.n_groups, cuts.threshold, found, scores, best)
