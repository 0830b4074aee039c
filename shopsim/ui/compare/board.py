"""The leaderboard: the choice of settings, the table, and what a click and a tick do."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import streamlit as st

from shopsim.base.disk.store import digest_of
from shopsim.tuning.leaderboard import Row
from shopsim.tuning.leaderboard_cell import Cell
from shopsim.tuning.leaderboard_table import by_score, leaderboard_csv
from shopsim.ui.address import drawn, follow_choice, set_choice
from shopsim.ui.charts.compare import MOST_LINES
from shopsim.ui.choice import Choice
from shopsim.ui.compare.parts import LABELS, cell_of, first_parts, not_at_hand, offered, parts_of, with_cell
from shopsim.ui.compare.run import Run, cost, run_of, watch
from shopsim.ui.compare.table import columns, table
from shopsim.ui.page import Opened
from shopsim.ui.parts.tables import show_table
from shopsim.ui.parts.texts import as_written
from shopsim.ui.quick_look import stay
from shopsim.ui.trust import is_trusted
from shopsim.ui.waiting import ask_for_models

TICKED = "compare-ticked"


def show_leaderboard(opened: Opened) -> None:
    """Shows which settings do best on models they were not tuned on."""
    st.subheader("Leaderboard")
    if opened.fitted.catalog.labels_true is None:
        ask_for_models(
            "The leaderboard scores settings on true models", "Two settings can be compared below all the same."
        )
        return
    run = run_of(opened, _chosen_cells(opened.choice))
    if run.job is None or run.job.state == "running":
        st.session_state[TICKED] = []
    if run.job is not None and run.job.state == "running":
        watch(run, lambda: _show_rows(run.rows, opened.choice, run.key, False))
        return
    if _are_trusted(run.cells):
        _offer_start(opened, run)
    if run.rows:
        _show_rows(run.rows, opened.choice, run.key, True)


def _chosen_cells(choice: Choice) -> list[Cell]:
    """Returns one setting per combination of the chosen parts."""
    kept = st.session_state.setdefault("compare-parts", {})
    chosen = []
    for column, (kind, label) in zip(st.columns(3), LABELS.items(), strict=True):
        options, key = offered(kind, choice), f"compare-{kind}"
        known = [part for part in kept.get(kind, first_parts(kind, choice, options)) if part in options]
        follow_choice(key, known or first_parts(kind, choice, options))
        st.session_state[key] = [part for part in st.session_state[key] if part in options]
        titles = {part: each.title for part, each in options.items()}
        with column:
            kept[kind] = drawn(key, st.multiselect(label, list(options), key=key, format_func=titles.get))
        chosen.append([options[part] for part in kept[kind]])
    missing = not_at_hand()
    if missing:
        st.caption(f"Not offered, because their weights are missing: {', '.join(missing)}.")
    return [cell_of({part.kind: part for part in parts}) for parts in product(*chosen)]


def _are_trusted(cells: Sequence[Cell]) -> bool:
    """Whether each network that takes part is trusted on this machine; the job itself cannot ask."""
    extractors = {cell.extractor_key: cell for cell in cells}.values()
    return all(is_trusted(cell.extractor, cell.extractor_settings, "board") for cell in extractors)


def _offer_start(opened: Opened, run: Run) -> None:
    """Shows the start button, with the time it takes; says how the last run ended."""
    job = run.job
    left, right = st.columns([1, 4], vertical_alignment="center")
    label = "Start" if job is None else {"stopped": "Go on", "failed": "Try again"}.get(job.state, "Look again")
    start = left.button(label, type="primary", disabled=not run.cells, icon=":material/play_arrow:", width="stretch")
    if not run.cells:
        right.caption("Choose at least one extractor, one space and one clustering.")
    elif job is None:
        right.caption(cost(opened, run))
    elif job.state == "failed":
        right.error(as_written(job.error))
    elif job.state == "stopped":
        right.caption("Stopped. What was scored is kept.")
    else:
        right.caption("Every setting is scored; looking again reads the scores from the cache.")
    if start:
        stay()
        run.start(opened)
        st.rerun()


def _show_rows(rows: Sequence[Row], choice: Choice, key: str, at_rest: bool) -> None:
    """Shows the table, the best row first; when it is complete, a click takes a setting over and ticks compare some."""
    ordered = by_score(list(rows))
    if not ordered:
        return
    current = None if choice.tuned else cell_of(parts_of(choice))
    frame, shown_as = table(ordered, current), columns()
    if not at_rest:
        show_table(frame, column_config=shown_as, height="content", placeholder="–")
        return
    # The key changes with the order of the rows, so that no tick moves to another setting.
    told = digest_of(key, *((row.title, row.source) for row in ordered))
    event = show_table(
        frame,
        placeholder="–",
        column_config=shown_as,
        height="content" if len(ordered) <= 25 else 900,
        key=f"board-{told}",
        on_select="rerun",
        selection_mode=["multi-row", "single-cell"],
    )
    _take_ticks([ordered[row].cell for row in event.selection.rows if row < len(ordered)])
    _explain(ordered)
    _take_click(event.selection.cells, ordered, choice)


def _explain(rows: Sequence[Row]) -> None:
    left, right = st.columns([4, 1], vertical_alignment="top")
    folds = max((row.scores.n_folds for row in rows if row.scores is not None), default=0)
    left.caption(
        f"**Held-out ARI**: the threshold is tuned on some models and scored once on the others; mean of {folds} "
        f"{'folds' if folds > 1 else 'fold'} of models, with its 95 % interval over models. **Tuned ARI** is what the "
        "best threshold for the scored photos themselves would have given: the difference shows how optimistic that "
        "is. **Error** is 1 - ARI as a share of that of the contest baseline, which is K-means on the same extractor's "
        "features. Precision and recall are of pairs, means over folds; groups and models are summed over folds. The "
        "score of the best of many settings is slightly too high by chance: look at the intervals."
    )
    left.caption(
        ":material/ads_click: Click any cell to take its setting into the sidebar. "
        f"Tick up to {MOST_LINES} rows to draw their curves below; the last one "
        "ticked becomes B of the side-by-side."
    )
    right.download_button(
        "Download as CSV",
        lambda: leaderboard_csv(rows),
        file_name="leaderboard.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
    )


def _take_ticks(cells: list[Cell | None]) -> None:
    """Keeps the ticked settings in the order of ticking; rows that are no settings cannot be drawn."""
    settings = [cell for cell in cells if cell is not None]
    before = st.session_state.get(TICKED, [])
    ticked = [*(cell for cell in before if cell in settings), *(cell for cell in settings if cell not in before)]
    if len(ticked) < len(cells):
        st.caption("Rows that are no settings, such as the contest baseline, have no curve.")
    st.session_state[TICKED] = ticked


def _take_click(cells: Sequence[tuple[int, str]], rows: Sequence[Row], choice: Choice) -> None:
    """Takes the setting of the clicked row over, once per click."""
    clicked = tuple(cells[0]) if cells else None
    if clicked == st.session_state.get("compare-clicked"):
        return
    st.session_state["compare-clicked"] = clicked
    cell = rows[clicked[0]].cell if clicked is not None and clicked[0] < len(rows) else None
    if cell is not None and (choice.tuned or cell != cell_of(parts_of(choice))):
        set_choice(with_cell(choice, cell))
        st.rerun()
