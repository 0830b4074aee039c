"""Keeps the scores of candidates on validation models, so that a stopped search goes on where it was."""

from __future__ import annotations

import numpy as np

from shopsim.base.disk.store import Store, array_digest, digest_of
from shopsim.tuning.branch_cuts import CutRule
from shopsim.tuning.candidates import Candidate
from shopsim.tuning.control_values import KINDS, Portable
from shopsim.tuning.rule_grid import BestRules, Rule
from shopsim.tuning.validation import Validation

KIND = "trials"
PROTOCOL = "1"
"""Raised when the same candidate on the same photos gets other rules, so that old entries become misses."""
_COLUMNS = 6


class KeptTrials:
    """The trials on one set of photos, labels and validation folds; without a store nothing is kept.

    labels_true: (n,) integers.
    """

    def __init__(self, store: Store | None, validation: Validation, labels_true: np.ndarray) -> None:
        self._store = store
        if store is not None:
            # Most often all folds have the same views.
            views = {id(each): each for each in validation.views}.values()
            rows = [array for each in views for array in each.values()]
            parts = [part for fold in validation.folds for part in fold.parts]
            digests = (array_digest(array) for array in (*rows, labels_true, *parts))
            self._came_from = digest_of(PROTOCOL, list(validation.views[0]), *digests)

    def load(self, candidate: Candidate) -> tuple[BestRules, float] | None:
        """The candidate's best rules and the seconds they took, or None; an unreadable entry is a miss."""
        if self._store is None:
            return None
        table = self._store.load(KIND, self._key(candidate))
        if table is None or table.ndim != 2 or table.shape[1] != _COLUMNS or not len(table):
            return None
        if table.dtype != np.float64 or not np.isfinite(table[:, :3]).all():
            return None
        try:
            rules = tuple(_rule_of(candidate, row[:3].tolist()) for row in table)
        except ValueError:
            return None
        scores, smooth_scores, seconds = table[:, 3].tolist(), table[:, 4].tolist(), float(table[0, 5])
        return BestRules(rules, tuple(scores), tuple(smooth_scores)), seconds

    def save(self, candidate: Candidate, best: BestRules, seconds: float) -> None:
        """Keeps the rules and the seconds. Raises ShopsimError if the disk refuses."""
        if self._store is None:
            return
        rows = [
            (*_numbers_of(rule), score, smooth, seconds)
            for rule, score, smooth in zip(best.rules, best.scores, best.smooth_scores, strict=True)
        ]
        self._store.save(KIND, self._key(candidate), np.array(rows, np.float64))

    def _key(self, candidate: Candidate) -> str:
        return digest_of(self._came_from, candidate.digest)


def _numbers_of(rule: Rule) -> tuple[float, float, float]:
    """A rule as the first numbers of a row; a value is kept with the number of its kind."""
    if isinstance(rule, Portable):
        return rule.value, float(KINDS.index(rule.kind)), 0.0
    return rule.threshold, rule.size_power, rule.prior_weight


def _rule_of(candidate: Candidate, numbers: list[float]) -> Rule:
    """The rule again. Raises ValueError for numbers that fit no rule of the candidate."""
    if candidate.is_cut_by_rules:
        return CutRule(*numbers)
    value, place, _ = numbers
    if place not in range(len(KINDS)):
        raise ValueError(f"{place} is the place of no kind of control.")
    return Portable(KINDS[int(place)], value)
