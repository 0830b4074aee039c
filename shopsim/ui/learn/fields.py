"""Shows the fields of the Learn page, and makes the command of a learning from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from shopsim.features.extractors import extractors
from shopsim.grouping.fit import OWN_VECTORS
from shopsim.learning.compare import own_fold
from shopsim.learning.network.architecture import ARCHITECTURES, Architecture
from shopsim.learning.network.depth import ALL, DEPTHS, LAST, MOST
from shopsim.learning.prepare import BUDGET_MINUTES, METRIC, NETWORK
from shopsim.learning.task import Task
from shopsim.ui.address import drawn, follow_choice
from shopsim.ui.choice import DEMO
from shopsim.ui.compare.parts import Part, offered_alone, parts_of
from shopsim.ui.learn.asked import MOST_MINUTES, asked_before, by_field, part_of
from shopsim.ui.page import Photos
from shopsim.ui.server import path_to_open

T = TypeVar("T")

_WHAT = {NETWORK: "A network", METRIC: "A metric on features"}
_WHAT_HELP = (
    "A network is trained so that photos of one model get similar features. A metric is a linear map on features that "
    "are extracted already: it is found faster, but it sees nothing new in the photos."
)
_MINUTES_HELP = (
    "A pass of training that would end later is not begun. Preparing the photos takes extra time, and so does each "
    "search of _Auto_, which tries nothing new after as many minutes."
)
_HOLD_OUT_HELP = (
    "Nothing is learnt from these models, so their score holds for other models. Without it, all models are learnt "
    "from, and nobody knows how good the result is."
)


@dataclass(frozen=True)
class _Fields:
    """Fields that keep their values, also after another page, where Streamlit would forget them.

    asked: by field, the values of the last learning on exactly these photos, so that it can go on at once. place: the
    key of that learning, so that its values are not shown for other photos.
    """

    asked: Mapping[str, Any] = field(default_factory=dict)
    place: str = ""

    def drawn(self, name: str, default: T, draw: Callable[[str], T], options: Sequence[T] = ()) -> T:
        """Draws a widget with its key and returns its value. options: the value must be one of them."""
        kept, key = st.session_state.setdefault("learn-kept", {}).setdefault(self.place, {}), f"learn-{name}"
        value = kept.get(name, self.asked.get(name, default))
        follow_choice(key, value if not options or value in options else options[0])
        kept[name] = drawn(key, draw(key))
        return kept[name]


def choose_task(photos: Photos) -> Task:
    """Shows the fields, and returns the task that they describe."""
    asked = asked_before(photos.catalog)
    fields = _Fields() if asked is None else _Fields(by_field(asked), asked.key(photos.catalog))
    left, middle, right = st.columns([3, 3, 2])
    with left:
        what = _choose_what(fields, METRIC if photos.catalog.vectors_path is not None else NETWORK)
    parts = _parts(what, photos)
    if asked is not None and asked.what == what:
        part = part_of(asked)
        parts = {**parts, part.key: part}
    with middle:
        part = parts[_choose_part(fields, what, parts, photos)]
    with right:
        minutes = fields.drawn(
            "minutes",
            int(BUDGET_MINUTES),
            lambda key: st.number_input("Minutes at most", 1, MOST_MINUTES, key=key, help=_MINUTES_HELP),
        )
    left, middle, right = st.columns([3, 3, 2], vertical_alignment="bottom")
    with left:
        label = (
            "Hold out a fifth of the models"
            if own_fold(photos.catalog) is None
            else "Hold out the catalogue's test part"
        )
        hold_out = fields.drawn("hold-out", True, lambda key: st.toggle(label, key=key, help=_HOLD_OUT_HELP))
    network = ARCHITECTURES.get(part.name) if what == NETWORK else None
    depth, name = (MOST, "") if network is None else _choose_depth_and_name(fields, network, middle, right)
    return Task(what, part.name, _all_settings(part), minutes * 60.0, name.strip(), hold_out, depth)


def arguments(photos: Photos, task: Task) -> list[str]:
    """Returns the options of `python -m shopsim learn` for this task and these photos."""
    choice = photos.choice
    options: Mapping[str, Any] = {
        "what": task.what,
        "extractor": task.extractor,
        "budget": f"{task.seconds / 60:g}",
        "depth": "" if task.depth == MOST else task.depth,
        "name": task.name,
        "form": choice.form,
        "labels": path_to_open(choice.labels).absolute() if choice.labels else None,
        "encoding": choice.encoding,
        "contradicted": choice.contradicted,
        "category": choice.category if choice.category in photos.whole.categories else None,
        **{name.replace("_", "-"): value for name, value in task.extractor_settings.items()},
    }
    flags = {"no-copies": not choice.copies, "all-models": not task.hold_out}
    return [
        DEMO if choice.folder == DEMO else str(path_to_open(choice.folder).absolute()),
        *(f"--{name}={value}" for name, value in options.items() if value not in (None, "")),
        *(f"--{name}" for name, given in flags.items() if given),
    ]


def _parts(what: str, photos: Photos) -> dict[str, Part]:
    """Returns, by key, the networks to start from, or the features to learn a metric on."""
    if what == NETWORK and photos.catalog.vectors_path is None:
        return {name: Part("extractor", name, {}) for name in ARCHITECTURES}
    return offered_alone(photos.choice)


def _choose_what(fields: _Fields, default: str) -> str:
    return fields.drawn(
        "what",
        default,
        lambda key: st.segmented_control(
            "What", list(_WHAT), key=key, format_func=_WHAT.get, required=True, help=_WHAT_HELP, width="stretch"
        ),
        list(_WHAT),
    )


def _choose_part(fields: _Fields, what: str, parts: Mapping[str, Part], photos: Photos) -> str:
    titles = {key: part.title for key, part in parts.items()}
    label = "Network to start from" if what == NETWORK else "Features"
    return fields.drawn(
        f"extractor-{what}",
        parts_of(photos.choice)["extractor"].alone.key,
        lambda key: st.selectbox(label, list(parts), key=key, format_func=titles.get),
        list(parts),
    )


def _choose_depth_and_name(
    fields: _Fields, network: Architecture, left: DeltaGenerator, right: DeltaGenerator
) -> tuple[str, str]:
    depth = fields.drawn(
        "depth",
        MOST,
        lambda key: left.selectbox(
            "Trained",
            DEPTHS,
            key=key,
            format_func=lambda each: network.depths[each].title,
            help=_depth_help(network),
        ),
        DEPTHS,
    )
    name = fields.drawn(
        "name",
        "",
        lambda key: right.text_input("Name (optional)", key=key, placeholder="from the catalogue", max_chars=80),
    )
    return depth, name


def _depth_help(network: Architecture) -> str:
    last, most, whole = (network.depths[depth] for depth in (LAST, MOST, ALL))
    return (
        "The more is trained, the more can be learnt, and the longer it takes: "
        f"{last.told} take {most.rate / last.rate:.0%} of the time of {most.told}, and the whole network "
        f"{most.rate / whole.rate:.1f} times as long."
    )


def _all_settings(part: Part) -> dict[str, Any]:
    """Returns all settings, those at their default too, as the command has them."""
    settings = () if part.name == OWN_VECTORS else extractors.entry(part.name).settings
    return {each.name: each.parse(part.settings.get(each.name, each.default)) for each in settings}
