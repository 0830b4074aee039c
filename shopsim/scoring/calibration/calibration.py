"""Similarity read as a probability: how likely two photos this alike show the same model."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from scipy.special import expit, logit

from shopsim.base.errors import ShopsimError
from shopsim.base.labels import UNLABELLED

_MAX_KNOTS = 1000
_MAX_LOG_ODDS = 1e4


@dataclass(frozen=True)
class Calibration:
    """P(same model | similarity): straight lines between knots, in log odds, so strictly increasing and invertible.

    similarities: rising from -1 to 1; log_odds: one a knot, rising.
    share: of same-model pairs among all pairs, for which the log odds hold. photos_per_model: of the tuning models,
    as `photos_per_model` gives it.

    Raises ShopsimError for anything else: the values may come from a file that someone edited.
    """

    similarities: tuple[float, ...]
    log_odds: tuple[float, ...]
    share: float
    photos_per_model: float

    def __post_init__(self) -> None:
        for name in ("similarities", "log_odds"):
            object.__setattr__(self, name, _rising(name, getattr(self, name)))
        if len(self.similarities) != len(self.log_odds):
            raise _malformed("log_odds", f"{len(self.log_odds)} values", f"{len(self.similarities)}, one a similarity")
        if (self.similarities[0], self.similarities[-1]) != (-1.0, 1.0):
            raise _malformed("similarities", f"from {self.similarities[0]:g} to {self.similarities[-1]:g}", "-1 to 1")
        if max(map(abs, self.log_odds)) > _MAX_LOG_ODDS:
            raise _malformed("log_odds", "out of range", f"between {-_MAX_LOG_ODDS:g} and {_MAX_LOG_ODDS:g}")
        _check_between("share", self.share, 0.0, 1.0)
        if not _is_finite(self.photos_per_model) or self.photos_per_model < 1:
            raise _malformed("photos_per_model", repr(self.photos_per_model)[:50], "a number from 1")

    def probability(self, similarity: np.ndarray | float) -> np.ndarray:
        """(...) float64 from 0 to 1, rising with similarity; what lies beyond -1 or 1 counts as -1 or 1."""
        return expit(np.interp(similarity, self.similarities, self.log_odds))

    def similarity_at(self, probability: float) -> float:
        """The similarity of that probability; -1 or 1 where it is reached nowhere between them.

        Raises ShopsimError unless it lies between 0 and 1.
        """
        _check_between("probability", probability, 0.0, 1.0)
        return float(np.interp(logit(probability), self.log_odds, self.similarities))

    def for_share(self, target: float) -> Calibration:
        """The same for photos of which another share of pairs shows one model: odds times target over present odds.

        That keeps what the similarity tells, the likelihood ratio of the two kinds of pairs.
        Source: Saerens, Latinne and Decaestecker, Adjusting the outputs of a classifier to new a priori
        probabilities, Neural Computation 14 (2002). Raises ShopsimError unless target lies between 0 and 1.
        """
        _check_between("share", target, 0.0, 1.0)
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
    def from_dict(cls, values: Any) -> Calibration:
        """What `to_dict` gave. Raises ShopsimError for anything else."""
        names = set(cls.__dataclass_fields__)
        if not isinstance(values, Mapping) or set(values) != names:
            found = ", ".join(sorted(map(str, values))) if isinstance(values, Mapping) else type(values).__name__
            raise _malformed("fields", found[:200], ", ".join(sorted(names)))
        return cls(**values)


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


def _rising(name: str, values: Any) -> tuple[float, ...]:
    if not isinstance(values, (list, tuple)) or not all(map(_is_finite, values)):
        raise _malformed(name, "no list of finite numbers", "such a list")
    if not 2 <= len(values) <= _MAX_KNOTS:
        raise _malformed(name, f"{len(values)} values", f"2 to {_MAX_KNOTS}")
    if not (np.diff(values) > 0).all():
        raise _malformed(name, "values that do not rise", "each greater than the one before")
    return tuple(map(float, values))


def _check_between(name: str, value: Any, low: float, high: float) -> None:
    if not _is_finite(value) or not low < value < high:
        raise _malformed(name, repr(value)[:50], f"between {low:g} and {high:g}")


def _is_finite(value: Any) -> bool:
    # What JSON reads as whole numbers has no bound, and float() of too large a one raises.
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e300


def _malformed(name: str, found: str, right: str) -> ShopsimError:
    return ShopsimError(f"A calibration's '{name}' is {found}; right would be {right}.")
