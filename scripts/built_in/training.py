"""Grows the forest of a built-in model, and measures it on photos of kinds that it has not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from built_in.measuring import FAMILIES, UNION, Measured

from shopsim.tuning.built_in.choice import opening_cut
from shopsim.tuning.built_in.forest import Forest
from shopsim.tuning.built_in.statistics import NAMES

COLUMNS = tuple(name for name in NAMES if not name.startswith("log_") and not name.endswith("_scaled"))
"""Trees do not continue a trend, so the number of photos and of groups must not matter, only their ratio.

The choice weighs the scaled columns beside the forest; a forest that knows them adds less to them.
"""
N_TREES = 54
LEAST_PER_LEAF = 20
SHARE_OF_COLUMNS = 0.4
WEIGHT_OF_UNIONS = 4
"""A catalogue of several kinds teaches what no other does: that all evidence can agree about kinds, not models."""
HOPELESS = 0.2
"""Where no cut reaches this ARI, nothing can be learned about where to cut."""


@dataclass(frozen=True, eq=False)
class Judged:
    """What a forest that has not seen a catalogue's family says of it: predicted (m, 3) as `Measured.scores`."""

    measured: Measured
    predicted: np.ndarray

    @property
    def chosen(self) -> int:
        """The cut that would be opened with."""
        one = self.measured
        return opening_cut(self.predicted[:, 0], one.statistics, one.n_groups, one.n_images)

    @property
    def share(self) -> float:
        """ARI of the chosen cut as a share of the best threshold's."""
        return max(float(self.measured.scores[self.chosen, 0]), 0.0) / self.measured.best_ari

    @property
    def error(self) -> float:
        """How far the expected ARI of the chosen cut is from the true one."""
        return float(abs(self.predicted[self.chosen, 0] - self.measured.scores[self.chosen, 0]))


def grow(catalogs: Sequence[Measured], seed: int = 0) -> Forest:
    """Grows extremely randomised trees (Geurts, Ernst and Wehenkel 2006) that predict the scores of a cut."""
    from sklearn.ensemble import ExtraTreesRegressor

    rows = np.vstack([_columns_of(catalog) for catalog in catalogs])
    scores = np.vstack([catalog.scores for catalog in catalogs])
    forest = ExtraTreesRegressor(
        N_TREES, min_samples_leaf=LEAST_PER_LEAF, max_features=SHARE_OF_COLUMNS, random_state=seed
    ).fit(rows, scores, _weights(catalogs))
    return Forest.of(tree.tree_ for tree in forest.estimators_)


def _weights(catalogs: Sequence[Measured]) -> np.ndarray:
    """Gives every kind the same weight, and every part of a kind; unions have more."""
    parts = Counter(catalog.kind for catalog in catalogs)
    each = {kind: (WEIGHT_OF_UNIONS if kind == UNION else 1) / count for kind, count in parts.items()}
    return np.concatenate([np.full(len(one.scores), each[one.kind] / len(one.scores)) for one in catalogs])


def _columns_of(catalog: Measured) -> np.ndarray:
    return catalog.statistics[:, [NAMES.index(name) for name in COLUMNS]].astype(np.float32)


def worth_learning(catalog: Measured) -> bool:
    """Whether a cut of these photos is much better than chance, or all are alone rightly."""
    return catalog.best_ari > HOPELESS or catalog.n_models == catalog.n_images


def judge_unseen(catalogs: Sequence[Measured]) -> list[Judged]:
    """Judges each catalogue of one family by a forest that was grown without any photo of that family."""
    judged = []
    for family in sorted({catalog.family for catalog in catalogs if FAMILIES not in catalog.family}):
        forest = grow([catalog for catalog in catalogs if not catalog.shows(family)])
        judged += [
            Judged(catalog, forest.predict(_columns_of(catalog))) for catalog in catalogs if catalog.family == family
        ]
    return judged


def table_of(judged: Sequence[Judged]) -> list[str]:
    """Returns one line per kind: the share of the best ARI, and how far the expected ARI is from the true one."""
    lines = ["kind                      parts  share of best  worst  under .7  error of expected ARI"]
    for kind in sorted({one.measured.kind for one in judged}):
        found = [one for one in judged if one.measured.kind == kind and one.measured.n_models < one.measured.n_images]
        shares = np.array([one.share for one in found])
        errors = np.mean([one.error for one in found])
        lines.append(
            f"{kind:26}{len(found):5}{shares.mean():15.3f}{shares.min():7.3f}{(shares < 0.7).sum():10}{errors:23.3f}"
        )
    return lines
