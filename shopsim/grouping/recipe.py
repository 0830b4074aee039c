"""A recipe: which space and which clusterer to use, as plain values that can be sent, kept and compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shopsim.base.disk.store import digest_of
from shopsim.base.registry import Entry, Value
from shopsim.clusterers import clusterers
from shopsim.clusterers.hnsw_lists import HNSW_VERSION
from shopsim.spaces import spaces


@dataclass(frozen=True)
class Recipe:
    """Names and settings of a space and of a clusterer."""

    space: str = "whitened"
    space_settings: Mapping[str, Value] = field(default_factory=dict)
    clusterer: str = "average"
    clusterer_settings: Mapping[str, Value] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """A digest of every name, version and setting."""
        clusterer = clusterers.entry(self.clusterer)
        settings = _all_settings(clusterer, self.clusterer_settings)
        # Exact trees keep their key when the approximate search changes.
        search = (HNSW_VERSION,) if ("search", "hnsw") in settings else ()
        return digest_of(self.space_digest, clusterer.key, settings, *search)

    @property
    def is_default(self) -> bool:
        """Whether every setting is at its default."""
        return self.digest == Recipe(self.space, {}, self.clusterer, {}).digest

    @property
    def space_digest(self) -> str:
        """A digest of the space, its version and its settings."""
        space = spaces.entry(self.space)
        return digest_of(space.key, _all_settings(space, self.space_settings))


def _all_settings(entry: Entry, given: Mapping[str, Value]) -> list[tuple[str, Value]]:
    """Returns all settings with their defaults: leaving one out must mean the same as giving its default."""
    return [(field.name, given.get(field.name, field.default)) for field in entry.settings]
