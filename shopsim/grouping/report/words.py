"""Says the settings of a run in words."""

from __future__ import annotations

from collections.abc import Mapping

from shopsim.base.registry import Registry, Value
from shopsim.clusterers import clusterers
from shopsim.features.extractors import extractors
from shopsim.grouping.fit import OWN_VECTORS
from shopsim.grouping.part_titles import part_title, with_second
from shopsim.grouping.runs.record import RunSettings
from shopsim.spaces import spaces


def settings_in_words(settings: RunSettings) -> dict[str, str]:
    """Returns the titles of extractor, space and clusterer, with settings off their default, by these three names.

    With a rule on photos that are never joined, also its column, by `never_join`.
    """
    second = (settings.added, settings.share) if settings.added else None
    extractor = with_second(_title(extractors, settings.extractor, settings.extractor_settings), second)
    if settings.tuned:
        return {"extractor": extractor, "space": settings.tuned, "clusterer": settings.tuned}
    return {
        "extractor": extractor,
        "space": _title(spaces, settings.space, settings.space_settings),
        "clusterer": _title(clusterers, settings.clusterer, settings.clusterer_settings),
        **({"never_join": settings.never_join} if settings.never_join else {}),
    }


def _title(registry: Registry, name: str, settings: Mapping[str, Value]) -> str:
    if name == OWN_VECTORS:
        return part_title(registry, name, {})
    defaults = {setting.name: setting.default for setting in registry.entry(name).settings}
    given = {key: value for key, value in settings.items() if value not in ("", defaults.get(key))}
    return part_title(registry, name, given)
