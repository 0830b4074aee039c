"""What goes wrong on a page becomes a sentence: the guard around pages, their fragments and their callbacks."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from typing import Any

import streamlit as st

from shopsim.base.errors import ShopsimError
from shopsim.ui.parts.texts import as_written
from shopsim.ui.tidy import tidy_later

_REFUSED = "refused"
_log = logging.getLogger(__name__)


@contextmanager
def shown_errors(ends_page: bool = True) -> Iterator[None]:
    """An error inside shows its sentence, and ends the page unless the rest of it works all the same."""
    tidy_later()
    try:
        yield
    except (ShopsimError, OSError) as error:
        st.error(as_written(_sentence(error)))
        if ends_page:
            link_to_catalogs()
            st.stop()


def fragment(part: Callable[..., None]) -> Callable[..., None]:
    """A part of a page that runs again by itself when something in it is moved; its errors end the part."""
    return _fragment(part, None)


def polled(seconds: float) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Decorates a part of a page that also runs again whenever so many seconds have passed; guarded as `fragment`."""
    return partial(_fragment, run_every=seconds)


def _fragment(part: Callable[..., None], run_every: float | None) -> Callable[..., None]:
    @wraps(part)
    def guarded(*arguments: Any) -> None:
        with shown_errors():
            show_refusals()
            part(*arguments)

    return st.fragment(guarded, run_every=run_every)


def callback(act: Callable[..., None]) -> Callable[..., None]:
    """What a widget calls; the sentence of its error stands on top of what is drawn next."""

    @wraps(act)
    def guarded(*arguments: Any) -> None:
        try:
            act(*arguments)
        except (ShopsimError, OSError) as error:
            st.session_state.setdefault(_REFUSED, []).append(_sentence(error))

    return guarded


def show_refusals() -> None:
    """The sentences that `callback` kept, once."""
    for sentence in st.session_state.pop(_REFUSED, []):
        st.error(as_written(sentence))


def link_to_catalogs() -> None:
    """The way out where a catalogue cannot be shown."""
    st.page_link("pages/Catalogs.py", label="Open another catalogue", icon=":material/folder_open:")


def _sentence(error: ShopsimError | OSError) -> str:
    """A ShopsimError brings its own; of what the system refused, the log tells where in the program it was."""
    if isinstance(error, ShopsimError):
        return str(error)
    _log.error("The system refused something that a page asked for.", exc_info=error)
    place = f" at '{error.filename}'" if error.filename else ""
    return f"The system refused what this page needs{place}: {error.strerror or error}."
