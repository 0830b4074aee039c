"""What the buttons do: each keeps one correction, undoes one, or brings one back."""

from __future__ import annotations

import getpass
from collections.abc import Sequence

import streamlit as st

from shopsim.catalog.photo_keys import photo_keys
from shopsim.grouping.corrections.action import LONGEST_TEXT, action
from shopsim.grouping.corrections.store import redo, undo
from shopsim.grouping.grouping import Grouping
from shopsim.ui.access.rights import WHY_NOT, changes, is_shared, may_change
from shopsim.ui.address import keep_detail
from shopsim.ui.corrections.refused import forget_told, keep_and_tell
from shopsim.ui.guard import callback

_WHO, _WHO_FIELD = "corrections-who", "corrections-who-field"


@changes
def correct(grouping: Grouping, kind: str, parts: Sequence[Sequence[int]], text: str = "") -> None:
    """Keeps a correction; call it from a callback. parts: rows of photos, the most central photo of a group first.

    Raises ShopsimError, and Contradiction with the chain of photos; then nothing is changed.
    """
    catalog = grouping.fitted.catalog
    keys = photo_keys(catalog)
    keep_and_tell(catalog, action(kind, [[keys[row] for row in part] for part in parts], who(), text))
    for name in [name for name in st.session_state if str(name).startswith("pick-")]:
        st.session_state[name] = False
    _show_those_of_now()


@changes
def undo_last(grouping: Grouping, number: int | None = None) -> None:
    """Undoes the last correction, or the one of that number; call it from a callback."""
    forget_told()
    undo(grouping.fitted.catalog, number)
    _show_those_of_now()


@changes
def redo_last(grouping: Grouping) -> None:
    """Brings back what was undone last; call it from a callback."""
    forget_told()
    redo(grouping.fitted.catalog)
    _show_those_of_now()


def _show_those_of_now() -> None:
    """Lets the page use the corrections as they are now, so that a person sees what they did."""
    keep_detail("corrections", "")


def who() -> str:
    """Returns the name that is kept with corrections: the one that was typed, else the user of the computer."""
    typed = str(st.session_state.get(_WHO, "")).strip()
    if typed:
        return typed[:LONGEST_TEXT]
    # On a shared server it would be the name of whoever runs the server.
    return "a visitor" if is_shared() else _user()


def ask_who() -> None:
    """Draws the field for the name."""
    # Streamlit forgets the value of a field that is not drawn, as while photos are grouped.
    st.session_state[_WHO_FIELD] = st.session_state.get(_WHO, "")
    st.text_input(
        "Your name",
        key=_WHO_FIELD,
        on_change=callback(_keep_who),
        max_chars=LONGEST_TEXT,
        placeholder="a visitor" if is_shared() else _user(),
        help="It is kept with each of your corrections.",
    )


def _keep_who() -> None:
    st.session_state[_WHO] = st.session_state[_WHO_FIELD]


def off(disabled: bool = False) -> dict[str, bool | str]:
    """Returns the arguments of a button that changes something: off without the right, which its help then says."""
    return {"disabled": disabled} if may_change() else {"disabled": True, "help": WHY_NOT}


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"
