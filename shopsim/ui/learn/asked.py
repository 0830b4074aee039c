"""Reads back the task of the last learning, so that a stopped one can go on from any browser."""

from __future__ import annotations

import math
from typing import Any

from shopsim.catalog.catalog import Catalog
from shopsim.features.extractors import extractors
from shopsim.learning.network.architecture import ARCHITECTURES
from shopsim.learning.network.depth import DEPTHS
from shopsim.learning.prepare import NETWORK
from shopsim.learning.process import watched
from shopsim.learning.progress_file import DONE
from shopsim.learning.task import Task
from shopsim.ui.compare.parts import Part

MOST_MINUTES = 600


def asked_before(catalog: Catalog) -> Task | None:
    """Returns the task of the last learning, if it has not ended and is about exactly these photos; else None."""
    entry = watched().entry
    if entry is None or entry.state == DONE:
        return None
    kinds = {"extractor": str, "extractor_settings": dict, "name": str, "hold_out": bool, "depth": str}
    asked, minutes = entry.asked, entry.asked.get("minutes")
    if not all(isinstance(asked.get(name), kind) for name, kind in kinds.items()):
        return None
    if type(minutes) not in (int, float) or not 0 < minutes < math.inf or asked["depth"] not in DEPTHS:
        return None
    if asked["extractor"] not in (ARCHITECTURES if entry.what == NETWORK else extractors.names()):
        return None
    task = Task(
        entry.what,
        asked["extractor"],
        asked["extractor_settings"],
        minutes * 60.0,
        asked["name"],
        asked["hold_out"],
        asked["depth"],
    )
    return task if task.key(catalog) == entry.key else None


def by_field(task: Task) -> dict[str, Any]:
    """Returns the task as values of the fields of the Learn page."""
    return {
        "what": task.what,
        f"extractor-{task.what}": part_of(task).key,
        "minutes": min(max(1, round(task.seconds / 60)), MOST_MINUTES),
        "hold-out": task.hold_out,
        "depth": task.depth,
        "name": task.name,
    }


def part_of(task: Task) -> Part:
    """Returns the extractor with the settings that are not at their default, as parts have them."""
    defaults = {each.name: each.default for each in extractors.entry(task.extractor).settings}
    settings = {
        name: value for name, value in task.extractor_settings.items() if name in defaults and value != defaults[name]
    }
    return Part("extractor", task.extractor, settings)
