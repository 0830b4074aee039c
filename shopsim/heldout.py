"""The held-out-by-model protocol: everything tunable is tuned on some models and scored once on others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean

import numpy as np
from scipy.sparse import csr_array

from shopsim import ShopsimError
from shopsim.bootstrap import ari_interval
from shopsim.candidates import Tuned, choose, default_candidates, fit_space, tree_of
from shopsim.catalog import Catalog
from shopsim.confusion import contingency
from shopsim.curve import threshold_curve
from shopsim.evaluation import Evaluation, evaluate
from shopsim.features import Features
from shopsim.folds import Fold, model_folds, split_fold
from shopsim.pipeline import Recipe
from shopsim.progress import Progress, silent

HELD_OUT = "held-out models"
OWN_SPLIT = "the catalogue's own split: tuned on its train part, scored on its test part"


@dataclass(frozen=True, eq=False)
class FoldScore:
    """One fold, scored once.

    chosen: the candidates tried on the tuning models, best first; the first was taken. table: contingency of the
    held-out photos, row i being the catalogue's model i. tuned_ari: what the best threshold for the held-out photos
    themselves would have given in the same tree. baseline: of the public baseline on the same photos.
    """

    chosen: list[Tuned]
    evaluation: Evaluation
    table: csr_array
    tuned_ari: float
    baseline: Evaluation


@dataclass(frozen=True, eq=False)
class HeldOut:
    """The protocol's result: means over folds; how: how the models were split, one clause."""

    folds: list[FoldScore]
    how: str
    seed: int

    @property
    def ari(self) -> float:
        """Mean ARI on held-out models."""
        return fmean(fold.evaluation.ari for fold in self.folds)

    @property
    def tuned_ari(self) -> float:
        """Mean ARI had the threshold been tuned on the scored photos: the difference is the optimism."""
        return fmean(fold.tuned_ari for fold in self.folds)

    @property
    def baseline_ari(self) -> float:
        """Mean ARI of the public baseline on the same photos."""
        return fmean(fold.baseline.ari for fold in self.folds)

    @property
    def error_ratio(self) -> float | None:
        """(1 - ari) / (1 - baseline_ari); None where the baseline is perfect."""
        return (1 - self.ari) / (1 - self.baseline_ari) if self.baseline_ari < 1 else None

    @cached_property
    def interval(self) -> tuple[float, float]:
        """95 % interval of `ari`, by a bootstrap over models."""
        return ari_interval([fold.table for fold in self.folds], self.seed)

    def pair_mean(self, name: str) -> float:
        """Mean over folds of pair `precision`, `recall` or `f1`."""
        return fmean(getattr(fold.evaluation.pairs, name) for fold in self.folds)


def held_out(
    catalog: Catalog,
    features: Features,
    candidates: Sequence[Recipe] | None = None,
    n_folds: int = 5,
    seed: int = 0,
    progress: Progress = silent,
) -> HeldOut:
    """Tune on some models, score on the others, fold by fold.

    catalog: of exactly the photos of `features`, in their order. candidates: `default_candidates` if None.
    progress: counts held-out photos.
    A catalogue's own split is used where no model stands in two of its parts.
    Raises ShopsimError if there are no labels or too few models to hold some out.
    """
    folds, how = _folds(catalog, n_folds, seed)
    tried = default_candidates() if candidates is None else candidates
    total = sum(len(fold.held_out) for fold in folds)
    scores: list[FoldScore] = []
    done = 0
    for fold in folds:
        scores.append(_score(features, catalog.labels_true, fold, tried, seed, _part_of(progress, done, fold, total)))
        done += len(fold.held_out)
    progress(total, total)
    return HeldOut(scores, how, seed)


def baseline_labels(raw: np.ndarray, photos_per_model: float, seed: int = 0) -> np.ndarray:
    """(n,) groups of the held-out photos as the public baseline makes them.

    raw: (n, d) features, not normalised. photos_per_model: mean of the tuning models.
    K-means, K = max(1, round(n / photos_per_model)), 10 starts.
    """
    from sklearn.cluster import KMeans

    n_groups = max(1, round(len(raw) / photos_per_model))
    return KMeans(min(n_groups, len(raw)), n_init=10, random_state=seed).fit_predict(raw)


def _folds(catalog: Catalog, n_folds: int, seed: int) -> tuple[list[Fold], str]:
    """The folds, and how they were made."""
    if catalog.labels_true is None:
        raise ShopsimError(
            f"'{catalog.name}' has no true labels; scoring on models that nothing was tuned on needs the true model "
            "of each photo."
        )
    own, why_not = split_fold(catalog.labels_true, [image.split for image in catalog.images])
    if own is not None:
        return [own], OWN_SPLIT
    try:
        folds = model_folds(catalog.labels_true, n_folds, seed)
    except ShopsimError as error:
        raise ShopsimError(f"'{catalog.name}' cannot be held out: {error}") from None
    note = f"; the catalogue's own split is not used: {why_not}" if why_not else ""
    return folds, f"{len(folds)} folds of models{note}"


def _part_of(progress: Progress, done: int, fold: Fold, total: int) -> Progress:
    """A progress within one fold, told as photos of all folds."""
    return lambda part, of: progress(done + len(fold.held_out) * part // of, total)


def _score(
    features: Features,
    labels_true: np.ndarray,
    fold: Fold,
    candidates: Sequence[Recipe],
    seed: int,
    progress: Progress,
) -> FoldScore:
    tuning, truth = features.vectors[fold.tuning], labels_true[fold.held_out]
    chosen = choose(tuning, labels_true[fold.tuning], len(fold.held_out), candidates, seed, progress)
    best = chosen[0]
    rows = fit_space(tuning, best.recipe).transform(features.vectors[fold.held_out])
    tree = tree_of(rows, best.recipe)
    labels_pred = tree.cut(best.threshold)
    photos_per_model = len(fold.tuning) / len(np.unique(labels_true[fold.tuning]))
    baseline = baseline_labels(features.raw[fold.held_out], photos_per_model, seed)
    return FoldScore(
        chosen,
        evaluate(truth, labels_pred, HELD_OUT),
        contingency(truth, labels_pred),
        float(threshold_curve(tree, truth).ari.max()),
        evaluate(truth, baseline, HELD_OUT),
    )
