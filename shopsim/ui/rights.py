"""Who may change what others see: on a server that others reach, only a visitor who has given its secret."""

from __future__ import annotations

import hmac
import os
import threading
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from shopsim import ShopsimError
from shopsim.paths import roots
from shopsim.ui.hosts import is_local

TOKEN = "SHOPSIM_ADMIN_TOKEN"
WHY_NOT = "Others reach this server too, so only a visitor who has given its secret may change what they see."
_FEWEST = 16
_KEY = "rights"
_LONGEST_WAIT_S = 60
# No text that a browser sends is this object.
_GIVEN = object()
_given_by: set[str] = set()

P = ParamSpec("P")
T = TypeVar("T")


class _Tries:
    """Wrong secrets, counted for the whole server: a new session is to be had for nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wrong = 0
        self._next = 0.0

    def take(self, is_right: Callable[[], bool]) -> bool:
        """Whether the secret is right. Raises ShopsimError, looking at nothing, too soon after a wrong one."""
        with self._lock:
            left = self._next - time.monotonic()
            if left > 0:
                raise ShopsimError(f"A wrong secret was given a moment ago; try again in {left:.0f} s.")
            if is_right():
                self._wrong = 0
                return True
            self._wrong += 1
            self._next = time.monotonic() + min(2.0**self._wrong, _LONGEST_WAIT_S)
            return False


_tries = _Tries()


def is_shared() -> bool:
    """Whether strangers may reach this server: its address or a name of it is for others, or SHOPSIM_ROOTS is set."""
    names, origins = st.get_option("server.allowedHosts") or [], st.get_option("server.corsAllowedOrigins") or []
    return bool(roots()) or not is_local(st.get_option("server.address"), names, origins)


def may_change() -> bool:
    """Whether this visitor may change what others see."""
    return not is_shared() or st.session_state.get(_KEY) is _GIVEN


def require_change() -> None:
    """Raises ShopsimError where this visitor may not change what others see; at the action, whatever was clicked."""
    if not may_change():
        raise ShopsimError(WHY_NOT)


def changes(action: Callable[P, T]) -> Callable[P, T]:
    """Decorate a function that changes what others see: it raises ShopsimError for whoever may not."""

    @wraps(action)
    def allowed(*given: P.args, **named: P.kwargs) -> T:
        require_change()
        return action(*given, **named)

    return allowed


def may_upload(session_id: str) -> bool:
    """Whether the session of that id may send files, asked where they arrive; the page is not asked there."""
    return not is_shared() or session_id in _given_by


def secret_is_set() -> bool:
    """Whether there is a secret to give. Raises ShopsimError for one that is soon guessed."""
    secret = os.environ.get(TOKEN, "")
    if 0 < len(secret) < _FEWEST:
        raise ShopsimError(f"{TOKEN} has {len(secret)} characters; a secret needs at least {_FEWEST}.")
    return bool(secret)


def give_secret(text: str) -> None:
    """Let this session change what others see. Raises ShopsimError if that is not the secret, or tried too often."""
    secret = os.environ.get(TOKEN, "")
    if not secret_is_set() or not _tries.take(lambda: hmac.compare_digest(_bytes(text), _bytes(secret))):
        raise ShopsimError(f"That is not the secret of this server; {TOKEN} holds it where the server was started.")
    st.session_state[_KEY] = _GIVEN
    if (context := get_script_run_ctx()) is not None:
        _given_by.add(context.session_id)


def give_up() -> None:
    """Let this session change nothing any more."""
    st.session_state.pop(_KEY, None)
    if (context := get_script_run_ctx()) is not None:
        _given_by.discard(context.session_id)


def note_started(key: str) -> None:
    """Remember that this visitor has started the job of that key."""
    st.session_state.setdefault("started", set()).add(key)


def may_stop(key: str) -> bool:
    """Whether this visitor may stop the job of that key: their own, or any where they may change what others see."""
    return may_change() or key in st.session_state.get("started", set())


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
