"""The panel of corrections on top of the Groups page: undo and redo, scores side by side, the list, files."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from shopsim.grouping.corrections.action import Action
from shopsim.ui.address import detail, keep_detail
from shopsim.ui.corrections.acts import ask_who, off, redo_last, undo_last
from shopsim.ui.corrections.files import offer_files
from shopsim.ui.corrections.history import show_history
from shopsim.ui.corrections.of_run import LEFT_OUT
from shopsim.ui.corrections.refused import show_done, show_refused
from shopsim.ui.corrections.regrouped import Corrected
from shopsim.ui.corrections.scores import show_side_by_side
from shopsim.ui.guard import callback
from shopsim.ui.parts.texts import as_written, counted


def show_corrections(corrected: Corrected) -> None:
    """Draws undo and redo, whether corrections are used, and what they change."""
    valid = corrected.valid
    show_use(corrected, lambda: _undo_and_redo(corrected, valid) if corrected.actions else None)
    if not detail("group"):
        show_done(corrected.grouping.fitted.catalog)
        show_refused(corrected.grouping.fitted.catalog)
    with st.expander("Corrections: scores with and without them, list, files"):
        show_side_by_side(corrected)
        ask_who()
        show_history(corrected)
        offer_files(corrected)


def show_use(corrected: Corrected, draw_more: Callable[[], None] = lambda: None) -> None:
    """Says whether corrections are used, and offers to change that; draw_more: draws what stands between."""
    for told in (corrected.note, corrected.why_not):
        if told:
            st.warning(as_written(told), icon=":material/build:")
    with st.container(horizontal=True, vertical_alignment="center", key="corrections"):
        st.markdown(f":material/build: {_summary(corrected)}", width="content")
        draw_more()
        if corrected.bound and not corrected.why_not:
            _choose_use(corrected)


def _summary(corrected: Corrected) -> str:
    if corrected.run is not None:
        n_used = counted(corrected.n_used, "correction")
        return f"**{n_used}** used here, those of the run {as_written(corrected.run.name)}"
    if not corrected.valid:
        return "**No corrections yet.** Open a group to correct it."
    n_other = len(corrected.valid) - corrected.n_binding
    told = f"**{counted(corrected.n_binding, 'correction')}** {'used here' if corrected.is_used else 'kept'}"
    return f"{told} · names and approvals: {n_other:,}" if n_other else told


def _undo_and_redo(corrected: Corrected, valid: tuple[Action, ...]) -> None:
    undone = [each for each in corrected.actions if each.undone]
    st.button(
        "Undo",
        key="corrections-undo",
        icon=":material/undo:",
        on_click=callback(undo_last),
        args=(corrected.grouping,),
        **off(not valid),
    )
    st.button(
        "Redo",
        key="corrections-redo",
        icon=":material/redo:",
        on_click=callback(redo_last),
        args=(corrected.grouping,),
        **off(not undone),
    )


def _choose_use(corrected: Corrected) -> None:
    """Draws the button that leaves the corrections out, or uses them again."""
    # No toggle: while the photos are grouped it is not drawn, and then Streamlit forgets its value.
    if corrected.is_used:
        _button("Leave corrections out", LEFT_OUT)
    else:
        _button("Use corrections", "")
    if corrected.run is not None:
        _button("Use the corrections as they are now", "")


def _button(label: str, which: str) -> None:
    st.button(
        label,
        key="corrections-out" if which else "corrections-use",
        icon=":material/visibility_off:" if which else ":material/visibility:",
        on_click=callback(keep_detail),
        args=("corrections", which),
        help="Without corrections, the groups are as the method alone makes them. Only the pages Groups and Runs and "
        "report use corrections.",
    )
