"""The settings that can be compared: those registered, and those that this visitor has tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import streamlit as st

from shopsim.base.registry import Registry, Value
from shopsim.clusterers import clusterers
from shopsim.features.extractors import extractors
from shopsim.features.networks.weights import why_unavailable
from shopsim.grouping.fit import OWN_VECTORS
from shopsim.grouping.part_titles import part_title, with_second
from shopsim.grouping.recipe import Recipe
from shopsim.spaces import spaces
from shopsim.tuning.leaderboard import FIRST_CLUSTERERS
from shopsim.tuning.leaderboard_cell import Cell
from shopsim.ui.choice import Choice

REGISTRIES: dict[str, Registry] = {"extractor": extractors, "space": spaces, "clusterer": clusterers}
LABELS = {"extractor": "Feature extractors", "space": "Spaces", "clusterer": "Clusterings"}


@dataclass(frozen=True)
class Part:
    """A registered name with the settings that are not at their default.

    second: of an extractor, the one that is added to it and that one's share.
    """

    kind: str
    name: str
    settings: Mapping[str, Value]
    second: tuple[str, float] | None = None

    @property
    def key(self) -> str:
        """A text that is the same for the same part."""
        settings = [f"{name}={value}" for name, value in sorted(self.settings.items())]
        return "?".join([self.name, *settings, *(f"add={part}" for part in self.second or ())])

    @property
    def alone(self) -> Part:
        """The same part without the second extractor."""
        return replace(self, second=None)

    @property
    def title(self) -> str:
        """The part as pages show it."""
        return with_second(part_title(REGISTRIES[self.kind], self.name, self.settings), self.second)


def parts_of(choice: Choice) -> dict[str, Part]:
    """Returns the parts that the sidebar has chosen, by kind."""
    parts = {kind: Part(kind, getattr(choice, kind), getattr(choice, f"{kind}_settings")) for kind in REGISTRIES}
    second = (choice.added, choice.share) if choice.added else None
    return parts | {"extractor": replace(parts["extractor"], second=second)}


def offered(kind: str, choice: Choice) -> dict[str, Part]:
    """Returns parts by key: each registered name with its defaults, and parts with settings that this visitor chose.

    The extractor for trained networks is offered once per network.
    """
    tried = remember_tried(parts_of(choice))
    if choice.extractor == OWN_VECTORS and kind == "extractor":
        return {OWN_VECTORS: Part(kind, OWN_VECTORS, {})}
    registry = REGISTRIES[kind]
    known = [Part(kind, name, each) for name in registry.names() for each in registry.entry(name).as_they_come]
    plain = [part for part in known if not _missing(part)]
    own = parts_of(choice)[kind]
    parts = [*plain, own, *(part for part in tried.values() if part.kind == kind and part.name != OWN_VECTORS)]
    return {part.key: part for part in parts}


def offered_alone(choice: Choice) -> dict[str, Part]:
    """Returns the extractors that are offered, without those that have a second one."""
    parts = offered("extractor", choice).values()
    return {part.alone.key: part.alone for part in parts}


def remember_tried(parts: Mapping[str, Part]) -> dict[str, Part]:
    """Offers these parts with their settings from now on; returns all that are kept."""
    tried: dict[str, Part] = st.session_state.setdefault("compare-tried", {})
    tried |= {f"{part.kind} {part.key}": part for part in parts.values() if part.settings or part.second}
    return tried


def not_at_hand() -> list[str]:
    """Titles of the extractors without weights on this machine, except those that need a name first."""
    entries = [extractors.entry(name) for name in extractors.names() if name != "tfhub"]
    return [entry.title for entry in entries if {} in entry.as_they_come and why_unavailable(entry.name)]


def first_parts(kind: str, choice: Choice, options: Mapping[str, Part]) -> list[str]:
    """Returns the keys of the parts that are chosen at first."""
    own = parts_of(choice)[kind].key
    if kind == "extractor":
        return [own]
    plain = [part.key for part in options.values() if not part.settings]
    chosen = plain if kind == "space" else [key for key in plain if key in FIRST_CLUSTERERS]
    return list(dict.fromkeys([*chosen, own]))


def cell_of(parts: Mapping[str, Part]) -> Cell:
    """Returns the setting made of one part of each kind."""
    extractor, space, clusterer = (parts[kind] for kind in REGISTRIES)
    recipe = Recipe(space.name, space.settings, clusterer.name, clusterer.settings)
    return Cell(extractor.name, extractor.settings, recipe, extractor.second)


def parts_of_cell(cell: Cell) -> dict[str, Part]:
    """Returns the parts of a setting, by kind."""
    recipe = cell.recipe
    return {
        "extractor": Part("extractor", cell.extractor, cell.extractor_settings, cell.second),
        "space": Part("space", recipe.space, recipe.space_settings),
        "clusterer": Part("clusterer", recipe.clusterer, recipe.clusterer_settings),
    }


def with_cell(choice: Choice, cell: Cell) -> Choice:
    """Returns the choice with another setting, without the threshold and tuned settings, which do not suit it."""
    added, share = cell.second or ("", Choice.share)
    fields: dict[str, object] = {"added": added, "share": share}
    for kind, part in parts_of_cell(cell).items():
        fields |= {kind: part.name, f"{kind}_settings": dict(part.settings)}
    return replace(choice.by_hand(), **fields, value=None, strict=False, tuned="")


def _missing(part: Part) -> bool:
    return part.kind == "extractor" and why_unavailable(part.name, **part.settings) is not None
