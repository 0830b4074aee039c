"""What Auto found on one catalogue, as plain values and arrays that can be kept, shared and applied to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from shopsim import ShopsimError
from shopsim.auto import Member
from shopsim.auto_candidates import Candidate
from shopsim.calibration import Calibration
from shopsim.pipeline import Recipe
from shopsim.registry import Value
from shopsim.size_prior import SizePrior
from shopsim.spaces import FittedSpace, spaces
from shopsim.store import digest_of
from shopsim.tree_cuts import CutRule

FORMAT = 1


@dataclass(frozen=True)
class ExtractorUse:
    """An extractor by name and settings; key: of everything that changes its numbers, as it was when tuned."""

    name: str
    settings: Mapping[str, Value]
    key: str


@dataclass(frozen=True)
class TunedOn:
    """The catalogue that was tuned on.

    photos: sorted 16-digit beginnings of the digests of the tuned photos, to notice photos seen before.
    """

    catalog: str
    n_images: int
    n_models: int
    photos: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, eq=False)
class TunedSettings:
    """Everything needed to group other photos as tuned.

    extractors: the main one first. members, prior, n_validation: as in `auto.Search`. fitted: spaces by extractor
    and digest of the space. scores: by name, `validation` and, where they were computed, `held_out`, `low`, `high`
    (its 95 % interval), `baseline`. trials: what was tried, best first, with `score` and `seconds`.
    calibration: of pairs in the main extractor's half-whitened space, None if it could not be fitted.
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

    @property
    def main(self) -> str:
        """Name of the main extractor."""
        return self.extractors[0].name

    @property
    def digest(self) -> str:
        """Of all that changes the groups."""
        return digest_of(self.extractors, self.members, self.prior, self.n_validation, self.tuned_on)

    @property
    def name(self) -> str:
        """What it is kept under: the catalogue, the extractor, and the beginning of the digest."""
        kept = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in self.tuned_on.catalog)
        return f"{kept[:40] or 'catalog'}-{self.main}-{self.digest[:8]}"

    @property
    def told(self) -> str:
        """What a score says it was tuned on."""
        return f"tuned on '{self.tuned_on.catalog}'"

    def n_seen(self, digests: list[str]) -> int:
        """How many photos of these digests were tuned on."""
        known = set(self.tuned_on.photos)
        return sum(digest[:16] in known for digest in digests)


def to_dict(settings: TunedSettings) -> dict[str, Any]:
    """All but the arrays, as plain values for JSON."""
    return {
        "format": FORMAT,
        "sentence": settings.sentence,
        "tuned_on": asdict(settings.tuned_on) | {"photos": list(settings.tuned_on.photos)},
        "scores": dict(settings.scores),
        "extractors": [asdict(use) | {"settings": dict(use.settings)} for use in settings.extractors],
        "n_validation": settings.n_validation,
        "sizes": list(settings.prior.sizes),
        "members": [_member_to_dict(member) for member in settings.members],
        "trials": [dict(trial) for trial in settings.trials],
        "calibration": None if settings.calibration is None else settings.calibration.to_dict(),
    }


def from_dict(values: Any, arrays: Mapping[str, np.ndarray], where: str) -> TunedSettings:
    """The settings again. arrays: those of `arrays_of`; where: what to call the file in an error.

    Raises ShopsimError for anything that is no such settings: someone may have edited the file.
    """
    try:
        if values["format"] != FORMAT:
            raise ShopsimError(f"'{where}' has format {values['format']!r}; this version reads {FORMAT}.")
        members = tuple(_member_from_dict(member) for member in values["members"])
        calibration = values.get("calibration")
        found = TunedSettings(
            tuple(ExtractorUse(str(u["name"]), dict(u["settings"]), str(u["key"])) for u in values["extractors"]),
            TunedOn(
                str(values["tuned_on"]["catalog"]),
                int(values["tuned_on"]["n_images"]),
                int(values["tuned_on"]["n_models"]),
                tuple(map(str, values["tuned_on"]["photos"])),
            ),
            members,
            SizePrior(tuple(values["sizes"])),
            float(values["n_validation"]),
            str(values["sentence"]),
            {str(name): float(score) for name, score in values["scores"].items()},
            tuple(dict(trial) for trial in values["trials"]),
            _restored(members, str(values["extractors"][0]["name"]), arrays),
            None if calibration is None else Calibration.from_dict(calibration),
        )
    except ShopsimError:
        raise
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ShopsimError(f"'{where}' does not hold tuned settings: {type(error).__name__} {error}.") from None
    if not members or not found.n_validation >= 1:
        raise ShopsimError(f"'{where}' does not hold tuned settings: it has no members, or n_validation is below 1.")
    return found


def arrays_of(settings: TunedSettings) -> dict[str, np.ndarray]:
    """The fitted arrays by name, 'EXTRACTOR.SPACE DIGEST.ARRAY'."""
    return {
        f"{extractor}.{digest}.{name}": array
        for (extractor, digest), space in settings.fitted.items()
        for name, array in space.arrays().items()
    }


def _member_to_dict(member: Member) -> dict[str, Any]:
    recipe = member.candidate.recipe
    return {
        "space": recipe.space,
        "space_settings": dict(recipe.space_settings),
        "clusterer": recipe.clusterer,
        "clusterer_settings": dict(recipe.clusterer_settings),
        "added": dict(member.candidate.added),
        "rule": asdict(member.rule),
        "score": member.score,
        "weight": member.weight,
        "slope": member.slope,
    }


def _member_from_dict(values: Mapping[str, Any]) -> Member:
    recipe = Recipe(
        values["space"], dict(values["space_settings"]), values["clusterer"], dict(values["clusterer_settings"])
    )
    # Asked for now, so that an unknown name or setting is told by name.
    spaces.create(recipe.space, **recipe.space_settings)
    numbers = {name: float(values[name]) for name in ("score", "weight", "slope")}
    rule = CutRule(**{name: float(value) for name, value in values["rule"].items()})
    told = [*numbers.values(), rule.threshold, rule.size_power, rule.prior_weight]
    if not np.isfinite(told).all() or numbers["weight"] <= 0 or numbers["slope"] <= 0:
        raise ValueError(f"a member with numbers {told}")
    added = tuple((str(name), float(share)) for name, share in values["added"].items())
    return Member(Candidate(recipe, added), rule, **numbers)


def _restored(
    members: tuple[Member, ...], main: str, arrays: Mapping[str, np.ndarray]
) -> dict[tuple[str, str], FittedSpace]:
    found: dict[tuple[str, str], FittedSpace] = {}
    for member in members:
        recipe = member.candidate.recipe
        for name in member.candidate.shares(main):
            start = f"{name}.{recipe.space_digest}."
            own = {key.removeprefix(start): array for key, array in arrays.items() if key.startswith(start)}
            space = spaces.create(recipe.space, **recipe.space_settings)
            found[name, recipe.space_digest] = space.restore(own)
    return found
