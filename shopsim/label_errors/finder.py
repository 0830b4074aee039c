"""Asks the witnesses about every labelled photo and ranks those whose label they contradict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shopsim.clusterers import Tree
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.groups import BLOCK_ROWS
from shopsim.label_errors.ballots import Ballots, cast_ballots
from shopsim.label_errors.cutoff import LEAST, choose_cutoff
from shopsim.label_errors.fit import Fits
from shopsim.label_errors.groups import GroupLikelihoods
from shopsim.label_errors.votes import ask_neighbours
from shopsim.progress import Progress, silent
from shopsim.spaces.rows import unit_rows

NO_MODEL = -1
# Groups of a cut for each group at the best threshold.
_LADDER = (0.5, 0.5**0.5, 1.0, 2**0.5, 2.0)
# Share of the votes that a model without any is still given when the most likely model is looked for.
_UNVOTED = 0.02
# A stray is less like both its models than this share of the photos leaves a model they don't show.
_FOREIGN = 0.25


@dataclass(frozen=True, eq=False)
class LabelErrors:
    """What the witnesses say of each photo; all arrays are (n_images,), a photo without a label has score 0.

    suggested: int64 the model the photo rather shows, NO_MODEL without one. score: float64, 0 to 1: the evidence for
    the suggested model's share of that for both, 0.5 where neither is ahead.
    is_stray: bool, it is less like either model than three in four photos here are like a model they don't show:
    no suspect, whatever its score.
    near_suggested, near_given, n_near: int64 of its nearest photos, how many show which.
    groups_suggested, groups_given, n_groups: int64 of its groups that have others in them, how many mostly show which.
    fit_suggested, fit_given: float64 mean similarity to the nearest 3 photos of either, NaN without any.
    n_others: int64 other photos of the given model, byte-equal ones counted once.
    has_twin: bool, a byte-equal photo is filed under the suggested model.
    cutoff: the score from which on suspects are listed; n_wrong: how many photos are estimated to be filed wrongly.
    """

    suggested: np.ndarray
    score: np.ndarray
    is_stray: np.ndarray
    near_suggested: np.ndarray
    near_given: np.ndarray
    n_near: np.ndarray
    groups_suggested: np.ndarray
    groups_given: np.ndarray
    n_groups: np.ndarray
    fit_suggested: np.ndarray
    fit_given: np.ndarray
    n_others: np.ndarray
    has_twin: np.ndarray
    cutoff: float
    n_wrong: float

    def suspects(self, least: float | None = None) -> np.ndarray:
        """Rows of the photos that rather show another model, the surest first; least: score, `cutoff` if None."""
        least = self.cutoff if least is None else least
        rows = np.flatnonzero((self.score >= max(least, LEAST)) & ~self.is_stray)
        return rows[np.argsort(-self.score[rows], kind="stable")]

    @property
    def strays(self) -> np.ndarray:
        """Rows of the photos that fit no model, the least fitting first."""
        rows = np.flatnonzero(self.is_stray)
        return rows[np.argsort(np.nan_to_num(self.fit_suggested[rows], nan=-1.0), kind="stable")]


def cuts_around(tree: Tree, value: float) -> list[np.ndarray]:
    """(n,) int64 groups at several cuts.

    Of a merge tree those with half to twice as many groups as at `value`; of other clusterings the one at `value`.
    """
    if not isinstance(tree, MergeTree) or tree.n_images < 3:
        return [tree.cut(value)]
    n_groups = tree.n_groups(value)
    wanted = {int(np.clip(round(n_groups * ratio), 2, tree.n_images - 1)) for ratio in _LADDER}
    return [tree.cut(tree.merge_similarities[tree.n_images - count - 1]) for count in sorted(wanted)]


def find_label_errors(
    vectors: np.ndarray,
    digests: Sequence[str],
    labels_true: np.ndarray,
    cuts: Sequence[np.ndarray],
    progress: Progress = silent,
    seed: int = 0,
) -> LabelErrors:
    """Photos whose label disagrees with those of the photos they are like.

    vectors: (n, d); digests: (n,) of the bytes; labels_true: (n,) models from 0, or UNLABELLED: such photos neither
    vote nor are judged. cuts: (n,) groups from 0 each, see `cuts_around`. Memory: blocks of 512 rows, no n x n array.

    Three witnesses say how the evidence divides between the given model and the likeliest other: the nearest photos,
    the groups at several cuts, and the similarity to either model's nearest photos; the score is their mean. A
    byte-equal copy under the other model is a fourth. A photo's own label never counts for or against it.
    Where all labels are one model, or no model has two photos, nothing can be found and every score is 0.
    """
    labels_true = np.asarray(labels_true, dtype=np.int64)
    ballots = cast_ballots(digests, labels_true)
    if np.count_nonzero(ballots.sizes) < 2:
        return _nothing(labels_true)
    bench = _Bench(unit_rows(vectors)[ballots.first], ballots, [cut[ballots.first] for cut in cuts], progress)
    if not bench.fits.tells:
        return _nothing(labels_true)
    return bench.judge(ballots.of_photo)


def _nothing(labels_true: np.ndarray) -> LabelErrors:
    n = len(labels_true)
    zeros, none, unknown = np.zeros(n, np.int64), np.zeros(n, bool), np.full(n, np.nan)
    found = [np.full(n, NO_MODEL), np.zeros(n), none, *[zeros] * 6, unknown, unknown, zeros, none]
    return LabelErrors(*found, cutoff=1.0, n_wrong=0.0)


class _Bench:
    """The witnesses, and the two likeliest models of each ballot, with which any label can be judged."""

    def __init__(self, units: np.ndarray, ballots: Ballots, groups: list[np.ndarray], progress: Progress) -> None:
        self._progress = progress
        self._ballots = ballots
        progress(0, 4)
        self._votes = ask_neighbours(units, ballots)
        progress(1, 4)
        self._groups = GroupLikelihoods(groups, ballots)
        self._likeliest, self._majority = self._survey()
        progress(2, 4)
        self.fits = Fits(units, ballots)

    def judge(self, of_photo: np.ndarray) -> LabelErrors:
        """The verdict on every photo; of_photo: (n,) ballots, -1 for none."""
        self._progress(3, 4)
        ballots, votes, given = self._ballots, self._votes, self._ballots.model
        suggested, score = self._score(given)
        cutoff, n_wrong = choose_cutoff(score, ballots, lambda models: self._score(models)[1])
        to_suggested, own = self.fits.to(suggested), self.fits.own
        usual = np.nanquantile(to_suggested, _FOREIGN)
        # A comparison with NaN is False: no other photo to fit.
        stray = ~(to_suggested >= usual) & ~(own >= usual)
        found = {
            "suggested": np.where(stray, NO_MODEL, suggested),
            "score": score,
            "is_stray": stray,
            "near_suggested": votes.count(suggested),
            "near_given": votes.count(given),
            "n_near": (votes.voter >= 0).sum(axis=1),
            "groups_suggested": (self._majority == suggested).sum(axis=0),
            "groups_given": (self._majority == given).sum(axis=0),
            "n_groups": (self._majority >= 0).sum(axis=0),
            "fit_suggested": to_suggested,
            "fit_given": own,
            "n_others": ballots.others(given),
            "has_twin": ballots.twin == suggested,
        }
        self._progress(4, 4)
        at = np.where(of_photo >= 0, of_photo, len(ballots))
        each = {
            name: np.append(values, _FOR_NONE.get(name, 0)).astype(values.dtype)[at] for name, values in found.items()
        }
        return LabelErrors(**each, cutoff=cutoff, n_wrong=n_wrong)

    def _score(self, given: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The likeliest other model of each ballot, and the score, had ballot i been filed under given[i]."""
        ballots = self._ballots
        first, second = self._likeliest
        suggested = np.where(first != given, first, second)
        witnesses = [
            self._votes.share(suggested, given, ballots.others(given) == 0),
            self._groups.share(suggested, given),
            self.fits.share(suggested, given),
        ]
        told, n_witnesses = np.sum(witnesses, axis=0), np.full(len(ballots), len(witnesses))
        twin = ballots.is_filed(np.arange(len(ballots)), suggested) & (given == ballots.model)
        return suggested, (told + twin) / (n_witnesses + twin)

    def _survey(self) -> tuple[np.ndarray, np.ndarray]:
        """The two likeliest models (2, b), whatever it is filed under, and the majorities (n_cuts, b)."""
        n, n_models = len(self._ballots), len(self._ballots.sizes)
        likeliest = np.empty((2, n), dtype=np.int64)
        majority = np.empty((len(self._groups), n), dtype=np.int64)
        for start in range(0, n, BLOCK_ROWS):
            rows = slice(start, min(start + BLOCK_ROWS, n))
            log_support, majority[:, rows] = self._groups.survey(rows)
            belief = np.log(self._vote_shares(rows, n_models) + _UNVOTED) + log_support
            belief[:, self._ballots.sizes == 0] = -np.inf
            top = np.argpartition(-belief, 1, axis=1)[:, :2]
            order = np.argsort(-np.take_along_axis(belief, top, axis=1), axis=1, kind="stable")
            likeliest[:, rows] = np.take_along_axis(top, order, axis=1).T
        return likeliest, majority

    def _vote_shares(self, rows: slice, n_models: int) -> np.ndarray:
        """(r, n_models) float64 each model's share of the votes; a byte-equal copy under a model is one vote."""
        votes, twin = self._votes, self._ballots.twin[rows]
        shares = np.zeros((rows.stop - rows.start, n_models))
        row = np.repeat(np.arange(len(shares)), votes.voter.shape[1])
        np.add.at(shares, (row, votes.model[rows].ravel()), votes.weight[rows].ravel())
        known = np.flatnonzero(twin >= 0)
        shares[known, twin[known]] += 1
        return shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-9)


_FOR_NONE = {"suggested": NO_MODEL, "fit_suggested": np.nan, "fit_given": np.nan}
