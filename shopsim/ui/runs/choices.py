"""Turns the choice of a visitor into the settings of a run, and back."""

from __future__ import annotations

from typing import Any

from shopsim.base.registry import Registry
from shopsim.clusterers import clusterers
from shopsim.features.extractors import extractors
from shopsim.grouping.fit import OWN_VECTORS
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.runs.making import value_on_page
from shopsim.grouping.runs.record import DEMO, About, RunSettings
from shopsim.spaces import spaces
from shopsim.ui.choice import Choice
from shopsim.ui.page import Opened
from shopsim.ui.server import path_to_open

_SAME = (
    "extractor", "extractor_settings", "space", "space_settings", "clusterer", "clusterer_settings", "form", "encoding",
    "category", "copies", "contradicted", "added", "share", "tuned", "expect", "strict", "never_join",
)  # fmt: skip

_REGISTRIES: dict[str, Registry] = {"extractor": extractors, "space": spaces, "clusterer": clusterers}
_BY_HAND = {*_REGISTRIES, *(f"{kind}_settings" for kind in _REGISTRIES), "added", "share", "never_join"}


def folder_of(opened: Opened) -> str:
    """Returns the folder of the open catalogue as runs keep it."""
    folder = opened.choice.folder
    return folder if folder == DEMO else str(path_to_open(folder).absolute())


def settings_of(opened: Opened, grouping: Grouping) -> RunSettings:
    """Returns the settings of the groups on the page, with whole paths, so that they mean the same elsewhere."""
    choice = opened.choice
    fields = {name: getattr(choice, name) for name in _SAME}
    if opened.tuned is not None:
        fields["extractor"] = opened.tuned.main
    return RunSettings(
        **{**fields, "strict": grouping.strict},
        folder=folder_of(opened),
        labels=str(path_to_open(choice.labels).absolute()) if choice.labels else None,
        value=float(grouping.value),
    )


def choice_of(settings: RunSettings, value: float) -> Choice:
    """Returns the choice that gives the groups of a run again; it leaves out settings that have their default.

    value: of the control, as a page takes it.
    """
    fields: dict[str, Any] = {name: getattr(settings, name) for name in (*_SAME, "folder", "labels")}
    fields["value"] = value
    if settings.tuned:
        # The tuned settings decide these.
        return Choice(**{name: value for name, value in fields.items() if name not in _BY_HAND})
    for kind, registry in _REGISTRIES.items():
        if fields[kind] != OWN_VECTORS:
            defaults = {setting.name: setting.default for setting in registry.entry(fields[kind]).settings}
            given = fields[f"{kind}_settings"].items()
            fields[f"{kind}_settings"] = {name: value for name, value in given if value != defaults.get(name)}
    return Choice(**fields)


def is_chosen(about: About, opened: Opened, grouping: Grouping) -> bool:
    """Whether the page shows the groups of this run, as far as settings say."""
    here = choice_of(settings_of(opened, grouping), value_on_page(grouping))
    return here == choice_of(about.settings, about.page_value)
