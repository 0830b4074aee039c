"""Shows the kept runs as a table, and one of them with what can be done with it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from shopsim.grouping.grouping import Grouping
from shopsim.grouping.runs.corrections_since import corrections_since, used_now
from shopsim.grouping.runs.kept import MOST_NAME, forget, kept_runs, rename
from shopsim.grouping.runs.record import About
from shopsim.grouping.runs.since import grouped_since
from shopsim.ui.access.rights import changes, may_change
from shopsim.ui.address import detail, drawn, follow_choice, keep_detail
from shopsim.ui.choice import to_address
from shopsim.ui.corrections.of_run import LEFT_OUT, loaded, may_see
from shopsim.ui.corrections.regrouped import Corrected
from shopsim.ui.guard import shown_errors
from shopsim.ui.page import Opened
from shopsim.ui.parts.tables import show_table
from shopsim.ui.parts.texts import as_written
from shopsim.ui.runs.choices import choice_of, folder_of, is_chosen
from shopsim.ui.runs.corrections import has_its_corrections, why_not_its_corrections
from shopsim.ui.runs.runs_shown import RunsShown

_MOST_SHOWN = 200


def show_runs(opened: Opened) -> RunsShown:
    """Shows the runs of the open catalogue as a table, those of others on request; only photos that may be opened."""
    st.subheader("Kept runs")
    st.caption(
        "The groups of a run keep their numbers from run to run. Other pages number the groups on the page anew, so "
        "one group may have two numbers."
    )
    here, others = runs_here(opened), []
    elsewhere = [about for about in kept_runs() if about not in here and may_see(about)]
    if elsewhere and st.toggle(f"Also list the runs of other catalogues ({len(elsewhere):,})", key="runs-elsewhere"):
        others = elsewhere
    if not here:
        st.caption("No run of this catalogue is kept yet.")
    runs = [*here, *others]
    if runs:
        shown = {"run": st.column_config.TextColumn(width="medium")}
        rows = [_row(about) for about in runs[:_MOST_SHOWN]]
        if not any(row["corrections"] for row in rows):
            rows = [{name: value for name, value in row.items() if "corrections" not in name} for row in rows]
        show_table(rows, column_config=shown)
    if len(runs) > _MOST_SHOWN:
        st.caption(f"The latest {_MOST_SHOWN:,} of {len(runs):,} runs are shown.")
    return RunsShown(here, others)


def runs_here(opened: Opened) -> list[About]:
    """Returns the kept runs of the open catalogue, the latest first."""
    folder = folder_of(opened)
    return [about for about in kept_runs() if about.settings.folder == folder and may_see(about)]


def _row(about: About) -> dict[str, Any]:
    # Scores with corrections have a column of their own, since only those without measure the method.
    scores, origin = about.measured, about.provenance
    return {
        "run": about.name,
        "catalogue": about.catalog,
        "ARI": None if scores.ari is None else round(scores.ari, 3),
        "pair precision": None if scores.pair_precision is None else round(scores.pair_precision, 3),
        "pair recall": None if scores.pair_recall is None else round(scores.pair_recall, 3),
        "corrections": None if about.corrections is None else about.corrections.n,
        "ARI with corrections": _corrected_ari(about),
        "groups": about.scores.n_groups,
        "photos": scores.n_images,
        "threshold chosen by": scores.tuned_on,
        "kept at (UTC)": origin.kept_at[:19].replace("T", " "),
        "kept by": origin.who,
    }


def _corrected_ari(about: About) -> float | None:
    return None if about.corrections is None or about.scores.ari is None else round(about.scores.ari, 3)


def choose_run(runs: RunsShown, opened: Opened, shown: Corrected) -> None:
    """Shows one run: a link that restores it, what changed since, another name, removal."""
    ids = list(runs.by_id)
    if not ids:
        return
    # A link may name a run that was removed meanwhile.
    named = detail("run") if detail("run") in ids else next((about.id for about in runs.here), None)
    follow_choice("run-shown", named)
    if st.session_state["run-shown"] not in ids:
        st.session_state["run-shown"] = named
    run_id = st.selectbox("Run", ids, key="run-shown", format_func=runs.title, placeholder="Choose a run")
    keep_detail("run", drawn("run-shown", run_id) or "")
    if run_id is None:
        return
    about = runs.by_id[run_id]
    if about not in runs.here:
        st.caption(f"This run is of another catalogue, {as_written(about.catalog)}. Restoring it opens that catalogue.")
    with shown_errors(ends_page=False):
        _show_state(about, opened, shown)
    if may_change():
        _offer_changes(about)


def run_on_page(opened: Opened, grouping: Grouping) -> About | None:
    """Returns the kept run that the page shows, the one of the address first; None if it shows none."""
    shown = [about for about in runs_here(opened) if is_chosen(about, opened, grouping)]
    return next((about for about in shown if about.id == detail("run")), next(iter(shown), None))


def _show_state(about: About, opened: Opened, shown: Corrected) -> None:
    """Says whether the page shows this run; if so what changed since, else draws the link that restores it."""
    is_here, is_corrected = is_chosen(about, opened, shown.grouping), has_its_corrections(about, shown)
    if is_here and not is_corrected:
        st.info(as_written(why_not_its_corrections(about, shown)))
    if not is_here or not is_corrected:
        which = {"run": about.id, "corrections": LEFT_OUT if about.corrections is None else about.id}
        st.page_link(
            "pages/Runs.py",
            label="Restore this run",
            icon=":material/settings_backup_restore:",
            query_params=to_address(choice_of(about.settings, about.page_value)) | which,
            help="Opens its photos with all its settings and corrections. The address of the page is then a link to "
            "this run.",
        )
        return
    _, since = grouped_since(loaded(about.id, about), shown.grouping)
    corrections = corrections_since(about, used_now(shown.measured.fitted))
    told = " ".join(as_written(sentence) for sentence in (*since.sentences, corrections) if sentence)
    (st.success if since.same_groups else st.warning)(f"The page shows this run. {told}")


def _offer_changes(about: About) -> None:
    left, right, _ = st.columns([1, 1, 3])
    with left.popover("Rename", width="stretch"):
        name = st.text_input("New name", value=about.name, max_chars=MOST_NAME, key=f"name-{about.id}")
        if st.button("Rename the run", key=f"rename-{about.id}"):
            changes(rename)(about, name)
            st.rerun()
    with right.popover("Remove", width="stretch"):
        st.markdown("Its groups and scores cannot be brought back.")
        if st.button("Remove the run for good", key=f"remove-{about.id}", type="primary"):
            changes(forget)(about)
            st.rerun()
