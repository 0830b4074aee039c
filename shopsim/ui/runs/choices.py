"""Turns the choice of a visitor into the settings of a run, and back."""

from __future__ import annotations

from shopsim.grouping.grouping import Grouping
from shopsim.grouping.runs.record import RunSettings
from shopsim.ui.choice import Choice
from shopsim.ui.page import Opened
from shopsim.ui.server import path_to_open

_SAME = (
    "extractor", "extractor_settings", "space", "space_settings", "clusterer", "clusterer_settings", "form", "encoding",
    "category", "copies", "contradicted", "added", "share", "tuned", "expect", "strict",
)  # fmt: skip


def settings_of(opened: Opened, grouping: Grouping) -> RunSettings:
    """Returns the settings of the groups on the page, with whole paths, so that they mean the same elsewhere."""
    choice = opened.choice
    fields = {name: getattr(choice, name) for name in _SAME}
    if opened.tuned is not None:
        fields["extractor"] = opened.tuned.main
    is_demo = choice.folder == Choice.folder
    return RunSettings(
        **{**fields, "strict": grouping.strict},
        folder=choice.folder if is_demo else str(path_to_open(choice.folder).absolute()),
        labels=str(path_to_open(choice.labels).absolute()) if choice.labels else None,
        value=float(grouping.value),
    )


def choice_of(settings: RunSettings) -> Choice:
    """Returns the choice that gives the groups of a run again."""
    fields = {name: getattr(settings, name) for name in (*_SAME, "folder", "labels", "value")}
    return Choice(**fields)


def is_chosen(settings: RunSettings, opened: Opened, grouping: Grouping) -> bool:
    """Whether the page shows the groups that these settings give."""
    return settings_of(opened, grouping) == settings
