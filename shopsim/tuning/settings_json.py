"""Tuned settings as plain values for JSON, and read back from what somebody may have edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from shopsim.base.disk.checked_json import entries, number, number_or_none, plain_object, text, whole_number
from shopsim.base.errors import ShopsimError
from shopsim.scoring.calibration.calibration import Calibration
from shopsim.spaces import FittedSpace, spaces
from shopsim.tuning.member_json import member_from_dict, member_to_dict
from shopsim.tuning.members import Member
from shopsim.tuning.settings import ExtractorUse, TunedOn, TunedSettings
from shopsim.tuning.size_prior import SizePrior
from shopsim.tuning.tuned_groups import spaces_of

FORMAT = 1


def to_dict(settings: TunedSettings) -> dict[str, Any]:
    """All but the arrays."""
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
    }


def from_dict(values: Any, arrays: Mapping[str, np.ndarray], where: str) -> TunedSettings:
    """The settings again. arrays: those of `arrays_of`; where: what to call the file in an error.

    Raises ShopsimError for anything that is no such settings: someone may have edited the file.
    """
    try:
        found = whole_number(values, "format")
        if found != FORMAT:
            raise ShopsimError(f"'format' is {found}; this version reads {FORMAT}.")
        return _read(values, arrays)
    except ShopsimError as error:
        raise ShopsimError(f"'{where}' holds no tuned settings that can be used: {error}") from None


def arrays_of(settings: TunedSettings) -> dict[str, np.ndarray]:
    """The fitted arrays by name, 'EXTRACTOR.SPACE DIGEST.ARRAY'."""
    return {
        f"{extractor}.{digest}.{name}": array
        for (extractor, digest), space in settings.fitted.items()
        for name, array in space.arrays().items()
    }


def _read(values: Any, arrays: Mapping[str, np.ndarray]) -> TunedSettings:
    uses = tuple(_extractor(each) for each in entries(values, "extractors"))
    names = [use.name for use in uses]
    if len(set(names)) < len(names):
        raise ShopsimError(f"'extractors' are {', '.join(names)}; each may be named once.")
    members = tuple(member_from_dict(each, names) for each in entries(values, "members"))
    tuned_on = _tuned_on(plain_object(values, "tuned_on"))
    scores = plain_object(values, "scores")
    calibration = values.get("calibration")
    return TunedSettings(
        uses,
        tuned_on,
        members,
        SizePrior(tuple(entries(values, "sizes"))),
        number(values, "n_validation", 1.0, float(tuned_on.n_images)),
        text(values, "sentence"),
        {name: number(scores, name, -1.0, _most_of(name)) for name in ("validation", *scores)},
        tuple(_trial(each) for each in entries(values, "trials", least=0)),
        _restored(members, uses, plain_object(values, "spaces"), arrays),
        None if calibration is None else Calibration.from_dict(calibration),
    )


def _extractor(values: Any) -> ExtractorUse:
    settings = plain_object(values, "settings")
    return ExtractorUse(text(values, "name"), settings, text(values, "key"), whole_number(values, "n_features", 1))


def _tuned_on(values: Any) -> TunedOn:
    photos = entries(values, "photos", least=0)
    counts = whole_number(values, "n_images", 1), whole_number(values, "n_models", 1)
    return TunedOn(text(values, "catalog"), *counts, tuple(map(str, photos)))


def _trial(values: Any) -> dict[str, Any]:
    what = text(values, "what")
    trial = {"what": what, **{name: number_or_none(values, name) for name in values if name != "what"}}
    if number_or_none(values, "score") is not None:
        number(values, "seconds", 0.0)
    return trial


def _restored(
    members: Sequence[Member],
    uses: Sequence[ExtractorUse],
    listed: Mapping[str, Any],
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


def _own_arrays(start: str, listed: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Those of one space. None may be missing: a space without any is a raw one."""
    names = [str(name) for name in entries(listed, start, least=0)]
    missing = [f"{start}.{name}.npy" for name in names if f"{start}.{name}" not in arrays]
    if missing:
        raise ShopsimError(f"'{missing[0][:200]}' is missing; it must lie beside the settings.")
    return {name: arrays[f"{start}.{name}"] for name in names}


def _check_length(space: FittedSpace, extractor: str, n_features: int) -> None:
    try:
        space.transform(np.zeros((1, n_features), np.float32))
    except ValueError:
        raise ShopsimError(f"The arrays for '{extractor}' are not for its {n_features:,} numbers per photo.") from None


def _most_of(score: str) -> float:
    """Scores are at most 1; how many photos they are of is told beside them."""
    return 1e9 if score.endswith("_photos") else 1.0
