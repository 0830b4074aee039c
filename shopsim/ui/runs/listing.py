"""Shows the kept runs as a table, and one of them with what can be done with it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from shopsim.grouping.grouping import Grouping
from shopsim.grouping.runs.kept import MOST_NAME, forget, kept_runs, load, rename
from shopsim.grouping.runs.record import DEMO, About, Run
from shopsim.grouping.runs.since import grouped_since
from shopsim.ui.access.rights import changes, may_change
from shopsim.ui.address import detail, drawn, follow_choice, keep_detail, take_choice
from shopsim.ui.guard import shown_errors
from shopsim.ui.page import Opened
from shopsim.ui.parts.tables import show_table
from shopsim.ui.parts.texts import as_written
from shopsim.ui.runs.choices import choice_of, folder_of, is_chosen
from shopsim.ui.server import may_open

_MOST_SHOWN = 200


def runs_to_show(opened: Opened) -> list[About]:
    """Returns the kept runs whose photos this visitor may open: first those of the open catalogue, the latest first."""
    here = folder_of(opened)
    runs = [about for about in kept_runs() if about.settings.folder == DEMO or may_open(about.settings.folder)]
    return sorted(runs, key=lambda about: about.settings.folder != here)


@st.cache_resource(max_entries=8, show_spinner=False)
def loaded(run_id: str, _about: About) -> Run:
    """Returns a run with its photos; its file never changes but for the name."""
    return load(_about)


def show_runs(runs: list[About]) -> None:
    """Shows all runs as a table."""
    st.subheader("Kept runs")
    if not runs:
        st.caption("No run is kept yet.")
        return
    shown = {"run": st.column_config.TextColumn(width="medium")}
    show_table([_row(about) for about in runs[:_MOST_SHOWN]], column_config=shown)
    if len(runs) > _MOST_SHOWN:
        st.caption(f"The latest {_MOST_SHOWN:,} of {len(runs):,} runs are shown.")


def _row(about: About) -> dict[str, Any]:
    scores, origin = about.scores, about.provenance
    return {
        "run": about.name,
        "catalogue": about.catalog,
        "ARI": None if scores.ari is None else round(scores.ari, 3),
        "pair precision": None if scores.pair_precision is None else round(scores.pair_precision, 3),
        "pair recall": None if scores.pair_recall is None else round(scores.pair_recall, 3),
        "groups": scores.n_groups,
        "photos": scores.n_images,
        "threshold chosen by": scores.tuned_on,
        "kept at (UTC)": origin.kept_at[:19].replace("T", " "),
        "kept by": origin.who,
    }


def choose_run(runs: list[About], opened: Opened, grouping: Grouping) -> None:
    """Shows one run: a button that restores it, what changed since, another name, removal."""
    by_id = {about.id: about for about in runs}
    # A link may name a run that was removed meanwhile.
    named = detail("run") if detail("run") in by_id else next(iter(by_id))
    follow_choice("run-shown", named)
    run_id = st.selectbox("Run", list(by_id), key="run-shown", format_func=lambda each: by_id[each].name)
    keep_detail("run", drawn("run-shown", run_id))
    about = by_id[run_id]
    with shown_errors(ends_page=False):
        _show_state(about, opened, grouping)
    if may_change():
        _offer_changes(about)


def _show_state(about: About, opened: Opened, grouping: Grouping) -> None:
    """Says whether the page shows this run; if so what changed since, else draws the button that restores it."""
    if not is_chosen(about, opened, grouping):
        # A link to the page that is open would leave its old address in the browser.
        if st.button(
            "Restore this run",
            key=f"restore-{about.id}",
            icon=":material/settings_backup_restore:",
            help="Opens its photos with all its settings. The address of the page is then a link to this run.",
        ):
            take_choice(choice_of(about.settings, about.page_value), {"run": about.id})
        return
    _, since = grouped_since(loaded(about.id, about), grouping)
    told = " ".join(as_written(sentence) for sentence in since.sentences)
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
