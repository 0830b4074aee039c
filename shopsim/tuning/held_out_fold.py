"""One fold of the held-out protocol: the choice is made on tuning models and applied once to held-out photos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from shopsim.base.disk.store import Store
from shopsim.base.work.progress import Progress
from shopsim.clusterers import Tree
from shopsim.grouping.recipe import Recipe
from shopsim.scoring.folds import Fold
from shopsim.tuning.branch_cuts import ari_of_cuts
from shopsim.tuning.candidates import Candidate
from shopsim.tuning.control_values import best_value
from shopsim.tuning.learner import Learner
from shopsim.tuning.level_cuts import FoldRows, Tuned, choose, tree_of
from shopsim.tuning.rule_grid import rule_grid
from shopsim.tuning.search import Search, Trial, search
from shopsim.tuning.size_prior import SizePrior
from shopsim.tuning.tuned_groups import consensus, fit_spaces, fitted_tree, rows_in_space
from shopsim.tuning.validation import Views


@dataclass(frozen=True, eq=False)
class Ours:
    """The choice made in a fold, and its groups.

    labels_pred: (n,) groups of the held-out photos. rows: (n, d) float32 unit rows of these photos in the space of the
    best candidate. chosen: the candidates that were tried, best first. sentence: the choice in words. tuned_ari: the
    best ARI that any cut of the chosen trees reaches on the held-out photos.
    """

    labels_pred: np.ndarray
    rows: np.ndarray
    chosen: Sequence[Tuned | Trial]
    sentence: str
    tuned_ari: float


@dataclass(frozen=True, eq=False)
class FoldAtHand:
    """The data of one fold; the labels of the held-out photos are read for the score alone."""

    views: Mapping[str, np.ndarray]
    labels_true: np.ndarray
    fold: Fold
    seed: int
    store: Store | None = None

    @property
    def truth(self) -> np.ndarray:
        """(n,) integers, the models of the held-out photos."""
        return self.labels_true[self.fold.held_out]

    @property
    def photos_per_model(self) -> float:
        """Mean photos per tuning model."""
        return len(self.fold.tuning) / len(np.unique(self.labels_true[self.fold.tuning]))

    def best_recipe(self, recipes: Sequence[Recipe], rows: FoldRows | None, progress: Progress) -> Ours:
        """The groups by the best recipe, cut level. rows: of the first view, where other calls share them."""
        rows = rows or FoldRows(next(iter(self.views.values())), self.labels_true)
        n_held_out = len(self.fold.held_out)
        chosen = choose(rows, self.fold.tuning, n_held_out, recipes, self.seed, progress)
        best = chosen[0]
        in_space = rows.of(best.recipe, self.fold)
        tree = tree_of(in_space, best.recipe)
        labels_pred = tree.cut(best.value.on(tree.control, n_held_out))
        tuned_ari = best_value([tree], [self.truth], self.photos_per_model)[1]
        return Ours(labels_pred, in_space, chosen, f"{best.recipe.space}, {best.recipe.clusterer}", tuned_ari)

    def auto(self, candidates: Sequence[Candidate], seconds: float | None, progress: Progress) -> Ours:
        """The groups by the candidates that Auto chooses. seconds: for its search."""
        tuning, held_out_photos = ({name: rows[part] for name, rows in self.views.items()} for part in self.fold.parts)
        labels = self.labels_true[self.fold.tuning]
        found = search(tuning, labels, len(self.fold.held_out), candidates, self.seed, seconds, progress, self.store)
        return self.grouped(found, tuning, held_out_photos)

    def learnt(self, learner: Learner, seconds: float | None, progress: Progress) -> Ours:
        """The groups by what Auto chooses after the learner was trained on the tuning models. seconds: for Auto's
        search.
        """
        labels, n_held_out = self.labels_true[self.fold.tuning], len(self.fold.held_out)
        learnt = learner.learn(self.fold.tuning, labels, n_held_out, self.seed, progress)
        tuning, held_out_photos = (learnt.views(part) for part in self.fold.parts)
        found = search(
            tuning,
            labels,
            n_held_out,
            learnt.candidates,
            self.seed,
            seconds,
            progress,
            self.store,
            learnt.validation,
        )
        ours = self.grouped(found, tuning, held_out_photos)
        return replace(ours, sentence=f"{learnt.told} {ours.sentence}")

    def grouped(self, found: Search, tuning: Views, held_out_photos: Views) -> Ours:
        """The held-out photos grouped as Auto found; views of the tuning photos and of the held-out photos."""
        spaces = fit_spaces(found.members, tuning, self.labels_true[self.fold.tuning])
        tree = consensus(found.members, spaces, held_out_photos, found.prior, found.n_validation)
        kept = {member.candidate.digest: member.candidate for member in found.members}
        best = max(
            self._best_ari(candidate, fitted_tree(candidate, spaces, held_out_photos), found.prior)
            for candidate in kept.values()
        )
        rows = rows_in_space(found.members[0].candidate, spaces, held_out_photos)
        return Ours(tree.cut(tree.control.default), rows, found.trials, found.sentence, best)

    def _best_ari(self, candidate: Candidate, tree: Tree, prior: SizePrior) -> float:
        """The best ARI over all cuts of the held-out photos' tree, found with their true models in sight."""
        if not candidate.is_cut_by_rules:
            return best_value([tree], [self.truth], self.photos_per_model)[1]
        return float(ari_of_cuts(tree, self.truth, rule_grid([tree])[0], prior).max())
