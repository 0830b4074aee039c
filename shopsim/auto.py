"""Auto: finds, on tuning models, what groups models it has not seen best."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from shopsim.auto_candidates import Candidate
from shopsim.candidates import average_tree, inner_folds
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.folds import Fold
from shopsim.kept_trials import KeptTrials
from shopsim.pipeline import Recipe
from shopsim.progress import Progress, silent
from shopsim.rule_grid import BestRules, best_rules
from shopsim.size_prior import SizePrior
from shopsim.store import Store
from shopsim.tree_cuts import CutRule
from shopsim.validation_rows import ValidationRows, Views

SOFTNESS = 0.03
"""How much worse, in mean ARI on validation models, makes a grouping count 1/e in the consensus."""
_LEAST_WEIGHT = 0.02
_MOST_MEMBERS = 24
_MOST_TREES = 10
# (photos, rounds of validation folds): few photos leave much to chance and take little time.
_ROUNDS = ((1000, 3), (2500, 2))
_FEWEST_FOLDS = 4


@dataclass(frozen=True)
class Trial:
    """A candidate as it did on validation models.

    score: mean ARI there of its best rule and that rule's neighbours; rule: that one; seconds: it took.
    """

    candidate: Candidate
    rule: CutRule
    score: float
    seconds: float

    @property
    def recipe(self) -> Recipe:
        """Space and clusterer."""
        return self.candidate.recipe

    @property
    def threshold(self) -> float:
        """The rule's."""
        return self.rule.threshold


@dataclass(frozen=True)
class Member:
    """A candidate with a rule, and what its grouping counts in the consensus; the weights of all sum to 1.

    slope: by how much the log odds that two photos show one model rise with their similarity in the candidate's space.
    """

    candidate: Candidate
    rule: CutRule
    score: float
    weight: float
    slope: float

    def rule_for(self, factor: float) -> CutRule:
        """The rule for `factor` times as many photos as it was tuned on.

        Photos of other models grow in number with the catalogue and those of the same model don't, so the odds of
        a pair fall by that factor, and the threshold rises to where they are what they were.
        """
        return replace(self.rule, threshold=self.rule.threshold + math.log(factor) / self.slope)


@dataclass(frozen=True)
class Search:
    """What Auto found.

    trials: best first; untried: candidates for which there was no time; members: of the consensus, heaviest first.
    prior: photos of the tuning models; n_validation: photos in a validation fold, on average.
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
        """Score of the best less that of the runner-up; None if only one was tried."""
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
        left = f" ({len(self.untried)} more were left untried for lack of time)" if self.untried else ""
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
) -> Search:
    """Tries the candidates on validation models among these photos.

    views: of the tuning models' photos only; labels_true: (n,) integers. n_held_out: photos to be grouped later;
    validation folds are about as large. seconds: no candidate is begun later than that, but the first always is.
    progress: counts candidates times validation folds. store: where what each candidate reached is kept, so that
    the same search goes on where it was stopped.
    """
    started = time.monotonic()
    inner = inner_folds(labels_true, n_held_out, seed, _rounds(len(labels_true), n_held_out))
    rows = ValidationRows(views, inner, candidates)
    tried = _Tries(rows, inner, _judge(inner, labels_true), KeptTrials(store, views, labels_true, inner))
    trials: list[Trial] = []
    found: list[tuple[Candidate, BestRules]] = []
    for place, candidate in enumerate(rows.candidates):
        begun = time.monotonic()
        if trials and seconds is not None and begun - started > seconds:
            break
        best, took = tried.best_of(candidate, _part_of(progress, place, len(candidates), len(inner)))
        found.append((candidate, best))
        trials.append(Trial(candidate, best.rules[0], best.smooth_scores[0], took))
    order = sorted(range(len(trials)), key=lambda place: -trials[place].score)
    return Search(
        main=next(iter(views)),
        trials=tuple(trials[place] for place in order),
        untried=tuple(rows.candidates[len(trials) :]),
        members=_members(found, lambda candidate: rows.slope(candidate, labels_true)),
        prior=SizePrior.of_labels(labels_true),
        n_validation=float(np.mean([len(fold.held_out) for fold in inner])),
        seconds=time.monotonic() - started,
    )


@dataclass(frozen=True, eq=False)
class _Tries:
    """What it takes to try a candidate on every validation fold."""

    rows: ValidationRows
    inner: Sequence[Fold]
    judge: Callable[[Sequence[MergeTree]], BestRules]
    kept: KeptTrials

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
            trees.append(average_tree(self.rows.of(candidate, number), candidate.recipe))
        best = self.judge(trees)
        seconds = time.monotonic() - begun
        self.kept.save(candidate, best, seconds)
        return best, seconds


def _part_of(progress: Progress, place: int, n_places: int, n_folds: int) -> Progress:
    return lambda done, total: progress(place * n_folds + done, n_places * n_folds)


def _judge(inner: Sequence[Fold], labels_true: np.ndarray) -> Callable[[Sequence[MergeTree]], BestRules]:
    """Finds the best rules for one tree a fold, with the prior of the fold's tuning models."""
    truth = [labels_true[fold.held_out] for fold in inner]
    priors = [SizePrior.of_labels(labels_true[fold.tuning]) for fold in inner]
    return lambda trees: best_rules(trees, truth, priors)


def _rounds(n_images: int, n_held_out: int) -> int:
    """Of validation folds."""
    in_round = max(2, round(n_images / n_held_out))
    return max(next((number for most, number in _ROUNDS if n_images <= most), 1), -(-_FEWEST_FOLDS // in_round))


def _members(
    found: Sequence[tuple[Candidate, BestRules]], slope_of: Callable[[Candidate], float]
) -> tuple[Member, ...]:
    """The best rules of the best candidates, weighted by how near they come to the very best."""
    top = max(score for _, best in found for score in best.smooth_scores)
    kept = sorted(found, key=lambda pair: -max(pair[1].smooth_scores))[:_MOST_TREES]
    weighed = [
        Member(candidate, rule, score, float(np.exp((score - top) / SOFTNESS)), 1.0)
        for candidate, best in kept
        for rule, score in zip(best.rules, best.smooth_scores, strict=True)
    ]
    weighed = sorted(weighed, key=lambda member: -member.weight)[:_MOST_MEMBERS]
    weighed = [member for member in weighed if member.weight >= _LEAST_WEIGHT]
    total = sum(member.weight for member in weighed)
    slopes = {member.candidate.digest: slope_of(member.candidate) for member in weighed}
    return tuple(
        replace(member, weight=member.weight / total, slope=slopes[member.candidate.digest]) for member in weighed
    )
