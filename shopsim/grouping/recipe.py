"""What to do with vectors, as plain values that can be sent, kept and compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shopsim.base.disk.store import digest_of
from shopsim.base.registry import Entry, Value
from shopsim.clusterers import clusterers
from shopsim.spaces import spaces


@dataclass(frozen=True)
class Recipe:
    """What to do with vectors: names and settings of a space and a clusterer, as plain values."""

    space: str = "whitened"
    space_settings: Mapping[str, Value] = field(default_factory=dict)
    clusterer: str = "average"
    clusterer_settings: Mapping[str, Value] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Of every name, version and setting."""
        clusterer = clusterers.entry(self.clusterer)
        return digest_of(self.space_digest, clusterer.key, _all_settings(clusterer, self.clusterer_settings))

    @property
    def is_default(self) -> bool:
        """Whether every setting is at its default."""
        return self.digest == Recipe(self.space, {}, self.clusterer, {}).digest

    @property
    def space_digest(self) -> str:
        """Of the space, its version and its settings."""
        space = spaces.entry(self.space)
        return digest_of(space.key, _all_settings(space, self.space_settings))


def _all_settings(entry: Entry, given: Mapping[str, Value]) -> list[tuple[str, Value]]:
    """Defaults included, so that a setting left out and one given at its default share what was computed."""
    return [(field.name, given.get(field.name, field.default)) for field in entry.settings]
