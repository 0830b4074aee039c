"""Similarity read as a probability: how likely two photos this alike show the same model."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import Annotated, Any

import numpy as np
from msgspec import Meta
from scipy.special import expit, logit

from shopsim.base.disk.records import record
from shopsim.base.errors import ShopsimError
from shopsim.base.labels import UNLABELLED

_MAX_LOG_ODDS = 1e4
_KNOTS = Meta(min_length=2, max_length=1000)


@dataclass(frozen=True)
class Calibration:
    """P(same model | similarity): straight lines between knots, in log odds, so strictly increasing and invertible.

    similarities: rising from -1 to 1; log_odds: one per knot, rising.
    share: of same-model pairs among all pairs, for which the log odds hold. photos_per_model: of the tuning models,
    as `photos_per_model` gives it.

    Raises ShopsimError for knots that do not rise: they may come from a file that someone edited.
    """

    similarities: Annotated[tuple[Annotated[float, Meta(ge=-1.0, le=1.0)], ...], _KNOTS]
    log_odds: Annotated[tuple[Annotated[float, Meta(ge=-_MAX_LOG_ODDS, le=_MAX_LOG_ODDS)], ...], _KNOTS]
    share: Annotated[float, Meta(gt=0.0, lt=1.0)]
    photos_per_model: Annotated[float, Meta(ge=1.0, le=1e12)]

    def __post_init__(self) -> None:
        for name in ("similarities", "log_odds"):
            if not (np.diff(getattr(self, name)) > 0).all():
                raise _malformed(name, "values that do not rise", "each greater than the one before")
        if len(self.similarities) != len(self.log_odds):
            raise _malformed("log_odds", f"{len(self.log_odds)} values", f"{len(self.similarities)}, one a similarity")
        if (self.similarities[0], self.similarities[-1]) != (-1.0, 1.0):
            raise _malformed("similarities", f"from {self.similarities[0]:g} to {self.similarities[-1]:g}", "-1 to 1")
        if max(map(abs, self.log_odds)) > _MAX_LOG_ODDS:
            raise _malformed("log_odds", "out of range", f"between {-_MAX_LOG_ODDS:g} and {_MAX_LOG_ODDS:g}")

    def probability(self, similarity: np.ndarray | float) -> np.ndarray:
        """(...) float64 from 0 to 1, rising with similarity; what lies beyond -1 or 1 counts as -1 or 1."""
        return expit(np.interp(similarity, self.similarities, self.log_odds))

    def similarity_at(self, probability: float) -> float:
        """The similarity of that probability; -1 or 1 where it is reached nowhere between them.

        Raises ShopsimError unless it lies between 0 and 1.
        """
        _check_between_0_and_1("probability", probability)
        return float(np.interp(logit(probability), self.log_odds, self.similarities))

    def for_share(self, target: float) -> Calibration:
        """The same for photos of which another share of pairs shows one model: odds times target over present odds.

        That keeps what the similarity tells, the likelihood ratio of the two kinds of pairs.
        Source: Saerens, Latinne and Decaestecker, Adjusting the outputs of a classifier to new a priori
        probabilities, Neural Computation 14 (2002). Raises ShopsimError unless target lies between 0 and 1.
        """
        _check_between_0_and_1("share", target)
        step = float(logit(target) - logit(self.share))
        return replace(self, log_odds=tuple(value + step for value in self.log_odds), share=float(target))

    def for_photos(self, n_photos: int, photos_per_model: float | None = None) -> Calibration:
        """`for_share` of that many photos; as many a model as the tuning models have unless told otherwise."""
        m = self.photos_per_model if photos_per_model is None else photos_per_model
        return self.for_share(expected_share(m, n_photos))

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; `from_dict` reads them back equal."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, values: Any, at: str = "calibration") -> Calibration:
        """What `to_dict` gave. at: its path in the file. Raises ShopsimError for anything else."""
        known = list(cls.__dataclass_fields__)
        unknown = [str(name) for name in values if name not in known] if isinstance(values, dict) else []
        if unknown:
            raise ShopsimError(f"'{at}' has a field {unknown[0][:50]!a}; known are {', '.join(known)}.")
        return record(values, cls, at)


def photos_per_model(labels_true: np.ndarray) -> float:
    """Photos of the model of a photo picked at random, itself counted: the mean weighted by size; 1.0 for none.

    labels_true: (n,) integers, UNLABELLED left out. With it (m - 1) / (n - 1) is exactly the share of same-model
    pairs, as with the plain mean it is only where all models have equally many photos.
    """
    counts = np.unique(labels_true[labels_true != UNLABELLED], return_counts=True)[1]
    return float((counts**2).sum() / counts.sum()) if len(counts) else 1.0


def expected_share(photos_per_model: float, n_photos: int) -> float:
    """Share of same-model pairs to expect: (m - 1) / (n - 1), at least half a pair away from none and from all.

    photos_per_model: m, weighted by size, as `photos_per_model` gives it; n_photos: n, at least 2.
    Raises ShopsimError for fewer photos or if m is no number.
    """
    if n_photos < 2:
        raise ShopsimError(f"There are {n_photos} photos; pairs of photos need at least 2.")
    if math.isnan(photos_per_model):
        raise ShopsimError("The photos per model are not a number; 1 or more would do.")
    half_a_pair = 1 / (n_photos * (n_photos - 1))
    return min(max((photos_per_model - 1) / (n_photos - 1), half_a_pair), 1 - half_a_pair)


def _check_between_0_and_1(name: str, value: Any) -> None:
    if not isinstance(value, float) or not 0 < value < 1:
        raise _malformed(name, repr(value)[:50], "between 0 and 1")


def _malformed(name: str, found: str, right: str) -> ShopsimError:
    return ShopsimError(f"A calibration's '{name}' is {found}; right would be {right}.")
