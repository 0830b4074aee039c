"""Three witnesses on each photo, and the verdict that follows."""

from __future__ import annotations

import numpy as np

from shopsim.base.work.progress import Progress
from shopsim.grouping.group_table import BLOCK_ROWS
from shopsim.review.ballots import Ballots
from shopsim.review.by_groups import GroupLikelihoods
from shopsim.review.by_likeness import Fits
from shopsim.review.by_neighbours import ask_neighbours
from shopsim.review.found import NO_MODEL, LabelErrors, choose_cutoff

# Share of the votes that a model without any is still given when the most likely model is looked for.
_UNVOTED = 0.02
# A stray is less like both its models than this share of the photos leaves a model they don't show.
_FOREIGN = 0.25
# What stands for a photo that has no ballot, where that is not 0.
_FOR_NONE = {"suggested": NO_MODEL, "fit_suggested": np.nan, "fit_given": np.nan}


class Bench:
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
