"""Shows the kept runs as a table, and one of them with what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True)
class RunsShown:
    """The kept runs that the page offers, the latest first.

    here: those of the open catalogue; others: those of other catalogues, if the visitor asked for them.
    """

    here: list[About]
    others: list[About]

    @property
    def by_id(self) -> dict[str, About]:
        """All runs by their id, first those of the open catalogue."""
        return {about.id: about for about in (*self.here, *self.others)}

    def title(self, run_id: str) -> str:
        """The name of a run; one of another catalogue also says whose it is."""
        about = self.by_id[run_id]
        return about.name if about in self.here else f"{about.name} (of {about.catalog})"


@st.cache_resource(max_entries=8, show_spinner=False)
def loaded(run_id: str, _about: About) -> Run:
    """Returns a run with its photos; its file never changes but for the name."""
    return load(_about)


def show_runs(opened: Opened) -> RunsShown:
    """Shows the runs of the open catalogue as a table, those of others on request; only photos that may be opened."""
    st.subheader("Kept runs")
    st.caption(
        "The groups of a run keep their numbers from run to run. Other pages number the groups on the page anew, so "
        "one group may have two numbers."
    )
    here, others = runs_here(opened), []
    elsewhere = [about for about in kept_runs() if about not in here and _may_open(about)]
    if elsewhere and st.toggle(f"Also list the runs of other catalogues ({len(elsewhere):,})", key="runs-elsewhere"):
        others = elsewhere
    if not here:
        st.caption("No run of this catalogue is kept yet.")
    runs = [*here, *others]
    if runs:
        shown = {"run": st.column_config.TextColumn(width="medium")}
        show_table([_row(about) for about in runs[:_MOST_SHOWN]], column_config=shown)
    if len(runs) > _MOST_SHOWN:
        st.caption(f"The latest {_MOST_SHOWN:,} of {len(runs):,} runs are shown.")
    return RunsShown(here, others)


def runs_here(opened: Opened) -> list[About]:
    """Returns the kept runs of the open catalogue, the latest first."""
    folder = folder_of(opened)
    return [about for about in kept_runs() if about.settings.folder == folder and _may_open(about)]


def _may_open(about: About) -> bool:
    return about.settings.folder == DEMO or may_open(about.settings.folder)


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


def choose_run(runs: RunsShown, opened: Opened, grouping: Grouping) -> None:
    """Shows one run: a button that restores it, what changed since, another name, removal."""
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
        _show_state(about, opened, grouping)
    if may_change():
        _offer_changes(about)


def run_on_page(opened: Opened, grouping: Grouping) -> About | None:
    """Returns the kept run that the page shows, the one of the address first; None if it shows none."""
    shown = [about for about in runs_here(opened) if is_chosen(about, opened, grouping)]
    return next((about for about in shown if about.id == detail("run")), next(iter(shown), None))


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
