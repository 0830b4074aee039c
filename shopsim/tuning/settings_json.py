"""Tuned settings as plain values for JSON, and the way back from a file that somebody may have edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import Meta

from shopsim.base.disk.records import Number, Whole, record
from shopsim.base.errors import ShopsimError
from shopsim.scoring.calibration.calibration import Calibration
from shopsim.spaces import FittedSpace, spaces
from shopsim.tuning.comparison import Comparison
from shopsim.tuning.member_json import MemberRecord, member_of, member_to_dict
from shopsim.tuning.members import Member
from shopsim.tuning.settings import ExtractorUse, TunedOn, TunedSettings
from shopsim.tuning.size_prior import SizePrior, Sizes
from shopsim.tuning.tuned_groups import spaces_of

FORMAT = 1
_Score = Annotated[float, Meta(ge=-1.0, le=1.0)]
_Photos = Annotated[float, Meta(ge=-1.0, le=1e9)]


class _Versioned(msgspec.Struct):
    format: Whole


class _Settings(_Versioned):
    """The whole file; a calibration checks itself."""

    sentence: str
    tuned_on: TunedOn
    scores: dict[str, Any]
    extractors: Annotated[tuple[ExtractorUse, ...], Meta(min_length=1)]
    n_validation: Number
    sizes: Sizes
    members: Annotated[list[MemberRecord], Meta(min_length=1)]
    spaces: dict[str, list[str]]
    trials: list[dict[str, Any]]
    calibration: Any = None
    comparison: Comparison | None = None


class _Trial(msgspec.Struct):
    what: str
    score: Number | None = None


class _Tried(msgspec.Struct):
    seconds: Annotated[float, Meta(ge=0.0, le=1e12)]


class _Validated(msgspec.Struct):
    validation: _Score


def to_dict(settings: TunedSettings) -> dict[str, Any]:
    """The settings without their arrays."""
    return {
        "format": FORMAT,
        "sentence": settings.sentence,
        "tuned_on": asdict(settings.tuned_on) | {"photos": list(settings.tuned_on.photos)},
        "scores": dict(settings.scores),
        "extractors": [asdict(use) | {"settings": dict(use.settings)} for use in settings.extractors],
        "n_validation": settings.n_validation,
        "sizes": list(settings.prior.sizes),
        "members": [member_to_dict(member) for member in settings.members],
        "spaces": {f"{name}.{digest}": sorted(space.arrays()) for (name, digest), space in settings.fitted.items()},
        "trials": [dict(trial) for trial in settings.trials],
        "calibration": None if settings.calibration is None else settings.calibration.to_dict(),
        "comparison": None if settings.comparison is None else asdict(settings.comparison),
    }


def from_dict(values: Any, arrays: Mapping[str, np.ndarray], where: str) -> TunedSettings:
    """The settings again. arrays: those of `arrays_of`; where: the name of the file in an error.

    Raises ShopsimError for values that are no such settings: someone may have edited the file.
    """
    try:
        found = record(values, _Versioned).format
        if found != FORMAT:
            raise ShopsimError(f"'format' is {found}; this version reads {FORMAT}.")
        return _settings(record(values, _Settings), arrays)
    except ShopsimError as error:
        raise ShopsimError(f"'{where}' holds no tuned settings that can be used: {error}") from None


def arrays_of(settings: TunedSettings) -> dict[str, np.ndarray]:
    """The fitted arrays by name, 'EXTRACTOR.SPACE DIGEST.ARRAY'."""
    return {
        f"{extractor}.{digest}.{name}": array
        for (extractor, digest), space in settings.fitted.items()
        for name, array in space.arrays().items()
    }


def _settings(read: _Settings, arrays: Mapping[str, np.ndarray]) -> TunedSettings:
    names = [use.name for use in read.extractors]
    if len(set(names)) < len(names):
        raise ShopsimError(f"'extractors' are {', '.join(names)}; each may be named once.")
    members = tuple(member_of(each, names, f"members[{place}]") for place, each in enumerate(read.members))
    at_most_all = Annotated[float, Meta(ge=1.0, le=float(read.tuned_on.n_images))]
    return TunedSettings(
        read.extractors,
        read.tuned_on,
        members,
        SizePrior(read.sizes),
        record(read.n_validation, at_most_all, "n_validation"),
        read.sentence,
        _scores(read.scores),
        tuple(_trial(trial, f"trials[{place}]") for place, trial in enumerate(read.trials)),
        _restored(members, read.extractors, read.spaces, arrays),
        None if read.calibration is None else Calibration.from_dict(read.calibration),
        read.comparison,
    )


def _scores(values: Mapping[str, Any]) -> dict[str, float]:
    """Scores are at most 1; the number of photos that they were found on stands beside them."""
    found = {"validation": record(values, _Validated, "scores").validation}
    for name, value in values.items():
        found |= record({name: value}, dict[str, _Photos if name.endswith("_photos") else _Score], "scores")
    return found


def _trial(values: dict[str, Any], at: str) -> dict[str, Any]:
    """A trial with its name; every other field is a number."""
    trial = record(values, _Trial, at)
    if trial.score is not None:
        record(values, _Tried, at)
    numbers = {name: value for name, value in values.items() if name != "what"}
    return {"what": trial.what, **record(numbers, dict[str, Number | None], at)}


def _restored(
    members: Sequence[Member],
    uses: Sequence[ExtractorUse],
    listed: Mapping[str, Sequence[str]],
    arrays: Mapping[str, np.ndarray],
) -> dict[tuple[str, str], FittedSpace]:
    n_features = {use.name: use.n_features for use in uses}
    found: dict[tuple[str, str], FittedSpace] = {}
    for (name, digest), recipe in spaces_of(members, uses[0].name).items():
        own = _own_arrays(f"{name}.{digest}", listed, arrays)
        space = spaces.create(recipe.space, **recipe.space_settings).restore(own)
        _check_length(space, name, n_features[name])
        found[name, digest] = space
    return found


def _own_arrays(
    start: str, listed: Mapping[str, Sequence[str]], arrays: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """The arrays of one space. None may be missing, because a space without arrays would be taken for a raw one."""
    if start not in listed:
        raise ShopsimError(
            f"'spaces.{start[:200]}' is missing; it must be a list. If nobody edited the file, it was made by another "
            "version of the space; tune again."
        )
    missing = [f"{start}.{name}.npy" for name in listed[start] if f"{start}.{name}" not in arrays]
    if missing:
        raise ShopsimError(f"'{missing[0][:200]}' is missing; it must lie beside the settings.")
    return {name: arrays[f"{start}.{name}"] for name in listed[start]}


def _check_length(space: FittedSpace, extractor: str, n_features: int) -> None:
    try:
        space.transform(np.zeros((1, n_features), np.float32))
    except ValueError:
        raise ShopsimError(f"The arrays for '{extractor}' are not for its {n_features:,} numbers per photo.") from None
