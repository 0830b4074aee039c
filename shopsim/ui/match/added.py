"""Shows the photos that were added to the groups, and what grouping from scratch would change."""

from __future__ import annotations

import streamlit as st

from shopsim.grouping.grouping import Grouping
from shopsim.grouping.matching.additions import Additions, additions_of, take_back_last
from shopsim.grouping.matching.matched import Together
from shopsim.grouping.matching.matches_csv import together_csv
from shopsim.grouping.matching.regroup import Regrouped
from shopsim.ui.access.rights import WHY_NOT, changes, may_change
from shopsim.ui.guard import callback
from shopsim.ui.match.add import JUST_ADDED
from shopsim.ui.match.compute import regrouped_for, together_for
from shopsim.ui.page import Opened
from shopsim.ui.parts.gallery import Shown, gallery
from shopsim.ui.parts.pager import turn_page
from shopsim.ui.parts.problem_list import show_problems
from shopsim.ui.parts.texts import counted

_A_PAGE = 24
_MOST_MOVED = 48
_KINDS = {
    "same": "Stay the same",
    "grew": "Grew",
    "split": "Were split",
    "merged": "Made of several",
    "new": "New",
    "moved": "Photos that move",
}
_REGROUP_HELP = (
    "Fits the space and the clustering to all photos, those added included, and shows what would change. The groups of "
    "this page stay as they are."
)
_NO_REGROUP = (
    "The rule on photos that are never joined says nothing of the added photos, so they cannot be regrouped by it."
)


def show_added(opened: Opened, grouping: Grouping) -> None:
    """Draws nothing if no photo was added to these groups."""
    additions = additions_of(grouping)
    if not additions.photos:
        return
    st.subheader("Added to these groups")
    done, together = together_for(opened, grouping, additions)
    if not done or together is None:
        return
    told = st.session_state.pop(JUST_ADDED, "")
    if told:
        st.success(told, icon=":material/check_circle:")
    st.caption("New photos are compared with these too. Other pages show the catalogue without them.")
    n_known = len(grouping.labels_pred)
    photos = [
        Shown(image, f"group {group} · {image.image_id}")
        for image, group in zip(together.images[n_known:], together.members.labels_pred[n_known:].tolist(), strict=True)
    ]
    page = turn_page("match added", -(-len(photos) // _A_PAGE))
    gallery(photos[(page - 1) * _A_PAGE : page * _A_PAGE])
    if together.problems:
        with st.expander(f"Added, but not compared: {counted(len(together.problems), 'photo')}", expanded=True):
            show_problems(together.problems, "added_left_out.csv")
    _buttons(additions, together)
    # New photos have no value in the column of a rule.
    has_rule = grouping.fitted.never_joined is not None
    help = _NO_REGROUP if has_rule else _REGROUP_HELP
    if st.toggle("Regroup from scratch", key="match-regroup", help=help, disabled=has_rule) and not has_rule:
        done, regrouped = regrouped_for(opened, grouping, together)
        if done and regrouped is not None:
            _show_difference(regrouped)


def _buttons(additions: Additions, together: Together) -> None:
    with st.container(horizontal=True):
        st.download_button(
            "Download all groups with these photos as CSV",
            lambda: together_csv(together),
            file_name="groups.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        off = {} if may_change() else {"disabled": True, "help": WHY_NOT}
        st.button(
            f"Take back the photos added last: {counted(len(additions.last), 'photo')}",
            icon=":material/undo:",
            on_click=callback(_take_back),
            args=(additions,),
            **off,
        )


@changes
def _take_back(additions: Additions) -> None:
    take_back_last(additions)


def _show_difference(regrouped: Regrouped) -> None:
    found = regrouped.difference
    values = {title: len(getattr(found, kind)) for kind, title in _KINDS.items()}
    columns = st.container(key="six-figures-regroup").columns(len(values))
    for column, (title, value) in zip(columns, values.items(), strict=True):
        column.metric(title, f"{value:,}", border=True)
    st.caption(f"Groups that shrank: {len(found.shrank):,}. Groups that are gone: {len(found.gone):,}.")
    moved = found.moved.tolist()
    if not moved:
        st.success("No photo would move to another group.", icon=":material/check_circle:")
        return
    st.markdown("**Photos that would move to another group**")
    continued = dict(zip(_groups_of(regrouped), found.heir.tolist(), strict=True))
    gallery([_moved(regrouped, row, continued) for row in moved[:_MOST_MOVED]])
    if len(moved) > _MOST_MOVED:
        st.caption(f"The first {_MOST_MOVED:,} of {len(moved):,} photos.")


def _groups_of(regrouped: Regrouped) -> list[int]:
    return sorted(set(regrouped.after.tolist()))


def _moved(regrouped: Regrouped, row: int, continued: dict[int, int]) -> Shown:
    before, heir = int(regrouped.before[row]), continued[int(regrouped.after[row])]
    to = "a new group" if heir < 0 else f"group {heir}"
    return Shown(regrouped.catalog.images[row], f"group {before} → {to}")
