"""Scores how well groups match the true models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shopsim.base.labels import UNLABELLED, noise_as_singletons
from shopsim.scoring.confusion import contingency
from shopsim.scoring.mutual_information import adjusted_mutual_information

# Of labels that came from elsewhere nobody can say what they were tuned on.
NOT_KNOWN = "not known"


@dataclass(frozen=True)
class PairCounts:
    """All unordered pairs of scored photos, each counted once, as exact Python integers.

    tp: one model, one group; fp: two models, one group; fn: one model, two groups; tn: two models, two groups.
    """

    tp: int
    fp: int
    fn: int
    tn: int

    @property
    def precision(self) -> float:
        """Share of the joined pairs that show one model, 0 to 1; 1 if no pair is joined."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 1.0

    @property
    def recall(self) -> float:
        """Share of the pairs of one model that are joined, 0 to 1; 1 if no two photos show one model."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0 to 1; 1 if no pair is joined and none should be."""
        return 2 * self.tp / (2 * self.tp + self.fp + self.fn) if self.tp + self.fp + self.fn else 1.0

    @property
    def ari(self) -> float:
        """Adjusted Rand index: 1 for a perfect match, about 0 for a random one, -0.5 at worst.

        The same formula as scikit-learn's, so equal to the last digit.
        Source: Hubert and Arabie, Comparing partitions, Journal of Classification 2 (1985).
        """
        tp, fp, fn, tn = self.tp, self.fp, self.fn, self.tn
        if fp == fn == 0:
            return 1.0
        return 2 * (tp * tn - fn * fp) / ((tp + fn) * (fn + tn) + (tp + fp) * (fp + tn))

    @classmethod
    def from_sums(cls, joined_right: int, joined: int, of_one_model: int, n_images: int) -> PairCounts:
        """Makes the counts from the pairs joined rightly, all joined pairs, all pairs of one model and the photos."""
        fp, fn = joined - joined_right, of_one_model - joined_right
        return cls(joined_right, fp, fn, n_images * (n_images - 1) // 2 - joined_right - fp - fn)


@dataclass(frozen=True)
class Evaluation:
    """Scores of one grouping.

    ari: adjusted Rand index over the scored photos. pairs: counts with precision, recall and F1.
    n_groups, n_singletons: groups, and groups of one, among all photos. n_models, n_images: among the scored ones.
    tuned_on: what the threshold and everything else tunable was chosen on.
    """

    ari: float
    pairs: PairCounts
    n_groups: int
    n_singletons: int
    n_models: int
    n_images: int
    tuned_on: str


def evaluate(labels_true: np.ndarray, labels_pred: np.ndarray, tuned_on: str = NOT_KNOWN) -> Evaluation:
    """How well the groups match the true models.

    labels_true, labels_pred: (n_images,) integers; only equality between entries matters, but for -1:
        in labels_true it marks a photo that is not scored, in labels_pred (other tools' noise) a group of one.
    Pairs are unordered, so counts are half of scikit-learn's `pair_confusion_matrix`.
    One scored photo, or none, is a perfect match (ARI 1.0), as in scikit-learn.

    Raises ValueError if the lengths differ.
    """
    groups = noise_as_singletons(labels_pred)
    pairs, n_models, n_images = _count_pairs(model_codes(labels_true), groups)
    sizes = np.bincount(groups)
    return Evaluation(pairs.ari, pairs, len(sizes), int((sizes == 1).sum()), n_models, n_images, tuned_on)


def split_by_category(
    categories: Sequence[str | None], labels_true: np.ndarray | None, labels_pred: np.ndarray
) -> dict[str, tuple[np.ndarray | None, np.ndarray]]:
    """The true models and the groups of each category's photos by themselves, sorted by its name.

    categories: (n,), None for a photo without one; labels_true, labels_pred: (n,) int64.
    The models are None where no photo of the category has one: scored, those would be a perfect match.
    """
    of_photo = np.array(categories, dtype=object)
    parts: dict[str, tuple[np.ndarray | None, np.ndarray]] = {}
    for category in sorted({category for category in categories if category is not None}):
        rows = of_photo == category
        models = None if labels_true is None or (labels_true[rows] == UNLABELLED).all() else labels_true[rows]
        parts[category] = models, labels_pred[rows]
    return parts


def detail_scores(labels_true: np.ndarray, labels_pred: np.ndarray) -> dict[str, float]:
    """Further scores of the same two labellings, by name, as scikit-learn has them: all 1.0 for a perfect match.

    labels_true, labels_pred: as `evaluate` takes them.
    """
    from sklearn.metrics import homogeneity_completeness_v_measure

    models, groups = model_codes(labels_true), noise_as_singletons(labels_pred)
    scored = models != UNLABELLED
    homogeneity, completeness, v_measure = homogeneity_completeness_v_measure(models[scored], groups[scored])
    return {
        "AMI": adjusted_mutual_information(models[scored], groups[scored]),
        "Homogeneity": float(homogeneity),
        "Completeness": float(completeness),
        "V-measure": float(v_measure),
    }


def model_codes(labels_true: np.ndarray) -> np.ndarray:
    """Numbers any integers as models 0..n_models-1, (n,) int64; UNLABELLED stays as it is."""
    codes = np.array(labels_true, dtype=np.int64)
    labelled = codes != UNLABELLED
    codes[labelled] = np.unique(codes[labelled], return_inverse=True)[1]
    return codes


def _count_pairs(models: np.ndarray, groups: np.ndarray) -> tuple[PairCounts, int, int]:
    """Pairs from sums of squares of the contingency table, no loop over pairs; also how many models and photos."""
    table = contingency(models, groups)
    by_model, by_group = table.sum(axis=1), table.sum(axis=0)
    n_images = int(by_model.sum())
    pairs = PairCounts.from_sums(pairs_within(table.data), pairs_within(by_group), pairs_within(by_model), n_images)
    return pairs, len(by_model), n_images


def pairs_within(sizes: np.ndarray) -> int:
    """Counts the unordered pairs inside sets of these sizes."""
    return sum(size * (size - 1) // 2 for size in sizes.tolist())
