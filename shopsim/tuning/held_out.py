"""The held-out protocol: everything is tuned on some models and scored once on other models."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean

import numpy as np
from scipy.sparse import csr_array

from shopsim.base.disk.store import Store
from shopsim.base.work.progress import Progress, part_of, silent
from shopsim.catalog.catalog import Catalog
from shopsim.features.extract import Features
from shopsim.features.networks.photos_known import check_unseen
from shopsim.grouping.companions import views_of
from shopsim.grouping.recipe import Recipe
from shopsim.scoring.bootstrap import ari_interval
from shopsim.scoring.confusion import contingency
from shopsim.scoring.contest_baseline import baseline_labels
from shopsim.scoring.evaluation import Evaluation, evaluate
from shopsim.tuning.candidate import Candidate
from shopsim.tuning.candidates import auto_candidates
from shopsim.tuning.held_out_fold import FoldAtHand, Ours
from shopsim.tuning.learner import Learner
from shopsim.tuning.level_cuts import FoldRows, Tuned
from shopsim.tuning.outer_folds import folds_of
from shopsim.tuning.search import Trial
from shopsim.tuning.validation import with_unnormalised

HELD_OUT = "held-out models"


@dataclass(frozen=True, eq=False)
class FoldScore:
    """The score of one fold.

    chosen: the candidates that were tried on the tuning models, best first; with recipes the first one was taken.
    sentence: the choice in words. table: contingency of the held-out photos, row i is the catalogue's model i.
    tuned_ari: the best ARI that any cut of the chosen trees reaches on the held-out photos. score_baseline: computes
    `baseline`.
    """

    chosen: Sequence[Tuned | Trial]
    sentence: str
    evaluation: Evaluation
    table: csr_array
    tuned_ari: float
    score_baseline: Callable[[], Evaluation]

    @cached_property
    def baseline(self) -> Evaluation:
        """The score of the public baseline on the same photos. It is computed when asked for: K-means can take longer
        than all the rest.
        """
        return self.score_baseline()


@dataclass(frozen=True, eq=False)
class HeldOut:
    """The protocol's result, as means over folds. how: how the models were split, in one clause."""

    folds: list[FoldScore]
    how: str
    seed: int

    @property
    def ari(self) -> float:
        """Mean ARI on held-out models."""
        return fmean(fold.evaluation.ari for fold in self.folds)

    @property
    def tuned_ari(self) -> float:
        """Mean ARI if the threshold were tuned on the scored photos; how much it exceeds `ari` is the optimism."""
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

    @property
    def recorded(self) -> dict[str, float]:
        """The scores that tuned settings keep: `held_out`, `low`, `high`, `baseline`, `tuned`, `held_out_photos`."""
        low, high = self.interval
        found = {"held_out": self.ari, "low": low, "high": high, "baseline": self.baseline_ari}
        found |= {"tuned": self.tuned_ari, "held_out_photos": fmean(fold.evaluation.n_images for fold in self.folds)}
        # Very few models have no interval.
        return {name: value for name, value in found.items() if math.isfinite(value)}

    def pair_mean(self, name: str) -> float:
        """Mean over folds of pair `precision`, `recall` or `f1`."""
        return fmean(getattr(fold.evaluation.pairs, name) for fold in self.folds)


def held_out(
    catalog: Catalog,
    features: Features,
    candidates: Sequence[Recipe | Candidate] | None = None,
    n_folds: int = 5,
    seed: int = 0,
    progress: Progress = silent,
    added: Mapping[str, Features] | None = None,
    seconds: float | None = None,
    main: str = "features",
    store: Store | None = None,
    learner: Learner | None = None,
    rows: FoldRows | None = None,
) -> HeldOut:
    """Tunes on some models and scores on the others, fold by fold.

    catalog: of exactly the photos of `features`, in their order. candidates: recipes, of which the best is taken
    and cut level; or candidates for Auto, those of `auto_candidates` if None. progress: counts held-out photos.
    added: for Auto, features of other extractors to be fused with, of the same photos in the same order, by name.
    seconds: for Auto's search in one fold. main: the name of the extractor of `features` in the sentences.
    store: where Auto keeps what it has tried, so that the same call goes on where it was stopped.
    learner: learns anew from each fold's tuning models; Auto then tries the candidates that it brings.
    rows: for recipes, of these features, so that calls with the same space fit it once.
    A catalogue's own split is used where no model stands in two of its parts.
    Raises ShopsimError as `folds_of` does, or if the features are of a network that was trained here on some of the
    photos; ValueError if candidates are of both kinds or of none.
    """
    check_unseen(features.key, [image.digest for image in catalog.images])
    folds, how = folds_of(catalog, n_folds, seed)
    views = with_unnormalised(views_of(main, features, added or {}), features.raw)
    if candidates is None:
        candidates = auto_candidates(list(added or {}), unnormalised=True)
    way = _way(candidates, learner, seconds, rows)
    total = sum(len(fold.held_out) for fold in folds)
    scores, done = [], 0
    for fold in folds:
        at_hand = FoldAtHand(views, catalog.labels_true, fold, seed, store)
        ours = way(at_hand, part_of(progress, done, len(fold.held_out), total))
        scores.append(_score(ours, at_hand, features.raw[fold.held_out]))
        done += len(fold.held_out)
    progress(total, total)
    return HeldOut(scores, how, seed)


def _way(
    candidates: Sequence[Recipe | Candidate], learner: Learner | None, seconds: float | None, rows: FoldRows | None
) -> Callable[[FoldAtHand, Progress], Ours]:
    """The work to be done in each fold; the arguments are those of `held_out`."""
    recipes = [each for each in candidates if isinstance(each, Recipe)]
    fused = [each for each in candidates if isinstance(each, Candidate)]
    if bool(recipes) == bool(fused):
        raise ValueError("Some recipes, or some candidates for Auto, are tried, but not both.")
    if learner is not None:
        return lambda fold, progress: fold.learnt(learner, seconds, progress)
    if recipes:
        return lambda fold, progress: fold.best_recipe(recipes, rows, progress)
    return lambda fold, progress: fold.auto(fused, seconds, progress)


def _score(ours: Ours, at_hand: FoldAtHand, raw: np.ndarray) -> FoldScore:
    truth = at_hand.truth
    evaluation = evaluate(truth, ours.labels_pred, HELD_OUT)
    return FoldScore(
        ours.chosen,
        ours.sentence,
        evaluation,
        contingency(truth, ours.labels_pred),
        max(ours.tuned_ari, evaluation.ari),
        lambda: evaluate(truth, baseline_labels(raw, at_hand.photos_per_model, at_hand.seed, at_hand.store), HELD_OUT),
    )
