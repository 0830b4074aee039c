"""The control a clustering is cut by: a slider where a cut is instant, else a field with an Apply button."""

from __future__ import annotations

import math
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from shopsim.base.disk.store import digest_of
from shopsim.base.work.workers import apart
from shopsim.clusterers import Control
from shopsim.grouping.grouping import NOTHING_TUNED, TUNED_HERE, Fitted, Grouping
from shopsim.scoring.curve import Curve
from shopsim.scoring.evaluation import NOT_KNOWN
from shopsim.tuning.built_in.opening import BUILT_IN
from shopsim.ui.address import drawn, follow_choice, keep_choice
from shopsim.ui.guard import callback
from shopsim.ui.parts.texts import counted
from shopsim.ui.quick_look import by_hand_if_moved
from shopsim.ui.strict_best import offer_best_strict
from shopsim.ui.waiting import result_of

_HELP = (
    "Cosine of the two photos' vectors: 100 % is the same direction, 0 % nothing in common. After whitening it can be "
    "negative, which means: less similar than two photos are on average. Other extractors and spaces have other scales."
)

# Off the value that tuned settings brought, with nothing in sight to tune it on.
_MOVED = "moved by hand"
# On labelled photos a value that is not the best one is chosen with its score in sight, which flatters as well.
BY_HAND = "set by hand, with the score of these photos in sight"
# Where what a taken value was chosen on is remembered, with the value and the key of what it cuts.
_TOLD = "threshold-told"
_STRICT_HELP = (
    "A chain of similar photos can put very different ones into one group. Strict splits every group until any two "
    "photos of one are at least as similar as the threshold. A threshold that was best without it then splits too "
    "much: lower it."
)


def choose_threshold(fitted: Fitted) -> Grouping:
    """Draw the control, remember and write down what it says, and cut there. Belongs inside a page's fragment."""
    control = fitted.control
    value = _valid(fitted, st.session_state["choice"].value)
    with st.container(horizontal=True, vertical_alignment="bottom", key="threshold"):
        value = _similarity_slider(fitted, value) if _is_slider(control) else _number_field(fitted, value)
        strict = control.is_a_threshold and _choose_strict(fitted, value)
    opening, _ = fitted.opening
    choice = st.session_state["choice"].with_value(None if value == opening else value)
    if control.is_a_threshold and strict != choice.strict:
        choice = replace(choice, strict=strict).by_hand()
    keep_choice(by_hand_if_moved(choice))
    chosen_on = tuned_on(fitted, value)
    if control.instant and not strict:
        return fitted.group(value, chosen_on)
    # The tree's key has no labels, no names and no source of the value, but the result has them.
    key = digest_of("cut", fitted.key, fitted.catalog.shown_digest, value, chosen_on, strict)
    return result_of(key, _making(control, value), lambda report: fitted.group(value, chosen_on, strict, report, apart))


def tuned_on(fitted: Fitted, value: float) -> str:
    """What the value was chosen on; a setting that was moved while the score is in sight is tuned on these photos."""
    told = st.session_state.get(_TOLD)
    if told is not None and told[:2] == (fitted.key, value) and fitted.catalog.labels_true is None:
        return told[2]
    opening, chosen_on = fitted.opening
    if value == opening and chosen_on != NOT_KNOWN:
        return chosen_on
    if fitted.catalog.labels_true is not None:
        is_best = isinstance(fitted.curve, Curve) and value == fitted.best(fitted.curve)
        return TUNED_HERE if value == opening or is_best else BY_HAND
    return NOTHING_TUNED if fitted.given is None else _MOVED


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
    control = fitted.control
    label, help = ("Similarity threshold", _HELP) if control.joins else (control.name, control.help)
    percent = drawn(key, st.slider(label, low, high, step=0.1, format="%.1f %%", key=key, help=help))
    if percent != shown:
        value = round(percent / 100, 3)
    if isinstance(fitted.curve, Curve):
        best, ari = fitted.best(fitted.curve), float(fitted.curve.ari[fitted.curve.best])
        # The curve is of the groups as they are before strict splits them.
        strict = control.is_a_threshold and _is_strict()
        label = f"{'Without strict' if strict else 'Take'} the best: ARI {ari:z.3f} at {best:.1%}"
        taken = value == best and not strict
        st.button(label, disabled=taken, on_click=callback(take_best), args=(best,))
    elif fitted.opening[1] == BUILT_IN:
        built_in, _ = fitted.opening
        label = f"Take the built-in threshold: {built_in:.1%}"
        st.button(label, disabled=value == built_in, on_click=callback(take_best), args=(built_in,))
    return value


def take_threshold(value: float) -> None:
    """Set the threshold from elsewhere than its slider; call from a callback, before the slider is drawn."""
    st.session_state["choice"] = st.session_state["choice"].with_value(value)
    st.session_state.pop(_TOLD, None)


def take_chosen_on(fitted: Fitted, value: float, chosen_on: str) -> None:
    """The same, telling of these photos without labels what the value was chosen on as long as it stays."""
    take_threshold(value)
    st.session_state[_TOLD] = (fitted.key, value, chosen_on)


def take_best(value: float) -> None:
    """Sets the threshold, and strict off; call from a callback, before the slider is drawn."""
    st.session_state["choice"] = replace(st.session_state["choice"].with_value(value), strict=False)


def _number_field(fitted: Fitted, value: float) -> float:
    """A number with an Apply button, or without one where a cut is instant."""
    if fitted.control.instant:
        return _number(fitted, value, st.container())
    with st.form("control", border=False):
        left, right = st.columns([5, 2], vertical_alignment="bottom")
        value = _number(fitted, value, left)
        right.form_submit_button("Apply", width="stretch")
    return value


def _number(fitted: Fitted, value: float, place: DeltaGenerator) -> float:
    """Counts whole and similarities in percent; the exact value stays as long as the number is not changed."""
    control = fitted.control
    factor, unit, shown_as = {"count": (1, "", "%d"), "similarity": (100, " %", "%.1f")}.get(
        control.kind, (1, "", "%.3f")
    )
    kind = int if control.kind == "count" else float
    low, high, step = (kind(round(bound * factor, 3)) for bound in (control.low, control.high, control.step))
    shown = min(max(kind(round(value * factor, 3)), low), high)
    key = f"control-{fitted.key}"
    follow_choice(key, shown)
    label = f"{control.name} ({low:,}{unit} to {high:,}{unit})"
    number = place.number_input(label, low, high, step=step, format=shown_as, key=key, help=control.help or None)
    return value if drawn(key, number) == shown else number / factor


def _choose_strict(fitted: Fitted, value: float) -> bool:
    """Asks in a drawer, since few visitors need it; a strict cut has a best threshold of its own."""
    label = "Advanced: strict" if _is_strict() else "Advanced"
    with st.popover(label, icon=":material/tune:", key="advanced-cut"):
        strict = drawn("strict", st.toggle("Strict", key="strict", help=_STRICT_HELP))
        if strict:
            offer_best_strict(fitted, value)
    return strict


def _is_strict() -> bool:
    """Whether the toggle is on, known before it is drawn."""
    follow_choice("strict", st.session_state["choice"].strict)
    return st.session_state["strict"]


def _is_slider(control: Control) -> bool:
    return control.kind == "similarity" and control.instant


def _making(control: Control, value: float) -> str:
    if control.kind == "count":
        return f"Making {counted(round(value), 'group')}"
    number = f"{value:.1%}" if control.kind == "similarity" else f"{value:g}"
    return f"Making groups at {control.name.lower()} {number}"
