"""Decides who may change what others see: on a shared server only a visitor who has given its secret."""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar
from weakref import WeakValueDictionary

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from shopsim.base.errors import ShopsimError
from shopsim.base.paths import roots
from shopsim.ui.access.hosts import is_local
from shopsim.ui.access.tries import Tries

TOKEN = "SHOPSIM_ADMIN_TOKEN"
WHY_NOT = "Others reach this server too, so only a visitor who has given its secret may change what they see."
_FEWEST = 16
_KEY = "rights"

P = ParamSpec("P")
T = TypeVar("T")


class _Right:
    """The mark of a session that has given the secret; a browser cannot send one."""


_tries = Tries()
# By session id. An entry goes with its session, which holds the only reference.
_given_by: WeakValueDictionary[str, _Right] = WeakValueDictionary()


def is_shared() -> bool:
    """Returns whether others may reach this server: its address or a name is not local, or SHOPSIM_ROOTS is set."""
    names, origins = st.get_option("server.allowedHosts") or [], st.get_option("server.corsAllowedOrigins") or []
    return bool(roots()) or not is_local(st.get_option("server.address"), names, origins)


def may_change() -> bool:
    """Returns whether this visitor may change what others see."""
    return not is_shared() or isinstance(st.session_state.get(_KEY), _Right)


def require_change() -> None:
    """Raises ShopsimError if this visitor may not change what others see; asked at the action, not at the button."""
    if not may_change():
        raise ShopsimError(WHY_NOT)


def changes(action: Callable[P, T]) -> Callable[P, T]:
    """Decorates a function that changes what others see: for visitors without the right it raises ShopsimError."""

    @wraps(action)
    def allowed(*given: P.args, **named: P.kwargs) -> T:
        require_change()
        return action(*given, **named)

    return allowed


def may_upload(session_id: str) -> bool:
    """Returns whether the session of that id may send files; the server asks when they arrive, without a page."""
    return not is_shared() or session_id in _given_by


def secret_is_set() -> bool:
    """Returns whether a secret was set. Raises ShopsimError for one that is too short."""
    secret = os.environ.get(TOKEN, "")
    if 0 < len(secret) < _FEWEST:
        raise ShopsimError(f"{TOKEN} has {len(secret)} characters; a secret needs at least {_FEWEST}.")
    return bool(secret)


def give_secret(text: str) -> None:
    """Gives this session the right to change things. Raises ShopsimError for a wrong secret, or after many tries."""
    secret = os.environ.get(TOKEN, "")
    if not secret_is_set() or not _tries.take(
        st.context.ip_address, lambda: hmac.compare_digest(_bytes(text), _bytes(secret))
    ):
        where = f"The secret is in the variable {TOKEN} on the machine that runs the server."
        raise ShopsimError(f"That is not the secret of this server. {where}")
    st.session_state[_KEY] = right = _Right()
    if (context := get_script_run_ctx()) is not None:
        _given_by[context.session_id] = right


def give_up() -> None:
    """Takes the right away from this session."""
    st.session_state.pop(_KEY, None)
    if (context := get_script_run_ctx()) is not None:
        _given_by.pop(context.session_id, None)


def note_started(key: str) -> None:
    """Remembers that this visitor started the job of that key."""
    st.session_state.setdefault("started", set()).add(key)


def may_stop(key: str) -> bool:
    """Returns whether this visitor may stop the job: their own, or any job if they may change what others see."""
    return may_change() or key in st.session_state.get("started", set())


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
