"""The photos and folds that all rows of the leaderboard share, and how one row is scored on them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from shopsim.base.disk.store import Store, digest_of
from shopsim.base.work.progress import Progress
from shopsim.catalog.catalog import Catalog
from shopsim.features.extract import Features
from shopsim.grouping.companions import aligned
from shopsim.grouping.recipe import Recipe
from shopsim.scoring.confusion import contingency
from shopsim.scoring.contest_baseline import baseline_labels
from shopsim.scoring.evaluation import Evaluation, evaluate
from shopsim.scoring.folds import Fold
from shopsim.tuning.held_out import HELD_OUT, held_out
from shopsim.tuning.leaderboard_scores import Scores, load_scores, save_scores, scores_of, untuned_scores
from shopsim.tuning.level_cuts import FoldRows
from shopsim.tuning.outer_folds import folds_of

PROTOCOL = "3"
"""Raised when the same setting on the same photos gives other scores, so that old rows become misses."""
BASELINE = "Contest baseline"
AUTO = "Auto"


class Task:
    """The photos, the folds and the cache that all rows share. Raises ShopsimError as `folds_of` does."""

    def __init__(self, catalog: Catalog, cache: Path, n_folds: int, seed: int) -> None:
        self.catalog, self._cache, self._n_folds, self._seed = catalog, cache, n_folds, seed
        self._folds: list[Fold] = folds_of(catalog, n_folds, seed)[0]
        photos = (repr((i.image_id, i.digest, i.model, i.split)) for i in catalog.images)
        self._came_from = digest_of(PROTOCOL, *photos, n_folds, seed)
        self._rows: FoldRows | None = None

    def setting(self, features: Features, recipe: Recipe, progress: Progress) -> Scores:
        """The scores of one recipe under the protocol. Recipes in the same space that follow do not fit it again."""

        def work() -> Scores:
            start = time.perf_counter()
            if self._rows is None or self._rows.vectors is not features.vectors:
                self._rows = FoldRows(features.vectors, self.catalog.labels_true)
            self._rows.keep_only(recipe)
            held = held_out(self.catalog, features, [recipe], self._n_folds, self._seed, progress, rows=self._rows)
            return scores_of(held, time.perf_counter() - start)

        return self._kept(digest_of(self._came_from, features.key, recipe.digest), work, progress)

    def auto(self, features: Features, added: Mapping[str, Features], main: str, progress: Progress) -> Scores:
        """The scores of Auto: it chooses everything anew in each fold, other extractors included."""
        ids = self.catalog.image_ids
        shared = {name: aligned(other, ids) for name, other in added.items()}

        def work() -> Scores:
            # Auto needs the memory.
            self._rows = None
            start = time.perf_counter()
            held = held_out(self.catalog, features, None, self._n_folds, self._seed, progress, shared, main=main)
            return scores_of(held, time.perf_counter() - start)

        keys = sorted((name, other.key) for name, other in shared.items())
        return self._kept(digest_of(self._came_from, features.key, AUTO, keys), work, progress)

    def baseline(self, features: Features, progress: Progress) -> Scores:
        """The scores of K-means on the extractor's unnormalised features, as in the task's public baseline."""

        def work() -> Scores:
            start = time.perf_counter()
            labels = np.empty(len(self.catalog.images), np.int64)
            scored = []
            for number, fold in enumerate(self._folds):
                progress(number, len(self._folds))
                photos_per_model = len(fold.tuning) / len(np.unique(self.catalog.labels_true[fold.tuning]))
                raw = features.raw[fold.held_out]
                labels[fold.held_out] = baseline_labels(raw, photos_per_model, self._seed, Store(self._cache))
                scored.append(self._score_fold(fold, labels))
            return untuned_scores(scored, self._seed, time.perf_counter() - start)

        return self._kept(digest_of(self._came_from, features.key, BASELINE), work, progress)

    def score_labels(self, labels: np.ndarray) -> Scores:
        """The scores of given groups of all photos, (n,) integers; each fold scores those of its own photos."""
        return untuned_scores([self._score_fold(fold, labels) for fold in self._folds], self._seed, 0.0)

    def _score_fold(self, fold: Fold, labels: np.ndarray) -> tuple[Evaluation, csr_array]:
        truth = self.catalog.labels_true[fold.held_out]
        groups = np.unique(labels[fold.held_out], return_inverse=True)[1]
        return evaluate(truth, groups, HELD_OUT), contingency(truth, groups)

    def _kept(self, digest: str, work: Callable[[], Scores], progress: Progress) -> Scores:
        scores = load_scores(self._cache, digest)
        if scores is None:
            progress(0, 1)
            scores = work()
            save_scores(self._cache, digest, scores)
        return scores
