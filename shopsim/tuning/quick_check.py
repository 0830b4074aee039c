"""Finds in seconds a good setting for a labelled catalogue: a few settings, each scored on held-out models."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from shopsim.base.disk.store import Store, array_digest, digest_of
from shopsim.base.labels import UNLABELLED
from shopsim.base.work.progress import Progress, silent
from shopsim.grouping.companions import networks_among
from shopsim.grouping.recipe import Recipe
from shopsim.scoring.bootstrap import Gain
from shopsim.scoring.folds import MIN_MODELS
from shopsim.tuning.candidates import Candidate
from shopsim.tuning.quick_folds import QuickFolds
from shopsim.tuning.validation import Views

SECONDS = 10.0
KIND = "quick"
PROTOCOL = "1"
"""Raised when the same settings on the same photos get other scores, so that old entries become misses."""
_COLUMNS = 3
_HALF, _COLOUR = 0.5, 0.3


@dataclass(frozen=True)
class Checked:
    """A setting and its scores on held-out models.

    ari: mean over folds. gain: over the default setting, on the same folds.
    """

    candidate: Candidate
    ari: float
    gain: Gain


@dataclass(frozen=True)
class QuickCheck:
    """The result of the check.

    candidate: the setting to open with. tried: in the order in which they were tried, the default first; empty if there
    are too few models. n_settings: how many there were to try. n_images, n_models: labelled photos and models that were
    looked at. is_sample: whether these are a part of the catalogue's. seconds: 0 where the result was kept before.
    problem: why nothing could be checked.
    """

    main: str
    candidate: Candidate
    tried: tuple[Checked, ...]
    n_settings: int
    n_images: int
    n_models: int
    is_sample: bool
    seconds: float
    problem: str = ""

    @classmethod
    def failed(cls, main: str, problem: str) -> QuickCheck:
        """Returns the default setting, with the reason why no other was checked."""
        return cls(main, quick_settings()[0], (), 0, 0, 0, False, 0.0, problem)

    @property
    def default(self) -> Checked | None:
        """The default setting with its score; None if there are too few models."""
        return self.tried[0] if self.tried else None

    @property
    def chosen(self) -> Checked | None:
        """The setting to open with and its score; None if there are too few models."""
        return next((each for each in self.tried if each.candidate == self.candidate), None)

    @property
    def sentence(self) -> str:
        """The choice and its reason."""
        if self.problem:
            return f"The default setting is used, since others could not be checked: {self.problem}"
        if self.default is None or self.chosen is None:
            return (
                f"The default setting is used: to check others on held-out models, {2 * MIN_MODELS} models of two or "
                "more photos are needed."
            )
        n_left = self.n_settings - len(self.tried)
        left = f" ({n_left} more were left untried for lack of time)" if n_left else ""
        on = f" of a sample of {self.n_images:,} photos" if self.is_sample else ""
        tried = f"{len(self.tried)} settings{left}" if len(self.tried) > 1 else f"1 setting{left}"
        if self.chosen is self.default:
            return (
                f"Of {tried}, none is clearly better than the default on held-out models{on} "
                f"(ARI {self.default.ari:.3f})."
            )
        return (
            f"Of {tried}, {self.candidate.describe(self.main)} is best on held-out models{on}: "
            f"ARI {self.chosen.ari:.3f} (default {self.default.ari:.3f}). The choice was made by these scores, so the "
            "first one is a little too high."
        )


def quick_check(
    views: Views,
    labels_true: np.ndarray,
    seconds: float = SECONDS,
    seed: int = 0,
    store: Store | None = None,
    progress: Progress = silent,
) -> QuickCheck:
    """The setting that a labelled catalogue opens with.

    views: (n, d) float32 unit rows by extractor, the main one first; others only where their rows are at hand.
    labels_true: (n,) integers; UNLABELLED photos take no part. seconds: no setting starts later than that, but the
    default always does. store: keeps the result. progress: counts settings.
    The setting with the largest gain less its standard error is chosen, or the default if no gain is clear: with few
    models much is chance. The same photos give the same result, unless the time runs out.
    """
    started = time.monotonic()
    main, settings = next(iter(views)), quick_settings(list(views)[1:])
    folds = QuickFolds.of(labels_true, seed)
    if folds is None:
        counted = labels_true[labels_true != UNLABELLED]
        return QuickCheck(main, settings[0], (), len(settings), len(counted), len(np.unique(counted)), False, 0.0)
    kept = _Kept(store, views, labels_true, settings, seed)
    tried, took = kept.load(), 0.0
    if tried is None:
        tried = list(_checked(folds, views, settings, started + seconds, seed, progress))
        kept.save(tried)
        took = time.monotonic() - started
    best = max(tried, key=lambda each: each.gain.value - each.gain.error)
    chosen = best if best.gain.is_clear else tried[0]
    sampled = folds.n_images, folds.n_models, folds.is_sample
    return QuickCheck(main, chosen.candidate, tuple(tried), len(settings), *sampled, took)


def quick_settings(companions: Sequence[str] = ()) -> list[Candidate]:
    """The settings in the order in which they are tried, the default first.

    companions: names of the extractors besides the main one whose rows are at hand.
    """
    networks = networks_among(companions)
    mixes = [(), *(((name, _HALF),) for name in networks)]
    mixes += [((name, _COLOUR),) for name in companions if name not in networks]
    ways = [("whitened", "average"), ("raw", "average"), ("whitened", "average_local"), ("raw", "average_local")]
    return [Candidate(Recipe(space, {}, clusterer, {}), added) for space, clusterer in ways for added in mixes]


def _checked(
    folds: QuickFolds, views: Views, settings: Sequence[Candidate], deadline: float, seed: int, progress: Progress
) -> Iterator[Checked]:
    default = None
    for place, (candidate, scored) in enumerate(zip(settings, folds.scored(views, settings), strict=True)):
        default = default or scored
        yield Checked(candidate, scored.ari, Gain.of(scored.tables, default.tables, seed))
        progress(place + 1, len(settings))
        if time.monotonic() > deadline:
            return


class _Kept:
    """The scores of one check in the store; without a store nothing is kept."""

    def __init__(
        self, store: Store | None, views: Views, labels_true: np.ndarray, settings: Sequence[Candidate], seed: int
    ) -> None:
        self._store, self._settings = store, settings
        if store is not None:
            arrays = [array_digest(array) for array in (*views.values(), labels_true)]
            self._key = digest_of(PROTOCOL, list(views), [each.digest for each in settings], seed, *arrays)

    def load(self) -> list[Checked] | None:
        """The settings that were tried, with their scores, or None; an unreadable entry is a miss."""
        table = None if self._store is None else self._store.load(KIND, self._key)
        if table is None or table.dtype != np.float64 or table.ndim != 2 or not 0 < len(table) <= len(self._settings):
            return None
        if table.shape[1] != _COLUMNS or not np.isfinite(table[:, :2]).all():
            return None
        given = zip(self._settings[: len(table)], table.tolist(), strict=True)
        return [Checked(candidate, ari, Gain(gain, error)) for candidate, (ari, gain, error) in given]

    def save(self, tried: Sequence[Checked]) -> None:
        """Keeps the scores. Raises ShopsimError if the disk refuses."""
        if self._store is not None:
            rows = [(each.ari, each.gain.value, each.gain.error) for each in tried]
            self._store.save(KIND, self._key, np.array(rows, np.float64))
