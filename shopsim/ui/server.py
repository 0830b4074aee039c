"""What all visitors of one server share: the jobs, the store, where it is bound."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from shopsim.jobs import Jobs
from shopsim.paths import cache_dir, check_inside, home_dir, roots
from shopsim.store import Store

_LOCAL = {"localhost", "127.0.0.1", "::1"}


@st.cache_resource
def jobs() -> Jobs:
    """One for the whole server, so that a second visitor joins what the first one started."""
    return Jobs()


def store() -> Store:
    """The arrays on disk."""
    return Store(cache_dir())


def check_may_open(folder: Path) -> None:
    """Beyond localhost, or where SHOPSIM_ROOTS is set, only folders in those roots and our own may be opened."""
    allowed = roots()
    if allowed or st.get_option("server.address") not in _LOCAL:
        check_inside(folder, (*allowed, (home_dir() / "uploads").resolve()))
