"""Runs and report: keep a run, restore or compare kept ones, and hand a report on."""

import streamlit as st

from shopsim.ui.address import detail
from shopsim.ui.columns.never_join import show_stopped
from shopsim.ui.corrections.regrouped import corrected
from shopsim.ui.guard import fragment, shown_errors
from shopsim.ui.page import open_page
from shopsim.ui.runs.comparing import compare_runs
from shopsim.ui.runs.corrections import show_corrections_of_run
from shopsim.ui.runs.costs import show_costs
from shopsim.ui.runs.keeping import offer_keeping
from shopsim.ui.runs.listing import choose_run, show_runs
from shopsim.ui.runs.packs import offer_packs
from shopsim.ui.runs.report import offer_report
from shopsim.ui.threshold import choose_threshold
from shopsim.ui.tune.scores import show_sentence


@fragment
def runs() -> None:
    measured = choose_threshold(opened.fitted)
    shown = corrected(opened, measured, detail("corrections"))
    show_sentence(shown.grouping)
    show_stopped(measured)
    show_corrections_of_run(shown)
    show_costs(measured)
    st.subheader("Report")
    offer_report(opened, shown)
    offer_packs(shown.grouping)
    with shown_errors(ends_page=False):
        offer_keeping(opened, shown)
    kept = show_runs(opened)
    choose_run(kept, opened, shown)
    compare_runs(kept, opened)


with open_page("Runs and report") as opened:
    runs()
