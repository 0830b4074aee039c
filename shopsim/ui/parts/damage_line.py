"""Reports damaged files of the cache, once, to the visitor whose page found them."""

from __future__ import annotations

import streamlit as st

from shopsim.base.disk import damage
from shopsim.ui.parts.texts import as_written

_STATE = "damage-said"


def start_saying(title: str) -> None:
    """Starts a page: sentences of an earlier run stay until another page is opened."""
    said_on, said = st.session_state.get(_STATE, ("", ()))
    st.session_state[_STATE] = (title, said if said_on == title else ())
    for sentence in st.session_state[_STATE][1]:
        _show(sentence)
    say_damage()


def say_damage() -> None:
    """Reports the damage that was found since then."""
    title, said = st.session_state[_STATE]
    found = damage.take()
    st.session_state[_STATE] = (title, (*said, *found))
    for sentence in found:
        _show(sentence)


def _show(sentence: str) -> None:
    st.warning(as_written(sentence))
