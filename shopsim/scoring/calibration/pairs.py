"""How alike pairs of photos are, told apart by whether they show one model: counted once, in a fine histogram."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shopsim.base.labels import UNLABELLED
from shopsim.base.rows import distinct_rows, unit_rows
from shopsim.base.work.progress import Progress, silent
from shopsim.clusterers.distances import BLOCK_ROWS

N_BINS = 8192
"""Bins of similarity from -1 to 1: each 0.00024 wide, finer than any threshold is set."""
CENTRES = (np.arange(N_BINS) + 0.5) * (2 / N_BINS) - 1


@dataclass(frozen=True, eq=False)
class PairHistogram:
    """Unordered pairs of photos in N_BINS equal bins of similarity.

    same, all: (N_BINS,) int64, pairs that show one model, and all pairs.
    """

    same: np.ndarray
    all: np.ndarray

    @property
    def share(self) -> float:
        """Share of the pairs that show one model, 0 to 1; 0 if there are no pairs."""
        return int(self.same.sum()) / max(int(self.all.sum()), 1)

    @property
    def log_odds_slope(self) -> float:
        """By how much the log odds of one model rise with similarity, were both kinds of pairs normally distributed
        with one variance; 0 if a kind has no pairs.

        Source: Fisher, The use of multiple measurements in taxonomic problems (1936), in one dimension.
        """
        other = self.all - self.same
        if not self.same.sum() or not other.sum():
            return 0.0
        (low, low_spread), (high, high_spread) = (_mean_and_variance(counts) for counts in (other, self.same))
        return (high - low) / max((low_spread + high_spread) / 2, 1e-6)

    def __add__(self, other: PairHistogram) -> PairHistogram:
        return PairHistogram(self.same + other.same, self.all + other.all)


def count_pairs(vectors: np.ndarray, labels_true: np.ndarray, progress: Progress = silent) -> PairHistogram:
    """The pairs of the labelled photos by their similarity.

    vectors: (n, d) float32 unit rows. labels_true: (n,) integers; UNLABELLED photos are in no pair.
    Photos of one model with equal rows, copies of one file say, count as one photo: that they are alike tells nothing.
    Memory: 512 rows of the square matrix at a time; 55 million pairs take seconds.
    Raises ValueError if the lengths differ.
    """
    rows, models = _labelled_without_copies(vectors, labels_true)
    # By model, so that the photos that show a photo's model stand right behind it.
    order = np.argsort(models, kind="stable")
    rows, models = unit_rows(rows[order]), models[order]
    ends = np.searchsorted(models, models, side="right")
    same, total = np.zeros(N_BINS, np.int64), np.zeros(N_BINS, np.int64)
    for start in range(0, len(rows), BLOCK_ROWS):
        progress(start, len(rows))
        bins = bin_of(rows[start : start + BLOCK_ROWS] @ rows[start:].T)
        for row in range(len(bins)):
            same += np.bincount(bins[row, row + 1 : ends[start + row] - start], minlength=N_BINS)
            total += np.bincount(bins[row, row + 1 :], minlength=N_BINS)
    return PairHistogram(same, total)


def _mean_and_variance(counts: np.ndarray) -> tuple[float, float]:
    mean = float(np.average(CENTRES, weights=counts))
    return mean, float(np.average((CENTRES - mean) ** 2, weights=counts))


def bin_of(similarity: np.ndarray) -> np.ndarray:
    """The bin of each similarity, of the same shape, int32; what rounding puts beyond -1 or 1 is in the outermost."""
    return np.clip((similarity + 1) * (N_BINS / 2), 0, N_BINS - 1).astype(np.int32)


def _labelled_without_copies(vectors: np.ndarray, labels_true: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if len(vectors) != len(labels_true):
        raise ValueError(f"{len(labels_true)} true labels do not match {len(vectors)} rows.")
    labelled = np.flatnonzero(labels_true != UNLABELLED)
    _, identity = distinct_rows(np.asarray(vectors, np.float32)[labelled])
    _, first = np.unique(np.stack([identity, labels_true[labelled]]), axis=1, return_index=True)
    kept = labelled[np.sort(first)]
    return np.asarray(vectors, np.float32)[kept], labels_true[kept]
