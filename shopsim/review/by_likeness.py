"""The third kind of evidence: a photo's similarity to a model, in units of what is usual within models."""

from __future__ import annotations

import numpy as np

from shopsim.grouping.group_table import BLOCK_ROWS
from shopsim.review.ballots import Ballots

# A photo is compared with this many photos of a model, since a single one could be labelled wrongly.
_NEAREST_OF_MODEL = 3
# A model's usual fit is averaged with this many photos that have the median fit of the catalogue.
_OF_ALL = 3
_MAD_TO_SIGMA = 1.4826


class Fits:
    """Computes the fit of a photo to a model, the mean similarity to its nearest photos, and which fit is usual.

    units: (b, d) float32 unit rows, one per ballot.
    own: (b,) float64, the fit of each ballot to its own model, NaN if that has no other photo.
    """

    def __init__(self, units: np.ndarray, ballots: Ballots) -> None:
        self._units = units
        self._ballots = ballots
        order = np.argsort(ballots.model, kind="stable")
        self._members = np.split(order, np.cumsum(ballots.sizes)[:-1])
        self.own = self.to(ballots.model)
        self._usual = self._usual_fits()
        self._off = self.own - self._usual[ballots.model]

    @property
    def tells(self) -> bool:
        """Whether any model has two photos; without such a model no fit is known."""
        return bool(np.isfinite(self.own).any())

    def to(self, models: np.ndarray) -> np.ndarray:
        """Returns the mean cosine of ballot i and its 3 nearest photos of models[i], NaN without any: (b,) float64."""
        fits = np.full(len(models), np.nan)
        order = np.argsort(models, kind="stable")
        for rows in np.split(order, np.flatnonzero(np.diff(models[order])) + 1):
            members = self._members[models[rows[0]]] if len(rows) else rows
            for start in range(0, len(rows) if len(members) else 0, BLOCK_ROWS):
                block = rows[start : start + BLOCK_ROWS]
                fits[block] = self._mean_of_nearest(block, members)
        return fits

    def share(self, suggested: np.ndarray, given: np.ndarray) -> np.ndarray:
        """Says which of two models a photo fits better: (b,) float64, 0 to 1, and 0.5 if it fits both equally well.

        It is the logistic function of the difference, in units of the usual spread. If the given model has no other
        photo, a photo with the usual fit to the suggested model scores 0.5.
        """
        to_given = self.to(given)
        margin = self.to(suggested) - np.where(np.isnan(to_given), self._usual[given], to_given)
        spread = max(_MAD_TO_SIGMA * float(np.nanmedian(np.abs(self._off))), 1e-6)
        return 1 / (1 + np.exp(-np.clip(margin / spread, -50, 50)))

    def _mean_of_nearest(self, rows: np.ndarray, members: np.ndarray) -> np.ndarray:
        bytes_of = self._ballots.bytes_of
        cosines = (self._units[rows] @ self._units[members].T).astype(np.float64)
        cosines[bytes_of[rows][:, None] == bytes_of[members]] = -np.inf
        kept = min(_NEAREST_OF_MODEL, len(members))
        top = np.partition(cosines, len(members) - kept, axis=1)[:, len(members) - kept :]
        there = np.isfinite(top)
        count = there.sum(axis=1)
        total = np.where(there, top, 0.0).sum(axis=1)
        return np.divide(total, count, out=np.full(len(rows), np.nan), where=count > 0)

    def _usual_fits(self) -> np.ndarray:
        """Returns each model's median fit, moved towards that of all photos if it has few: (n_models,) float64."""
        if not self.tells:
            return np.full(len(self._members), np.nan)
        of_all = float(np.nanmedian(self.own))
        usual = np.full(len(self._members), of_all)
        for model, members in enumerate(self._members):
            if np.isfinite(self.own[members]).any():
                n = len(members)
                usual[model] = (n * float(np.nanmedian(self.own[members])) + _OF_ALL * of_all) / (n + _OF_ALL)
        return usual
