"""What all visitors of one server share: the jobs, the store, the folders that may be opened."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from shopsim.base.disk.store import Store
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import (
    as_on_disk,
    check_inside,
    expanded,
    is_file,
    is_folder,
    links_followed,
    roots,
    uploads_dir,
)
from shopsim.base.work.free_memory import free_memory
from shopsim.base.work.jobs import Jobs
from shopsim.ui.access.rights import may_change
from shopsim.ui.spare_cache import cache_folder

# Bytes of kept results.
_LEAST_KEPT, _MOST_KEPT = 1 << 28, 1 << 31


@st.cache_resource
def jobs() -> Jobs:
    """The jobs of the whole server, so that a second visitor joins a job that the first one started."""
    # A quarter of what is free when the server starts. The first extractor leaves some 100 MB of 10,000 photos, each
    # further space or extractor some 50 to 100 MB; a page shows up to eight of them.
    free = free_memory()
    return Jobs(_MOST_KEPT if free is None else min(_MOST_KEPT, max(_LEAST_KEPT, free // 4)))


def store() -> Store:
    """The store of arrays on disk."""
    return Store(cache_folder())


def path_to_open(text: str) -> Path:
    """Returns the path that someone typed or that a link names, as the disk spells it.

    Raises ShopsimError if it may not be opened.
    """
    path = as_on_disk(expanded(text))
    check_may_open(path)
    return path


def existing_path(text: str) -> Path:
    """Returns the absolute path that someone typed or pasted. Raises ShopsimError if it is not there, or not for them.

    Blanks and quotation marks around it are removed, since a pasted path has them.
    """
    path = path_to_open(unquoted(text)).absolute()
    if not (is_folder(path) or is_file(path)):
        raise ShopsimError(f"'{path}' does not exist on the machine shopsim runs on; check the path.")
    return path


def unquoted(text: str) -> str:
    """Removes blanks and quotation marks around a path."""
    return text.strip().strip("\"'")


def check_may_open(folder: Path) -> None:
    """Raises ShopsimError unless the visitor has all rights, or the folder is in SHOPSIM_ROOTS or our uploads."""
    if not may_change():
        check_inside(folder, (*roots(), links_followed(uploads_dir())))


def may_open(folder: str) -> bool:
    """Whether `path_to_open` accepts the path; other visitors are not shown where photos are."""
    try:
        path_to_open(folder)
    except ShopsimError:
        return False
    return True
