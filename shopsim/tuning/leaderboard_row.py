"""The scores of one row of the leaderboard, on the photos and folds that all rows share; they are kept in the cache."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
from scipy.sparse import csr_array

from shopsim.base.disk.records import parsed, record
from shopsim.base.disk.sealed import SEALED, read_sealed, write_sealed
from shopsim.base.disk.store import Store, digest_of
from shopsim.base.errors import ShopsimError
from shopsim.base.work.progress import Progress
from shopsim.catalog.catalog import Catalog
from shopsim.features.extract import Features
from shopsim.grouping.added import Added, aligned, missing_rows
from shopsim.grouping.recipe import Recipe
from shopsim.scoring.bootstrap import ari_interval
from shopsim.scoring.confusion import contingency
from shopsim.scoring.contest_baseline import baseline_labels
from shopsim.scoring.evaluation import Evaluation, evaluate
from shopsim.scoring.folds import Fold
from shopsim.tuning.fused_fold_rows import RowsAtHand
from shopsim.tuning.held_out import HELD_OUT, HeldOut, held_out
from shopsim.tuning.outer_folds import folds_of

PROTOCOL = "4"
"""Raised when the same setting on the same photos gives other scores, so that old rows become misses."""
BASELINE = "Contest baseline"
AUTO = "Auto"
KIND = "leaderboard"
"""The folder of the cache that holds the scores."""
_LARGEST = 1e12


@dataclass(frozen=True)
class Scores:
    """Scores on held-out models: means over folds, but counts are sums over folds.

    low, high: the 95 % interval of ari. tuned_ari: the ARI if the threshold were tuned on the scored photos, None where
    nothing is tuned. precision, recall: of pairs. seconds: the time to tune and score all folds,
    without the space where a row before had fitted it.
    """

    ari: float
    low: float
    high: float
    tuned_ari: float | None
    precision: float
    recall: float
    n_groups: int
    n_models: int
    n_images: int
    n_folds: int
    seconds: float

    @property
    def interval(self) -> str:
        """The interval as people read it: '0.849–0.945'."""
        return f"{self.low:z.3f}–{self.high:z.3f}"


class Task:
    """The photos, the folds and the cache that all rows share. Raises ShopsimError as `folds_of` does."""

    def __init__(self, catalog: Catalog, cache: Path, n_folds: int, seed: int) -> None:
        self.catalog, self._cache, self._n_folds, self._seed = catalog, cache, n_folds, seed
        self._folds: list[Fold] = folds_of(catalog, n_folds, seed)[0]
        photos = (repr((i.image_id, i.digest, i.model, i.split)) for i in catalog.images)
        self._came_from = digest_of(PROTOCOL, *photos, n_folds, seed)
        self._rows = RowsAtHand(catalog.labels_true)

    def setting(self, features: Features, recipe: Recipe, added: Added | None, progress: Progress) -> Scores:
        """The scores of one recipe under the protocol. Recipes in the same space that follow do not fit it again.

        added: a second extractor; its photos may be others.
        """
        added = None if added is None else added.of(self.catalog.image_ids)

        def work() -> Scores:
            start = time.perf_counter()
            rows = self._rows.of(features, added)
            rows.keep_only(recipe)
            held = held_out(self.catalog, features, [recipe], self._n_folds, self._seed, progress, rows=rows)
            return scores_of(held, time.perf_counter() - start)

        more = [] if added is None else [added.features.key, added.share, *added.missing]
        return self._kept(digest_of(self._came_from, features.key, recipe.digest, *more), work, progress)

    def auto(self, features: Features, added: Mapping[str, Features], main: str, progress: Progress) -> Scores:
        """The scores of Auto: it chooses everything anew in each fold, other extractors included."""
        ids = self.catalog.image_ids
        shared = {name: aligned(other, ids) for name, other in added.items()}

        def work() -> Scores:
            # Auto needs the memory.
            self._rows.forget()
            start = time.perf_counter()
            held = held_out(self.catalog, features, None, self._n_folds, self._seed, progress, shared, main=main)
            return scores_of(held, time.perf_counter() - start)

        keys = sorted((name, other.key, *missing_rows(other)) for name, other in shared.items())
        return self._kept(digest_of(self._came_from, features.key, AUTO, keys), work, progress)

    def baseline(self, features: Features, progress: Progress) -> Scores:
        """The scores of K-means on the extractor's unnormalised features, as in the task's public baseline."""

        def group(fold: Fold) -> np.ndarray:
            photos_per_model = len(fold.tuning) / len(np.unique(self.catalog.labels_true[fold.tuning]))
            return baseline_labels(features.raw[fold.held_out], photos_per_model, self._seed, Store(self._cache))

        return self.untuned(group, (features.key, BASELINE), progress)

    def untuned(self, group: Callable[[Fold], np.ndarray], came_from: Sequence[str], progress: Progress) -> Scores:
        """The scores of groups that nothing is tuned for. group: gives (m,) integers for a fold's m held-out photos."""

        def work() -> Scores:
            start, scored = time.perf_counter(), []
            for number, fold in enumerate(self._folds):
                progress(number, len(self._folds))
                scored.append(self._score_fold(fold, group(fold)))
            return untuned_scores(scored, self._seed, time.perf_counter() - start)

        return self._kept(digest_of(self._came_from, *came_from), work, progress)

    def score_labels(self, labels: np.ndarray) -> Scores:
        """The scores of given groups of all photos, (n,) integers; each fold scores those of its own photos."""
        scored = [self._score_fold(fold, labels[fold.held_out]) for fold in self._folds]
        return untuned_scores(scored, self._seed, 0.0)

    def _score_fold(self, fold: Fold, labels: np.ndarray) -> tuple[Evaluation, csr_array]:
        truth = self.catalog.labels_true[fold.held_out]
        groups = np.unique(labels, return_inverse=True)[1]
        return evaluate(truth, groups, HELD_OUT), contingency(truth, groups)

    def _kept(self, digest: str, work: Callable[[], Scores], progress: Progress) -> Scores:
        scores = load_scores(self._cache, digest)
        if scores is None:
            progress(0, 1)
            scores = work()
            save_scores(self._cache, digest, scores)
        return scores


def scores_of(held: HeldOut, seconds: float) -> Scores:
    """The protocol's scores of one setting."""
    return _scores([fold.evaluation for fold in held.folds], held.interval, held.tuned_ari, seconds)


def untuned_scores(folds: Sequence[tuple[Evaluation, csr_array]], seed: int, seconds: float) -> Scores:
    """The scores of groups that nothing was tuned for. folds: scores and contingency (`ari_interval`) of each."""
    return _scores([scored for scored, _ in folds], ari_interval([table for _, table in folds], seed), None, seconds)


def _scores(
    folds: Sequence[Evaluation], interval: tuple[float, float], tuned_ari: float | None, seconds: float
) -> Scores:
    return Scores(
        ari=fmean(fold.ari for fold in folds),
        low=interval[0],
        high=interval[1],
        tuned_ari=tuned_ari,
        precision=fmean(fold.pairs.precision for fold in folds),
        recall=fmean(fold.pairs.recall for fold in folds),
        n_groups=sum(fold.n_groups for fold in folds),
        n_models=sum(fold.n_models for fold in folds),
        n_images=sum(fold.n_images for fold in folds),
        n_folds=len(folds),
        seconds=seconds,
    )


def load_scores(cache: Path, digest: str) -> Scores | None:
    """The scores kept under that digest, or None; an entry that cannot be read is a miss."""
    content = read_sealed(_path(cache, digest))
    if content is None:
        return None
    try:
        values = parsed(content.tobytes())
        scores = record(values, Scores)
    except (ValueError, ShopsimError):
        return None
    numbers = asdict(scores)
    # NaN is a number here: very few models have no interval.
    too_large = any(abs(number) > _LARGEST for number in numbers.values() if number is not None)
    return scores if values.keys() == numbers.keys() and not too_large else None


def save_scores(cache: Path, digest: str, scores: Scores) -> None:
    """Keeps the scores under that digest. Raises ShopsimError if the disk refuses."""
    write_sealed(_path(cache, digest), json.dumps(asdict(scores)).encode())


def _path(cache: Path, digest: str) -> Path:
    return cache / KIND / f"{digest}{SEALED}.json"
