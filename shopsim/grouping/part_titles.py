"""Titles of extractors, spaces and clusterings with their settings, as pages and reports show them."""

from __future__ import annotations

from collections.abc import Mapping

from shopsim.base.registry import Registry, Value
from shopsim.features.extractors import extractors
from shopsim.grouping.fit import OWN_VECTORS


def part_title(registry: Registry, name: str, settings: Mapping[str, Value]) -> str:
    """The title of one part: 'Whitened', or with settings of its own 'Whitened, strength 0.3'."""
    if name == OWN_VECTORS:
        return "Own vectors"
    entry = registry.entry(name)
    titles = {setting.name: setting.title[:1].lower() + setting.title[1:] for setting in entry.settings}
    return ", ".join([entry.title, *(f"{titles.get(key, key)} {_shown(value)}" for key, value in settings.items())])


def with_second(extractor: str, second: tuple[str, float] | None) -> str:
    """The title of an extractor with that of the one added to it: 'MobileNetV2 70% + Colour and shape 30%'."""
    return extractor if second is None else f"{extractor} {1 - second[1]:.0%} + {second_title(second)}"


def second_title(second: tuple[str, float]) -> str:
    """The title of an added extractor with its share: 'Colour and shape 30%'."""
    name, share = second
    return f"{extractors.entry(name).title} {share:.0%}"


def _shown(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
