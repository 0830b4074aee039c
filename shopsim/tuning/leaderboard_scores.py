"""The numbers of one leaderboard row, kept in the cache until something they depend on changes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean

from scipy.sparse import csr_array

from shopsim.base.disk.records import parsed, record
from shopsim.base.disk.sealed import SEALED, read_sealed, write_sealed
from shopsim.base.errors import ShopsimError
from shopsim.scoring.bootstrap import ari_interval
from shopsim.scoring.evaluation import Evaluation
from shopsim.tuning.held_out import HeldOut

_LARGEST = 1e12
KIND = "leaderboard"
"""The folder of the cache that holds them."""


@dataclass(frozen=True)
class Scores:
    """Scores on held-out models: means over folds, but counts are sums over folds.

    low, high: the 95 % interval of ari. tuned_ari: the ARI if the threshold were tuned on the scored photos, None where
    nothing is tuned. precision, recall: of pairs. seconds: the time to tune and score all folds.
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


def scores_of(held: HeldOut, seconds: float) -> Scores:
    """The protocol's scores of one setting."""
    return _scores([fold.evaluation for fold in held.folds], held.interval, held.tuned_ari, seconds)


def untuned_scores(folds: Sequence[tuple[Evaluation, csr_array]], seed: int, seconds: float) -> Scores:
    """The scores of groups that nothing was tuned for. folds: scores and contingency of each fold, as `ari_interval`
    takes them.
    """
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
