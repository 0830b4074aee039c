"""Says how many photos per model tuned settings expect, and offers a field for another number."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from shopsim.tuning.settings import TunedSettings
from shopsim.ui.address import drawn, follow_choice
from shopsim.ui.choice import MOST_EXPECTED, Choice
from shopsim.ui.parts.texts import as_written, counted

_KEY = "side-expect"
_HELP = (
    "Fill it in if these models have clearly more or fewer photos than the models that were tuned on. Spaces and "
    "weights stay as tuned, and the cuts follow from this number. If sizes differ, give the number of photos of a "
    "typical photo's model."
)


def choose_expected(choice: Choice, settings: TunedSettings) -> Choice:
    """The field in the sidebar, empty for as tuned; an agreement set for another number is dropped."""
    follow_choice(_KEY, choice.expect)
    number = st.sidebar.number_input(
        "Photos per model here",
        min_value=1.0,
        max_value=MOST_EXPECTED,
        value=None,
        step=1.0,
        format="%g",
        placeholder=f"as tuned: about {_usual(settings):,}",
        key=_KEY,
        help=_HELP,
    )
    expect = drawn(_KEY, number)
    return choice if expect == choice.expect else replace(choice, expect=expect, value=None)


def sizes_counted_on(settings: TunedSettings, expect: float | None) -> str:
    """'Expects about 21 photos per model, as on 'demo'.', or the other number that was given."""
    on = as_written(f"'{settings.tuned_on.catalog}'")
    usual = counted(_usual(settings), "photo")
    if expect is None:
        return f"Expects about {usual} per model, as on {on}; if these have another number, say so in the sidebar."
    here = f"{expect:,g} photo" + ("" if expect == 1 else "s")
    return f"Cut for models of {here}. The score above is of cuts as tuned, which expect about {usual}, as on {on}."


def _usual(settings: TunedSettings) -> int:
    return round(settings.prior.photos_per_model)
