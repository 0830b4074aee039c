"""Combines three kinds of evidence on each photo into a score and a suggested model."""

from __future__ import annotations

import numpy as np

from shopsim.base.work.progress import Progress
from shopsim.clusterers.kept_neighbours import Neighbours
from shopsim.review.ballots import Ballots
from shopsim.review.by_groups import GroupLikelihoods
from shopsim.review.by_likeness import Fits
from shopsim.review.by_neighbours import ask_neighbours
from shopsim.review.found import NO_MODEL, LabelErrors, choose_cutoff
from shopsim.review.likeliest import likeliest_models

# A photo fits no model if both its fits are below this quantile of all fits to the most likely other model.
_FOREIGN = 0.25
# The values of a photo without a ballot, where they are not 0.
_FOR_NONE = {"suggested": NO_MODEL, "fit_suggested": np.nan, "fit_given": np.nan}


class Bench:
    """Holds the evidence and the two most likely models of each ballot, from which any label can be scored."""

    def __init__(
        self,
        units: np.ndarray,
        neighbours: Neighbours,
        ballots: Ballots,
        groups: list[np.ndarray],
        progress: Progress,
    ) -> None:
        self._progress = progress
        self._ballots = ballots
        progress(0, 4)
        self._votes = ask_neighbours(neighbours, ballots)
        progress(1, 4)
        self._groups = GroupLikelihoods(groups, ballots)
        self._likeliest = likeliest_models(self._votes, self._groups, ballots)
        self._majority = self._groups.majorities()
        progress(2, 4)
        self.fits = Fits(units, ballots)

    def judge(self, of_photo: np.ndarray) -> LabelErrors:
        """Returns what was found of each photo's label; of_photo: (n,), the ballot of each photo, -1 for none."""
        self._progress(3, 4)
        ballots, votes, given = self._ballots, self._votes, self._ballots.model
        suggested, score = self._score(given)
        cutoff, n_wrong = choose_cutoff(score, ballots, lambda models: self._score(models)[1])
        to_suggested, own = self.fits.to(suggested), self.fits.own
        usual = np.nanquantile(to_suggested, _FOREIGN)
        # NaN means that there is no other photo to compare with; a comparison with NaN is False.
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
        """Returns the most likely other model and the score of each ballot, as if its label were given[i]."""
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
