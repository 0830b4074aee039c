"""Says the settings of a run in words."""

from __future__ import annotations

from collections.abc import Mapping

from shopsim.base.registry import Value
from shopsim.grouping.runs.record import RunSettings


def settings_in_words(settings: RunSettings) -> dict[str, str]:
    """Returns extractor, space and clusterer with the settings that were given, by these three names.

    With a rule on photos that are never joined, also its column, by `never_join`.
    """
    extractor = _named(settings.extractor, settings.extractor_settings)
    if settings.added:
        extractor = f"{extractor} {1 - settings.share:.0%} + {settings.added} {settings.share:.0%}"
    if settings.tuned:
        return {"extractor": extractor, "space": settings.tuned, "clusterer": settings.tuned}
    return {
        "extractor": extractor,
        "space": _named(settings.space, settings.space_settings),
        "clusterer": _named(settings.clusterer, settings.clusterer_settings),
        **({"never_join": settings.never_join} if settings.never_join else {}),
    }


def _named(name: str, settings: Mapping[str, Value]) -> str:
    given = ", ".join(f"{key} {value}" for key, value in settings.items() if value != "")
    return f"{name} ({given})" if given else name
