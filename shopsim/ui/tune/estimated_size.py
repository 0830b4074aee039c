"""Shows the estimated photos per model in a field that moves the threshold, and the groups at half and twice of it."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from shopsim.clusterers.merge_tree import MergeTree
from shopsim.grouping.grouping import Fitted, Grouping
from shopsim.tuning.built_in.opening import Blind
from shopsim.ui.address import drawn, follow_choice
from shopsim.ui.guard import callback
from shopsim.ui.parts.texts import counted
from shopsim.ui.threshold import take_threshold
from shopsim.ui.tune.estimates import as_size, how_often, likely, rounded_size
from shopsim.ui.tune.known_size import expected_photos, remember_photos, take_for_size, within_slider

_HELP = (
    "The number of photos divided by the number of models. At first it is an estimate from these photos. If you know "
    "it better, change it: the threshold then follows your number as well as the photos. "
    f"{how_often('The range of the estimate', 'The true number')}"
)


def offer_estimate(grouping: Grouping, tree: MergeTree, blind: Blind) -> None:
    """Draws the field, two buttons for half and twice its number, and the estimate with its range."""
    fitted, key = grouping.fitted, f"estimated-photos-{grouping.fitted.key}"
    follow_choice(key, _number(fitted, blind))
    field, *places = st.columns([3, 4, 4], vertical_alignment="bottom")
    number = drawn(
        key,
        field.number_input(
            "Photos per model",
            min_value=1.0,
            max_value=float(tree.n_images),
            step=1.0,
            format="%g",
            key=key,
            on_change=callback(lambda: _take(fitted, blind, st.session_state[key])),
            help=_HELP,
        ),
    )
    for place, name, factor in zip(places, ("Half", "Twice"), (0.5, 2.0), strict=True):
        other = rounded_size(min(max(number * factor, 1.0), float(tree.n_images)))
        _offer(place, name, grouping, blind, other, other != number)
    estimate = blind.photos_per_model
    st.caption(f"The estimate is about {as_size(estimate.value)} photos per model, {likely(estimate, as_size)}.")


def _offer(place: DeltaGenerator, name: str, grouping: Grouping, blind: Blind, number: float, is_other: bool) -> None:
    """Draws one button, which says what the groups become; it is off where they stay as they are."""
    fitted = grouping.fitted
    value = within_slider(fitted, _value_for(fitted, blind, number))
    n_groups = fitted.tree.n_groups(value)
    # Of one tree, as many groups are the same groups.
    is_same = n_groups == fitted.tree.n_groups(grouping.value)
    groups = "the same groups" if is_same and is_other else counted(n_groups, "group")
    place.button(
        f"{name}, {as_size(number)}: {groups} at {value:.1%}",
        key=f"photos-{name.lower()}",
        disabled=not is_other or is_same,
        on_click=callback(_take),
        args=(fitted, blind, number),
        width="stretch",
    )


def _take(fitted: Fitted, blind: Blind, number: float) -> None:
    if number == _estimate(fitted, blind):
        remember_photos(fitted, None)
        take_threshold(fitted.opening[0])
        return
    remember_photos(fitted, number)
    take_for_size(fitted, _value_for(fitted, blind, number), number)


def _value_for(fitted: Fitted, blind: Blind, number: float) -> float:
    """Returns the threshold for so many photos per model; for the estimate itself, the opening one."""
    return fitted.opening[0] if number == _estimate(fitted, blind) else blind.at_photos_per_model(number)


def _number(fitted: Fitted, blind: Blind) -> float:
    return expected_photos(fitted) or _estimate(fitted, blind)


def _estimate(fitted: Fitted, blind: Blind) -> float:
    """Returns the estimate as the field shows it."""
    return min(max(rounded_size(blind.photos_per_model.value), 1.0), float(len(fitted.vectors)))
