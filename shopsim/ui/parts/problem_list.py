"""Lists files with a problem on a page."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from shopsim.catalog.catalog import Problem
from shopsim.catalog.problem_reasons import MOST_LISTED, count_reasons
from shopsim.ui.parts.tables import show_listing
from shopsim.ui.parts.texts import as_written

_MOST_REASONS = 8


def show_problems(problems: Sequence[Problem], file: str) -> None:
    """Draws the problems with a button for the CSV of all; if there are too many to list, also their number per reason.

    file: as `show_listing` takes it.
    """
    if len(problems) > MOST_LISTED:
        counts = count_reasons(problems)
        told = [
            f"{count.n_files:,} {'left out' if count.left_out else 'with a note'}: {as_written(count.reason)}"
            for count in counts[:_MOST_REASONS]
        ]
        rest = sum(count.n_files for count in counts[_MOST_REASONS:])
        st.markdown("  \n".join([*told, *([f"{rest:,} for other reasons"] if rest else [])]))
    show_listing(problems, lambda problem: {"file": problem.name, "reason": problem.reason}, file)
