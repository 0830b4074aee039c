"""The corrections that a kept run brings, where the address names the run."""

from __future__ import annotations

import re

import streamlit as st

from shopsim.base.errors import ShopsimError
from shopsim.catalog.photo_keys import photo_keys
from shopsim.grouping.corrections.bound import Bound, bound_of
from shopsim.grouping.grouping import Fitted
from shopsim.grouping.runs.kept import kept_runs, load
from shopsim.grouping.runs.record import DEMO, About, Run
from shopsim.ui.server import may_open

LEFT_OUT = "0"
"""What the address says where corrections are left out; it names a run by its id, and is empty for those kept now."""
_GONE = (
    "The run whose corrections the address names is gone. The groups are shown with the corrections as they are now."
)
_ELSEWHERE = (
    "The corrections of the run '{run}' say nothing of these photos. The groups are shown with the corrections as they "
    "are now."
)
_ID = re.compile("[0-9a-f]{16}")


@st.cache_resource(max_entries=8, show_spinner=False)
def loaded(run_id: str, _about: About) -> Run:
    """Returns a run with its photos; its file never changes but for the name."""
    return load(_about)


def is_run(which: str) -> bool:
    """Returns whether the address names a run."""
    return _ID.fullmatch(which) is not None


def run_and_bound(which: str, fitted: Fitted) -> tuple[About, Bound]:
    """Returns the run that the address names, and what its corrections mean for the photos.

    Raises ShopsimError if it is gone, if its file is damaged, or if it says nothing of these photos.
    """
    found = next((about for about in kept_runs() if about.id == which and may_see(about)), None)
    if found is None:
        raise ShopsimError(_GONE)
    bound = bound_of(photo_keys(fitted.catalog), loaded(found.id, found).statements, fitted.catalog.image_ids)
    if not bound:
        raise ShopsimError(_ELSEWHERE.format(run=found.name))
    return found, bound


def may_see(about: About) -> bool:
    """Returns whether this visitor may open the photos of a run."""
    return about.settings.folder == DEMO or may_open(about.settings.folder)
