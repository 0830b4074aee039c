"""Offers the report of the groups on the page as a file."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import streamlit as st

from shopsim.base.errors import ShopsimError
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.report.choosing import contents_of
from shopsim.grouping.report.contents import Given, HeldOut, corrections_of
from shopsim.grouping.report.page import report_html
from shopsim.grouping.report.words import settings_in_words
from shopsim.grouping.runs.making import run_of
from shopsim.grouping.runs.record import About
from shopsim.grouping.runs.since import grouped_since
from shopsim.tuning.settings import plain_name
from shopsim.ui.corrections.of_run import loaded
from shopsim.ui.corrections.regrouped import Corrected
from shopsim.ui.page import Opened
from shopsim.ui.runs.choices import settings_of
from shopsim.ui.runs.costs import kept_prices, pairs_of
from shopsim.ui.runs.keeping import expected_of
from shopsim.ui.runs.listing import run_on_page


def offer_report(opened: Opened, shown: Corrected) -> None:
    """Draws a button for the report; the file is made when the button is clicked."""
    prices, grouping = kept_prices(), shown.grouping
    kept = run_on_page(opened, grouping)

    def page() -> bytes:
        settings, expected = settings_of(opened, grouping), expected_of(shown.measured)
        about = run_of(grouping, "report", settings, expected, who="", applied=shown.applied).about
        given = Given(
            about.scores,
            about.provenance,
            settings_in_words(settings),
            expected=expected,
            run="" if kept is None else kept.name,
            held_out=_held_out(opened),
            prices=prices,
            pairs=pairs_of(shown.measured.fitted),
            corrections=corrections_of(about, shown.applied),
            n_left_out=opened.catalog.n_left_out,
        )
        return report_html(contents_of(grouping, given, _numbers(kept, grouping)))

    st.download_button(
        "Download the report",
        page,
        file_name=f"report-{plain_name(grouping.fitted.catalog.name) or 'catalogue'}.html",
        mime="text/html",
        icon=":material/description:",
        on_click="ignore",
    )
    st.caption(
        "One HTML file with the answer, the curve, what was mixed up, the best and worst groups with photos, costs and "
        "limits. It opens from a mail without a network, and prints on A4."
    )


def _numbers(kept: About | None, grouping: Grouping) -> np.ndarray | None:
    """Returns the numbers of the groups in the kept run, by which people know them; None without a run."""
    if kept is not None:
        with suppress(ShopsimError):  # The list of runs tells of a damaged file.
            return grouped_since(loaded(kept.id, kept), grouping)[0]
    return None


def _held_out(opened: Opened) -> HeldOut | None:
    if opened.tuned is None or "held_out" not in opened.tuned.scores:
        return None
    scores, on = opened.tuned.scores, opened.tuned.tuned_on
    return HeldOut(scores["held_out"], scores.get("low"), scores.get("high"), on.catalog, on.n_models)
