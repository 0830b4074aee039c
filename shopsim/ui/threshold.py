"""The control a clustering is cut by: a slider where a cut is instant, else a field with an Apply button."""

from __future__ import annotations

import math

import streamlit as st

from shopsim.clusterers import Control
from shopsim.curve import Curve
from shopsim.evaluation import NOT_KNOWN
from shopsim.pipeline import NOTHING_TUNED, TUNED_HERE, Fitted, Grouping
from shopsim.store import digest_of
from shopsim.ui.address import drawn, follow_choice, keep_choice
from shopsim.ui.waiting import result_of

_HELP = (
    "Cosine of the two photos' vectors: 100 % is the same direction, 0 % nothing in common, and after whitening it "
    "can be negative, which is less alike than photos are on average. Other extractors and spaces have other scales."
)


def choose_threshold(fitted: Fitted) -> Grouping:
    """Draw the control, remember and write down what it says, and cut there. Belongs inside a page's fragment."""
    control = fitted.control
    value = _valid(fitted, st.session_state["choice"].value)
    value = _similarity_slider(fitted, value) if control.kind == "similarity" else _count_field(control, value)
    opening, _ = fitted.opening
    keep_choice(st.session_state["choice"].with_value(None if value == opening else value))
    if control.instant:
        return fitted.group(value, tuned_on(fitted, value))
    # The tree's key leaves the labels out; the scores that come with a cut don't.
    key = digest_of("cut", fitted.key, fitted.catalog.folder, fitted.catalog.digest, value)
    return result_of(key, f"Making {value:,.0f} groups", lambda report: fitted.group(value, tuned_on(fitted, value)))


def tuned_on(fitted: Fitted, value: float) -> str:
    """What the value was chosen on; one, or a setting, moved while the score is in sight is tuned on these photos."""
    opening, chosen_on = fitted.opening
    if value == opening and chosen_on != NOT_KNOWN:
        return chosen_on
    return NOTHING_TUNED if fitted.catalog.labels_true is None else TUNED_HERE


def _valid(fitted: Fitted, value: float | None) -> float:
    """The value if the control takes it, else the one to open with."""
    control = fitted.control
    opening, _ = fitted.opening
    # All photos alone is a hair above 1 where some are equal.
    if value is None or not control.low <= value <= math.nextafter(control.high, math.inf):
        return opening
    return value


def _similarity_slider(fitted: Fitted, value: float) -> float:
    """In percent, with one decimal; the exact value stays as long as the slider is not moved."""
    key = f"threshold-{fitted.key}"
    low, high = round(fitted.control.low * 100, 1), 100.0
    shown = min(max(round(value * 100, 1), low), high)
    follow_choice(key, shown)
    left, right = st.columns([5, 2], vertical_alignment="bottom")
    percent = drawn(
        key, left.slider("Similarity threshold", low, high, step=0.1, format="%.1f %%", key=key, help=_HELP)
    )
    if percent != shown:
        value = round(percent / 100, 3)
    if isinstance(fitted.curve, Curve):
        best, ari = fitted.best(fitted.curve), float(fitted.curve.ari[fitted.curve.best])
        label = f"Take the best: ARI {ari:z.3f} at {best:.1%}"
        right.button(label, disabled=value == best, on_click=take_threshold, args=(best,), width="stretch")
    return value


def take_threshold(value: float) -> None:
    """Set the threshold from elsewhere than its slider; call from a callback, before the slider is drawn."""
    st.session_state["choice"] = st.session_state["choice"].with_value(value)


def _count_field(control: Control, value: float) -> float:
    with st.form("count", border=False):
        left, right = st.columns([5, 2], vertical_alignment="bottom")
        count = left.number_input(
            f"{control.name} ({control.low:,.0f} to {control.high:,.0f})",
            min_value=int(control.low),
            max_value=int(control.high),
            value=int(value),
            step=int(control.step),
            help=control.help or None,
        )
        right.form_submit_button("Apply", width="stretch")
    return float(count)
