"""One setting of the leaderboard, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shopsim.base.disk.store import digest_of
from shopsim.base.registry import Value
from shopsim.grouping.recipe import Recipe


@dataclass(frozen=True)
class Cell:
    """One setting that takes part: an extractor with its settings, and a recipe for its features.

    second: the name of an extractor that is added at its default settings, and its share of the similarity.
    """

    extractor: str
    extractor_settings: Mapping[str, Value]
    recipe: Recipe
    second: tuple[str, float] | None = None

    @property
    def extractor_key(self) -> str:
        """A key that differs between extractors with different settings."""
        return digest_of(self.extractor, sorted(self.extractor_settings.items()))

    @property
    def features_key(self) -> str:
        """A key that differs between extractors, with or without a second one."""
        return self.extractor_key if self.second is None else digest_of(self.extractor_key, *self.second)

    @property
    def alone(self) -> Cell:
        """The same setting without the second extractor."""
        return Cell(self.extractor, self.extractor_settings, self.recipe)

    @property
    def of_second(self) -> list[Cell]:
        """The second extractor with the same recipe, if there is one."""
        return [] if self.second is None else [Cell(self.second[0], {}, self.recipe)]

    @property
    def extractor_keys(self) -> list[str]:
        """The keys of its extractors, the main one's first."""
        return [self.extractor_key, *(other.extractor_key for other in self.of_second)]
