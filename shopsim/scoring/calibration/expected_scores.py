"""How right the groups are to be expected, where nobody knows the true models."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shopsim.base.rows import unit_rows
from shopsim.base.work.progress import Progress, silent
from shopsim.clusterers.distances import BLOCK_ROWS
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.scoring.calibration.calibration import Calibration
from shopsim.scoring.calibration.fit import calibrate, fit_calibration
from shopsim.scoring.calibration.pairs import N_BINS, PairHistogram, bin_of
from shopsim.scoring.curve import joined_pairs
from shopsim.scoring.evaluation import model_codes


@dataclass(frozen=True)
class Expected:
    """Pair precision and recall to expect of groups, 0 to 1; 1.0 where there is no pair to be wrong."""

    precision: float
    recall: float


def count_merges(tree: MergeTree, labels_true: np.ndarray) -> PairHistogram:
    """The pairs of labelled photos by the similarity of the merge that joins them.

    labels_true: (n_images,) integers; UNLABELLED photos are in no pair.
    """
    joined_right, joined = joined_pairs(tree.linkage, model_codes(labels_true).tolist())
    bins = bin_of(tree.merge_similarities)
    # Sums of whole numbers below 2^53 are exact in float64.
    same, total = (np.bincount(bins, np.diff(pairs), N_BINS).astype(np.int64) for pairs in (joined_right, joined))
    return PairHistogram(same, total)


def calibrate_with_tree(
    vectors: np.ndarray, labels_true: np.ndarray, tree: MergeTree | None, progress: Progress = silent
) -> tuple[Calibration, Calibration | None]:
    """Calibrations of pairs of photos and, where there is a tree of these photos, of its merges.

    vectors: (n, d); labels_true: (n,) integers. Raises ShopsimError as `calibrate` does.
    """
    pairs = calibrate(vectors, labels_true, progress)
    if tree is None:
        return pairs, None
    return pairs, fit_calibration(count_merges(tree, labels_true), pairs.photos_per_model)


def expected_of_merges(tree: MergeTree, threshold: float, calibration: Calibration) -> Expected:
    """What a cut of the tree is to be expected to reach, in milliseconds.

    calibration: of merges as `count_merges` counts them, in trees of the same kind. A merge knows more than two
    photos do: that the rest of both groups is as alike.
    """
    sizes = np.ones(2 * tree.n_images - 1)
    sizes[tree.n_images :] = tree.linkage[:, 3]
    left, right = tree.linkage[:, :2].astype(np.int64).T
    joined = sizes[left] * sizes[right]
    right_pairs = joined * calibration.probability(tree.merge_similarities)
    made = tree.n_merges(threshold)
    return _expected(right_pairs[:made].sum(), joined[:made].sum(), right_pairs.sum())


def expected_of_pairs(
    vectors: np.ndarray, labels_pred: np.ndarray, calibration: Calibration, progress: Progress = silent
) -> Expected:
    """What any groups are to be expected to reach by the similarity of each pair alone.

    vectors: (n, d) float32 unit rows; labels_pred: (n,) integers; calibration: of pairs. The mean probability of
    the pairs inside groups, and the sum of it against that of all pairs. A low estimate of both: two photos of one
    group are more often of one model than two as alike of different groups.
    Memory: 512 rows of the square matrix at a time; 55 million pairs take seconds.
    """
    order = np.argsort(labels_pred, kind="stable")
    rows, groups = unit_rows(vectors[order]), labels_pred[order]
    ends = np.searchsorted(groups, groups, side="right")
    inside = everywhere = 0.0
    for start in range(0, len(rows), BLOCK_ROWS):
        progress(start, len(rows))
        block = calibration.probability(rows[start : start + BLOCK_ROWS] @ rows[start:].T)
        for row in range(len(block)):
            inside += float(block[row, row + 1 : ends[start + row] - start].sum())
            everywhere += float(block[row, row + 1 :].sum())
    n_inside = float((ends - 1 - np.arange(len(rows))).sum())
    return _expected(inside, n_inside, everywhere)


def _expected(right_pairs: float, joined: float, all_right: float) -> Expected:
    precision = float(right_pairs / joined) if joined else 1.0
    return Expected(precision, float(right_pairs / all_right) if all_right else 1.0)
