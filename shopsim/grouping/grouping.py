"""A fitted catalogue, which holds everything up to the threshold, and one cut of it with its scores."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.base.work.lanes import Run, here
from shopsim.base.work.last_few import LastFew
from shopsim.base.work.progress import Progress, silent
from shopsim.catalog.catalog import Catalog
from shopsim.clusterers import Control, Tree
from shopsim.clusterers.bindings import Bindings
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.features.extract import Features
from shopsim.grouping.added import Added
from shopsim.grouping.chains import Extents, cut_groups, extent_of, extents
from shopsim.grouping.group_table import Representatives, group_table, similarity_to_representative
from shopsim.grouping.never_joined import NeverJoined
from shopsim.scoring.confused_cut import Confusion
from shopsim.scoring.curve import CountCurve, Curve, count_curve, threshold_curve
from shopsim.scoring.evaluation import NOT_KNOWN, Evaluation, detail_scores, evaluate, split_by_category

if TYPE_CHECKING:
    import pandas as pd

TUNED_HERE = "tuned on these photos"
GUESSED = "a guess without labels"
NOTHING_TUNED = "nothing tuned"
# Pages that are run again ask for the same cut, and several visitors for theirs; one of 10,000 photos takes 0.3 MB.
_KEPT_CUTS = 8


@dataclass(frozen=True)
class Fitted:
    """A catalogue with its vectors and its tree, ready to be cut.

    catalog: only the photos that have features, in the order of `vectors` (n, d') float32 unit rows.
    space_note: one sentence about what the space did; key: a digest of everything that this was computed from.
    defaults: whether every setting of the space and the clusterer is the default.
    given: the value to open with and what it was tuned on, where tuned settings bring them.
    added: a second extractor that was added by hand, for exactly these photos; `features` are the main one's.
    bindings: the corrections that the tree respects, and that a strict cut respects too; None without any.
    never_joined: the rule that keeps photos apart in the tree, see `never_join.py`; None without one.
    """

    catalog: Catalog
    features: Features
    vectors: np.ndarray
    tree: Tree
    space_note: str
    key: str
    defaults: bool
    given: tuple[float, str] | None = None
    added: Added | None = None
    bindings: Bindings | None = None
    never_joined: NeverJoined | None = None
    _cuts: LastFew[Grouping] = field(default_factory=lambda: LastFew(_KEPT_CUTS), init=False, repr=False, compare=False)

    @cached_property
    def curve(self) -> Curve | CountCurve | None:
        """The scores at every threshold, or without labels the number of groups; None if the clustering is no tree."""
        if not isinstance(self.tree, MergeTree):
            return None
        labels_true = self.catalog.labels_true
        return count_curve(self.tree) if labels_true is None else threshold_curve(self.tree, labels_true)

    @cached_property
    def opening(self) -> tuple[float, str]:
        """The value of the control to open with, and what it was chosen on."""
        if self.given is not None:
            return self.given
        # With one photo per model, all photos alone would be called perfect.
        if isinstance(self.curve, Curve) and self.catalog.photos_per_model()[2] > 1:
            return self.best(self.curve), TUNED_HERE
        if isinstance(self.curve, CountCurve):
            return self.control.default, GUESSED
        # Someone chose the settings, and for K-means one of them is the number of groups.
        return self.control.default, NOTHING_TUNED if self.defaults else NOT_KNOWN

    def best(self, curve: Curve) -> float:
        """The threshold of the highest ARI."""
        # The groups of the lowest threshold last below the control's range.
        return max(curve.best_threshold, self.control.low)

    @property
    def control(self) -> Control:
        """The one number this clustering is cut by."""
        return self.tree.control

    def check(self, value: float) -> float:
        """Returns the value if it is in the control's range. Raises ShopsimError if not."""
        control = self.control
        low = min(control.low, -1.0) if control.kind == "similarity" else control.low
        # The opening value may stand a hair above 1, which keeps even equal photos apart.
        if not low <= value <= control.high and value != self.opening[0]:
            raise ShopsimError(f"'{control.name}' is {value:g}; it must lie between {low:g} and {control.high:g}.")
        return value

    def group(
        self,
        value: float,
        tuned_on: str = NOT_KNOWN,
        strict: bool = False,
        progress: Progress = silent,
        run: Run = here,
    ) -> Grouping:
        """Returns the groups at one value of the control; the last few are kept, so that a page run again cuts nothing.

        strict: split groups until any two photos of one are that similar; nothing changes where the control is no
        threshold. run: carries out the cut.
        """
        strict = strict and self.control.is_a_threshold
        return self._cuts.get((value, tuned_on, strict), lambda: self._grouping(value, tuned_on, strict, progress, run))

    def _grouping(self, value: float, tuned_on: str, strict: bool, progress: Progress, run: Run) -> Grouping:
        vectors = self.vectors if strict else None
        labels_pred = run(cut_groups, self.tree, vectors, self.bindings, value, progress=progress)
        labels_true = self.catalog.labels_true
        scores = None if labels_true is None else evaluate(labels_true, labels_pred, tuned_on)
        return Grouping(self, value, labels_pred, scores, tuned_on, strict)


@dataclass(frozen=True)
class Grouping:
    """One cut: labels_pred (n,) int64 from 0; evaluation is None without true labels."""

    fitted: Fitted
    value: float
    labels_pred: np.ndarray
    evaluation: Evaluation | None
    tuned_on: str
    strict: bool = False

    @property
    def cut(self) -> tuple[str, float, bool]:
        """Identifies this cut: another cut numbers its groups differently."""
        return self.fitted.key, self.value, self.strict

    @cached_property
    def by_category(self) -> dict[str, Evaluation]:
        """The scores of each category's photos as they are grouped here; empty without labels or categories.

        A category without a labelled photo is left out.
        """
        catalog = self.fitted.catalog
        categories = [image.category for image in catalog.images]
        parts = split_by_category(categories, catalog.labels_true, self.labels_pred)
        return {
            name: evaluate(labels_true, labels_pred, self.tuned_on)
            for name, (labels_true, labels_pred) in parts.items()
            if labels_true is not None
        }

    @cached_property
    def details(self) -> dict[str, float]:
        """Further scores by name; empty without true labels."""
        labels_true = self.fitted.catalog.labels_true
        return {} if labels_true is None else detail_scores(labels_true, self.labels_pred)

    @cached_property
    def confusion(self) -> Confusion:
        """The groups against the true models. Raises ValueError without true labels."""
        labels_true = self.fitted.catalog.labels_true
        if labels_true is None:
            raise ValueError("No photo has a true model to compare with.")
        return Confusion.of(labels_true, self.labels_pred)

    @cached_property
    def table(self) -> pd.DataFrame:
        """The group table, with the models where they are known; do not change it, since pages share it."""
        catalog = self.fitted.catalog
        labels_true, models = catalog.labels_true, catalog.models
        return group_table(catalog.image_ids, self.labels_pred, self.representatives, labels_true, models)

    @cached_property
    def representatives(self) -> Representatives:
        """The most central photo of each group and every photo's similarity to it."""
        return similarity_to_representative(self.labels_pred, self.fitted.vectors)

    @cached_property
    def extents(self) -> Extents:
        """How far the photos of each group are apart; takes seconds for a group of thousands."""
        return extents(self.labels_pred, self.fitted.vectors)

    def chained(self, found: Extents | None = None) -> np.ndarray:
        """(n_groups,) bool: which groups are connected only by a chain; none where the control is no threshold.

        found: the extents, if they have been computed already.
        """
        if self.strict or not self.fitted.control.is_a_threshold:
            return np.zeros(int(self.labels_pred.max()) + 1, dtype=bool)
        return (found or self.extents).chained(self.value)

    def is_chained(self, group: int) -> bool:
        """Returns whether one group is connected only by a chain, without measuring the others."""
        if self.strict or not self.fitted.control.is_a_threshold:
            return False
        rows = np.flatnonzero(self.labels_pred == group)
        return bool(extent_of(rows, self.fitted.vectors).chained(self.value)[0])
