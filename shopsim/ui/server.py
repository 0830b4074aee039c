"""What all visitors of one server share: the jobs, the store, the folders that may be opened."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from shopsim.base.disk.store import Store
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import as_on_disk, check_inside, expanded, links_followed, roots, uploads_dir
from shopsim.base.work.jobs import Jobs
from shopsim.ui.access.rights import may_change
from shopsim.ui.spare_cache import cache_folder


@st.cache_resource
def jobs() -> Jobs:
    """One for the whole server, so that a second visitor joins what the first one started."""
    # Each extractor leaves some 60 MB of features of 10,000 photos, which its other jobs share. One page must find
    # all it shows at hand, or it would compute it in turns without end: the Compare page needs up to 20.
    return Jobs(keep=24)


def store() -> Store:
    """The arrays on disk."""
    return Store(cache_folder())


def path_to_open(text: str) -> Path:
    """The path someone typed or followed a link to, as the disk spells it.

    Raises ShopsimError if it may not be opened.
    """
    path = as_on_disk(expanded(text))
    check_may_open(path)
    return path


def check_may_open(folder: Path) -> None:
    """Who may not change what others see opens folders in SHOPSIM_ROOTS and our own uploads only."""
    if not may_change():
        check_inside(folder, (*roots(), links_followed(uploads_dir())))


def may_open(folder: str) -> bool:
    """Whether `path_to_open` would take it: strangers are not shown where other photos lie."""
    try:
        path_to_open(folder)
    except ShopsimError:
        return False
    return True
