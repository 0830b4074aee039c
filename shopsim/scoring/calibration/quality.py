"""Whether stated probabilities come true, on photos of models that nothing was tuned on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shopsim.base.work.progress import Progress, part_of, silent
from shopsim.scoring.calibration.fit import Count, calibrate_across
from shopsim.scoring.calibration.pairs import CENTRES, PairHistogram
from shopsim.scoring.folds import model_folds

TELLING = 0.2
"""Errors are looked for among pairs at least this probable: nearly all others are plainly of two models."""
N_MASSES = 10
_A_FOLD = 100
_SEED = 0


@dataclass(frozen=True, eq=False)
class Reliability:
    """Pairs in bins of equally many, by rising probability; each (m,), m <= the bins wanted.

    stated: float64 mean probability; observed: float64 share that shows one model; pairs: int64 counts.
    """

    stated: np.ndarray
    observed: np.ndarray
    pairs: np.ndarray

    @property
    def error(self) -> float:
        """Mean distance of stated and observed, weighted by pairs: 0 to 1, 0 is best; 0 without pairs."""
        return float(np.average(np.abs(self.stated - self.observed), weights=self.pairs)) if len(self.pairs) else 0.0


@dataclass(frozen=True, eq=False)
class CalibrationQuality:
    """Stated probabilities against what is true, over the held-out pairs of all folds.

    reliability: of the pairs stated at TELLING or more. log_loss: mean over all pairs, 0 is best.
    prior_log_loss: of stating for every pair the share of same-model pairs, as if the true one were known.
    """

    reliability: Reliability
    log_loss: float
    prior_log_loss: float
    n_pairs: int
    n_folds: int


def held_out_quality(
    vectors: np.ndarray,
    labels_true: np.ndarray,
    count: Count,
    n_folds: int = 5,
    corrected: bool = True,
    progress: Progress = silent,
) -> CalibrationQuality:
    """Calibrated on tuning models, judged once on the held-out models, fold by fold.

    vectors: (n, d) float32 unit rows before any space; labels_true: (n,) integers, UNLABELLED photos left out.
    count: as `calibrate_across` takes it; corrected: whether the share of same-model pairs is corrected, from what
    is known without the held-out labels: photos per model of the tuning models and the number of held-out photos;
    otherwise it stays that of the tuning photos.
    Raises ShopsimError if there are too few models, or too few pairs of a kind.
    """
    folds = model_folds(labels_true, n_folds, _SEED)
    stated: list[np.ndarray] = []
    pairs: list[PairHistogram] = []
    for number, fold in enumerate(folds):
        n_held_out, tuning = len(fold.held_out), vectors[fold.tuning]
        part = part_of(progress, _A_FOLD * number, _A_FOLD, _A_FOLD * len(folds))
        calibration = calibrate_across(tuning, labels_true[fold.tuning], n_held_out, count, _SEED, part)
        calibration = calibration.for_photos(n_held_out if corrected else len(tuning))
        stated.append(calibration.probability(CENTRES))
        pairs.append(count(tuning, vectors[fold.held_out], labels_true[fold.held_out]))
    progress(_A_FOLD * len(folds), _A_FOLD * len(folds))
    return judge(stated, pairs)


def judge(stated: Sequence[np.ndarray], pairs: Sequence[PairHistogram]) -> CalibrationQuality:
    """Probabilities against pairs, both by bin of similarity: one array (N_BINS,) and one histogram a fold."""
    probability = np.concatenate(stated)
    same, total = np.concatenate([one.same for one in pairs]), np.concatenate([one.all for one in pairs])
    telling = probability >= TELLING
    share = np.full(len(total), same.sum() / max(int(total.sum()), 1))
    return CalibrationQuality(
        reliability(probability[telling], same[telling], total[telling]),
        _log_loss(probability, same, total),
        _log_loss(share, same, total),
        int(total.sum()),
        len(pairs),
    )


def reliability(probability: np.ndarray, same: np.ndarray, total: np.ndarray, n_masses: int = N_MASSES) -> Reliability:
    """Pairs by their stated probability, in bins of equally many.

    probability: (m,) float64; same, total: (m,) int64 pairs that show one model, and all pairs, stated so.
    Pairs stated alike stay together, so bins are only about equal and may be fewer than `n_masses`.
    """
    order = np.argsort(probability, kind="stable")
    order = order[total[order] > 0]
    probability, same, total = probability[order], same[order], total[order]
    middle = (np.cumsum(total) - total / 2) / max(int(total.sum()), 1)
    _, mass = np.unique((middle * n_masses).astype(np.int64), return_inverse=True)
    pairs = np.bincount(mass, total)
    stated, observed = np.bincount(mass, probability * total) / pairs, np.bincount(mass, same) / pairs
    return Reliability(stated, observed, pairs.astype(np.int64))


def _log_loss(probability: np.ndarray, same: np.ndarray, total: np.ndarray) -> float:
    from scipy.special import xlog1py, xlogy

    if not total.any():
        return 0.0
    # Nothing is that certain, and rounding to 0 or 1 would make one surprise infinitely bad.
    probability = probability.clip(1e-15, 1 - 1e-15)
    return float(-(xlogy(same, probability) + xlog1py(total - same, -probability)).sum() / total.sum())
