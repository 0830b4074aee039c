"""Tuned settings: what Auto found on one catalogue, in a form that can be kept, shared and applied to another."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from shopsim.base.disk.records import FromOne
from shopsim.base.disk.store import digest_of
from shopsim.base.registry import Value
from shopsim.scoring.calibration.calibration import Calibration
from shopsim.spaces import FittedSpace
from shopsim.tuning.comparison import Comparison
from shopsim.tuning.members import Member
from shopsim.tuning.size_prior import SizePrior


@dataclass(frozen=True)
class ExtractorUse:
    """An extractor by name and settings, as it was when tuned.

    key: of everything that changes its numbers. n_features: numbers per photo.
    """

    name: str
    settings: Mapping[str, Value]
    key: str
    n_features: FromOne


@dataclass(frozen=True)
class TunedOn:
    """The catalogue that the settings were tuned on.

    photos: the first 16 digits of each photo's digest, sorted, so that photos seen before are noticed.
    """

    catalog: str
    n_images: FromOne
    n_models: FromOne
    photos: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, eq=False)
class TunedSettings:
    """Everything needed to group other photos as tuned.

    extractors: the main one first. members, prior, n_validation: as in `Search`. fitted: spaces by extractor and digest
    of the space. scores: by name, `validation` and, where they were computed, `held_out`, `low`, `high` (its 95 %
    interval), `baseline`. trials: the candidates that were tried, best first, with `score` and `seconds`.
    calibration: of pairs in the main extractor's half-whitened space, None if it could not be fitted. comparison: with
    the setting that they would replace, None if it was not made.
    """

    extractors: tuple[ExtractorUse, ...]
    tuned_on: TunedOn
    members: tuple[Member, ...]
    prior: SizePrior
    n_validation: float
    sentence: str
    scores: Mapping[str, float]
    trials: tuple[Mapping[str, Any], ...]
    fitted: Mapping[tuple[str, str], FittedSpace]
    calibration: Calibration | None = None
    comparison: Comparison | None = None

    @property
    def main(self) -> str:
        """Name of the main extractor."""
        return self.extractors[0].name

    @cached_property
    def digest(self) -> str:
        """Digest of everything that changes the groups."""
        arrays = [
            (*place, name, array.shape, hashlib.blake2b(np.ascontiguousarray(array), digest_size=16).hexdigest())
            for place, space in self.fitted.items()
            for name, array in space.arrays().items()
        ]
        parts = self.extractors, self.members, self.prior, self.n_validation, self.tuned_on, sorted(arrays)
        own = [
            (place, *member.candidate.own_digest)
            for place, member in enumerate(self.members)
            if member.candidate.own_digest
        ]
        # Added only where there is one, so that earlier settings keep their names.
        return digest_of(*parts, *([own] if own else []))

    @property
    def name(self) -> str:
        """The name they are kept under: the catalogue, the extractor, and the first digits of the digest."""
        return f"{plain_name(self.tuned_on.catalog) or 'catalog'}-{plain_name(self.main)}-{self.digest[:8]}"

    @property
    def told(self) -> str:
        """What a score says about where its settings come from."""
        return f"tuned on '{self.tuned_on.catalog}'"

    def n_seen(self, digests: Sequence[str]) -> int:
        """How many photos of these digests were tuned on."""
        known = set(self.tuned_on.photos)
        return sum(digest[:16] in known for digest in digests)


def plain_name(name: str) -> str:
    """The name with only such characters as a folder may have on every system."""
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name)[:40]
