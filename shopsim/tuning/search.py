"""Auto: tries candidates on tuning models, and finds those that group unseen models best."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shopsim.base.disk.store import Store
from shopsim.base.errors import ShopsimError
from shopsim.base.work.progress import Progress, part_of, silent
from shopsim.clusterers import Tree
from shopsim.grouping.recipe import Recipe
from shopsim.scoring.folds import Fold
from shopsim.tuning.candidates import Candidate
from shopsim.tuning.kept_trials import KeptTrials
from shopsim.tuning.level_cuts import tree_of, validation_folds
from shopsim.tuning.members import Member, members_of
from shopsim.tuning.rule_grid import BestRules, Rule, best_rules, best_values, given_count
from shopsim.tuning.size_prior import SizePrior
from shopsim.tuning.validation import Validation, ValidationRows, Views


@dataclass(frozen=True)
class Trial:
    """A candidate and its score on validation models.

    rule: its best rule. score: the mean ARI there, averaged with the neighbours of that rule. seconds: the time it
    took.
    """

    candidate: Candidate
    rule: Rule
    score: float
    seconds: float

    @property
    def recipe(self) -> Recipe:
        """The main extractor's space, and the clusterer."""
        return self.candidate.recipe

    @property
    def threshold(self) -> float:
        """The threshold of the rule, or its one value."""
        return self.rule.threshold


@dataclass(frozen=True)
class Search:
    """The result of a search.

    trials: best first. untried: candidates for which there was no time or memory. members: of the consensus, heaviest
    first. prior: photos per tuning model. n_validation: mean number of photos in a validation fold.
    """

    main: str
    trials: tuple[Trial, ...]
    untried: tuple[Candidate, ...]
    members: tuple[Member, ...]
    prior: SizePrior
    n_validation: float
    seconds: float

    @property
    def gap(self) -> float | None:
        """How much higher the best score is than the second; None if only one was tried."""
        return self.trials[0].score - self.trials[1].score if len(self.trials) > 1 else None

    @property
    def sentence(self) -> str:
        """The choice in one sentence."""
        best = self.trials[0]
        ahead = "" if self.gap is None else f", {self.gap:.3f} ahead of the runner-up"
        n_kinds = len({member.candidate.digest for member in self.members})
        kinds = "that one" if n_kinds == 1 else f"the {n_kinds} best"
        agreed = f"the consensus of {len(self.members)} groupings from {kinds}, weighted by their scores"
        tried = f"{len(self.trials)} candidates" if len(self.trials) > 1 else "1 candidate"
        left = f" ({len(self.untried)} more were left untried for lack of time or memory)" if self.untried else ""
        return (
            f"Of {tried}{left} the best on validation models is "
            f"{best.candidate.describe(self.main)} (ARI {best.score:.3f}{ahead}); "
            f"the groups are {agreed if len(self.members) > 1 else 'those of its best cut'}."
        )


def search(
    views: Views,
    labels_true: np.ndarray,
    n_held_out: int,
    candidates: Sequence[Candidate],
    seed: int = 0,
    seconds: float | None = None,
    progress: Progress = silent,
    store: Store | None = None,
    validation: Validation | None = None,
) -> Search:
    """Tries the candidates on validation models among these photos.

    views: of the tuning models' photos only; labels_true: (n,) integers. n_held_out: photos to be grouped later;
    validation folds are about as large. seconds: no candidate starts later than that, but the first always does.
    progress: counts candidates times validation folds. store: keeps the score of each candidate, so that the same
    search goes on where it was stopped. validation: folds and views to judge by, needed where the views were trained on
    the models; otherwise folds are made here.
    """
    started = time.monotonic()
    if validation is None:
        validation = Validation.of(views, validation_folds(labels_true, n_held_out, seed))
    inner = validation.folds
    rows = ValidationRows(validation, labels_true, candidates)
    tries = _Tries(rows, inner, _Judge.of(inner, labels_true), KeptTrials(store, validation, labels_true))
    found, untried = tries.of_all(None if seconds is None else started + seconds, progress)
    trials = [Trial(candidate, best.rules[0], best.smooth_scores[0], took) for candidate, best, took in found]
    return Search(
        main=next(iter(views)),
        trials=tuple(sorted(trials, key=lambda trial: -trial.score)),
        untried=tuple(untried),
        members=members_of([(candidate, best) for candidate, best, _ in found], rows.slope),
        prior=SizePrior.of_labels(labels_true),
        n_validation=float(np.mean([len(fold.held_out) for fold in inner])),
        seconds=time.monotonic() - started,
    )


@dataclass(frozen=True, eq=False)
class _Judge:
    """The true models of each validation fold, and the sizes of the models it is tuned on.

    truth, priors: one per fold; the prior counts the fold's tuning models. photos_per_model: of all tuning models.
    """

    truth: Sequence[np.ndarray]
    priors: Sequence[SizePrior]
    photos_per_model: float

    @classmethod
    def of(cls, inner: Sequence[Fold], labels_true: np.ndarray) -> _Judge:
        """The judge for folds among photos of these models, (n,) integers."""
        return cls(
            [labels_true[fold.held_out] for fold in inner],
            [SizePrior.of_labels(labels_true[fold.tuning]) for fold in inner],
            len(labels_true) / len(np.unique(labels_true)),
        )

    def best_of(self, candidate: Candidate, trees: Sequence[Tree]) -> BestRules:
        """The best rules for the candidate's trees, one per fold."""
        if candidate.is_cut_by_rules:
            return best_rules(trees, self.truth, self.priors)
        if candidate.is_cut_by_count:
            means = [prior.photos_per_model for prior in self.priors]
            return given_count(trees, self.truth, means, self.photos_per_model)
        return best_values(trees, self.truth, self.photos_per_model)


@dataclass(frozen=True, eq=False)
class _Tries:
    """Everything needed to try a candidate on every validation fold."""

    rows: ValidationRows
    inner: Sequence[Fold]
    judge: _Judge
    kept: KeptTrials

    def of_all(
        self, deadline: float | None, progress: Progress
    ) -> tuple[list[tuple[Candidate, BestRules, float]], list[Candidate]]:
        """Each candidate with its best rules and the seconds they took; and the candidates without enough time or
        memory.
        """
        found: list[tuple[Candidate, BestRules, float]] = []
        untried: list[Candidate] = []
        candidates, n_folds = self.rows.candidates, len(self.inner)
        for place, candidate in enumerate(candidates):
            if found and deadline is not None and time.monotonic() > deadline:
                return found, [*untried, *candidates[place:]]
            part = part_of(progress, place * n_folds, n_folds, len(candidates) * n_folds)
            try:
                found.append((candidate, *self.best_of(candidate, part)))
            except ShopsimError:
                # HDBSCAN needs three times the memory of average linkage; the search goes on without it.
                if candidate.is_cut_by_rules:
                    raise
                untried.append(candidate)
        return found, untried

    def best_of(self, candidate: Candidate, progress: Progress) -> tuple[BestRules, float]:
        """The candidate's best rules, and the seconds they took when they were found."""
        known = self.kept.load(candidate)
        if known is not None:
            progress(0, len(self.inner))
            return known
        begun = time.monotonic()
        trees = []
        for number in range(len(self.inner)):
            progress(number, len(self.inner))
            trees.append(tree_of(self.rows.of(candidate, number), candidate.recipe))
        best = self.judge.best_of(candidate, trees)
        seconds = time.monotonic() - begun
        self.kept.save(candidate, best, seconds)
        return best, seconds
