"""Shows what changed between two kept runs: groups with their photos, and photos that moved."""

from __future__ import annotations

from math import ceil

import streamlit as st

from shopsim.grouping.runs.changes import KINDS, OF_BEFORE, GroupChange, RunChanges, changes_between
from shopsim.grouping.runs.record import About, Run
from shopsim.scoring.compare_groupings import compare_models
from shopsim.ui.address import drawn, follow_choice
from shopsim.ui.corrections.of_run import loaded
from shopsim.ui.guard import shown_errors
from shopsim.ui.page import Opened
from shopsim.ui.parts.gallery import Shown, gallery
from shopsim.ui.parts.model_change import show_changed
from shopsim.ui.parts.pager import turn_page
from shopsim.ui.parts.tables import show_table
from shopsim.ui.runs.photos import images_of, two_groupings
from shopsim.ui.runs.runs_shown import RunsShown

_A_PAGE, _MOST_PHOTOS = 6, 12
_TITLES = {
    "merged": "Merged",
    "split": "Split",
    "grew": "Grew",
    "shrank": "Shrank",
    "new": "New",
    "vanished": "Vanished",
    "moved": "Photos that moved",
    "models": "Models",
}
_TOLD = {
    "merged": "Photos of several groups are now in one group. Shown are those that came from the smaller groups.",
    "split": "Photos of one group are now in several groups. Shown are those outside the largest part.",
    "grew": "These groups have photos that were not in the earlier run.",
    "shrank": "Photos of these groups are not in the later run.",
    "new": "These groups continue no group of the earlier run.",
    "vanished": "These groups go on in no group of the later run.",
    "moved": "Each photo is now in a group that is not the one that its earlier group became.",
}


def compare_runs(runs: RunsShown, opened: Opened) -> None:
    """Asks for two runs and shows what changed from the first to the second."""
    st.subheader("Compare two runs")
    ids = list(runs.by_id)
    if len(ids) < 2:
        st.caption("Keep two runs to compare them.")
        return
    # Only runs of the open catalogue are compared unasked.
    later, earlier = [*(about.id for about in runs.here[:2]), None, None][:2]
    chosen = []
    for column, label, preset in zip(st.columns(2), ("Earlier run", "Later run"), (earlier, later), strict=True):
        key = f"compare-{label}"
        follow_choice(key, st.session_state.get(f"{key}-kept") or preset)
        if st.session_state[key] not in ids:
            st.session_state[key] = preset
        run_id = column.selectbox(label, ids, key=key, format_func=runs.title, placeholder="Choose a run")
        st.session_state[f"{key}-kept"] = drawn(key, run_id)
        chosen.append(run_id)
    if None in chosen:
        st.caption("Choose two runs to compare them.")
        return
    st.caption("The numbers of groups are those of the two runs, not those of other pages.")
    with shown_errors(ends_page=False):
        before, after = (loaded(run_id, runs.by_id[run_id]) for run_id in chosen)
        _show(before, after, opened)


@st.cache_resource(max_entries=4, show_spinner=False)
def _changes(before_id: str, after_id: str, _before: Run, _after: Run) -> RunChanges:
    """Returns what changed; kept, since the page runs again at each move of the threshold."""
    return changes_between(_before, _after)


def _show(before: Run, after: Run, opened: Opened) -> None:
    found = _changes(before.about.id, after.about.id, before, after)
    _show_figures(before, after, found)
    _show_settings(before, after)
    counts = {kind: len(found.groups[kind]) for kind in KINDS} | {"moved": len(found.moved)}
    two = two_groupings(before, after, found, opened)
    counts["models"] = 0 if two is None else len(compare_models(two.labels_true, *two.labels).models)
    present = [kind for kind, count in counts.items() if count]
    if not present:
        st.success("Both runs have the same groups of the same photos.")
        return
    kept = st.session_state.get("run-change-kept")
    follow_choice("run-change", kept if kept in present else present[0])
    if st.session_state["run-change"] not in present:
        st.session_state["run-change"] = present[0]
    labels = {kind: f"{_TITLES[kind]} ({counts[kind]:,})" for kind in present}
    kind = st.segmented_control(
        "Changes", present, key="run-change", format_func=labels.get, label_visibility="collapsed", required=True
    )
    st.session_state["run-change-kept"] = drawn("run-change", kind)
    if kind == "models" and two is not None:
        show_changed(two, "run-models", "Better in the later run", "Worse in the later run")
        return
    st.caption(_TOLD[kind])
    if kind == "moved":
        _show_moved(before, after, found, opened)
    else:
        _show_groups(found.groups[kind], before, after, opened)


def _show_figures(before: Run, after: Run, found: RunChanges) -> None:
    columns = st.columns(5)
    photos = found.photos
    columns[0].metric("Photos in both", f"{len(photos.before):,}", border=True)
    columns[1].metric("New photos", f"{len(photos.added):,}", border=True)
    columns[2].metric("Photos gone", f"{len(photos.removed):,}", border=True)
    columns[3].metric("Groups unchanged", f"{found.n_unchanged:,}", border=True)
    a, b = before.about.measured.ari, after.about.measured.ari
    change = None if a is None or b is None else f"{b - a:+.3f}"
    columns[4].metric("ARI", "–" if b is None else f"{b:z.3f}", change, border=True)
    if before.about.corrections is not None or after.about.corrections is not None:
        st.caption(_told_of_corrections(before.about, after.about))
    if len(photos.changed) or len(photos.renamed):
        st.caption(
            f"Photos with other content: {len(photos.changed):,}. Photos with another name: {len(photos.renamed):,}."
        )


def _told_of_corrections(before: About, after: About) -> str:
    """Says which of two runs have corrections; the ARI above is the one without them."""
    n_before, n_after = (0 if about.corrections is None else about.corrections.n for about in (before, after))
    told = f"Corrections in the earlier run: {n_before:,}, in the later one: {n_after:,}."
    a, b = before.scores.ari, after.scores.ari
    if a is None or b is None:
        return told
    return f"{told} The ARI is that of the groups without corrections; the groups as kept have {a:.3f} and {b:.3f}."


def _show_settings(before: Run, after: Run) -> None:
    """Shows the settings in which the two runs differ."""
    a, b = before.about.settings, after.about.settings
    rows = [
        {"setting": name, "earlier run": str(getattr(a, name)), "later run": str(getattr(b, name))}
        for name in a.__dataclass_fields__
        if getattr(a, name) != getattr(b, name)
    ]
    if rows:
        with st.expander(f"Settings that differ ({len(rows)})"):
            show_table(rows)


def _show_groups(changes: tuple[GroupChange, ...], before: Run, after: Run, opened: Opened) -> None:
    page = turn_page(f"run-{changes[0].kind}", ceil(len(changes) / _A_PAGE))
    for change in changes[(page - 1) * _A_PAGE : page * _A_PAGE]:
        run = before if change.kind in OF_BEFORE else after
        with st.container(border=True):
            origin, target = (_numbers(side) for side in (change.before, change.after))
            st.markdown(f"**Group {origin} → {target}** · photos: {len(change.rows):,}")
            gallery(
                [Shown(image) for image in images_of(run, change.rows[:_MOST_PHOTOS], opened)], columns=_MOST_PHOTOS
            )


def _numbers(groups: tuple[int, ...], most: int = 8) -> str:
    """Writes numbers of groups, '–' for none."""
    told = " + ".join(map(str, groups[:most])) + (" + …" if len(groups) > most else "")
    return told or "–"


def _show_moved(before: Run, after: Run, found: RunChanges, opened: Opened) -> None:
    a_page = 3 * _MOST_PHOTOS
    page = turn_page("run-moved", ceil(len(found.moved) / a_page))
    moved = found.moved[(page - 1) * a_page : page * a_page].tolist()
    images = images_of(after, (row for _, row in moved), opened)
    captions = [f"{before.groups[origin]} → {after.groups[target]}" for origin, target in moved]
    gallery([Shown(image, caption) for image, caption in zip(images, captions, strict=True)], columns=_MOST_PHOTOS)
