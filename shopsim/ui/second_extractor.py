"""The sidebar's fields for a second extractor and its share of the similarity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from shopsim.base.registry import Value
from shopsim.features.extractors import extractors
from shopsim.features.networks.weights import why_unavailable
from shopsim.grouping.addable import addable_to, usual_share
from shopsim.grouping.fit import OWN_VECTORS
from shopsim.spaces.fusion import MOST_ADDED
from shopsim.ui.address import drawn, follow_choice
from shopsim.ui.choice import Choice

_KEY, _SHARE_KEY = "side-added", "side-share"
_NONE = "None"
_HELP = (
    "The similarity of two photos is then the mean of both extractors' similarities. Two networks together usually "
    "group better than one. Colour with a share of 30 % helps where models differ in colour, and hurts where one model "
    "comes in many colours."
)
_SHARE_HELP = "This part of the similarity comes from the second extractor, the rest from the first one."


def choose_second(choice: Choice) -> Choice:
    """Asks for a second extractor and its share; a threshold that was set for another similarity is dropped."""
    names = addable_to(choice.extractor)
    if not names:
        return _without(choice)
    follow_choice(_KEY, choice.added)
    if st.session_state[_KEY] not in ("", *names):
        st.session_state[_KEY] = ""
    name = drawn(_KEY, st.selectbox("Add a second extractor", ["", *names], key=_KEY, format_func=_title, help=_HELP))
    if not name:
        return choice if not choice.added else replace(_without(choice), value=None)
    if extractors.entry(name).settings:
        st.caption("Its settings keep their defaults.")
    say_what_is_missing(name, {})
    share = _choose_share(name, choice.share if name == choice.added else usual_share(name))
    if (name, share) == (choice.added, choice.share):
        return choice
    return replace(choice, added=name, share=share, value=None)


def say_what_is_missing(extractor: str, settings: Mapping[str, Value]) -> None:
    """Says under an extractor that its weights are missing, before a person starts it."""
    # The page says why once it is started; so long a sentence would push the rest of the sidebar away.
    if extractor != OWN_VECTORS and why_unavailable(extractor, **settings):
        st.caption(":material/info: Its weights are not at hand yet.")


def _choose_share(name: str, share: float) -> float:
    """Asks in whole percent; a share from a link that is no whole percent stays until somebody moves the slider."""
    percent = max(1, round(100 * share))
    follow_choice(_SHARE_KEY, percent)
    label, most = f"Share of {_title(name)}", round(100 * MOST_ADDED)
    chosen = drawn(_SHARE_KEY, st.slider(label, 1, most, key=_SHARE_KEY, format="%d %%", help=_SHARE_HELP))
    return share if chosen == percent else chosen / 100


def _without(choice: Choice) -> Choice:
    return replace(choice, added="", share=Choice.share)


def _title(name: str) -> str:
    return extractors.entry(name).title if name else _NONE
