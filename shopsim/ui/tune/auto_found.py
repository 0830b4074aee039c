"""Shows Auto's result: the choice in a sentence, all trials, the held-out score, and the next steps."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from shopsim.base.disk.store import digest_of
from shopsim.tuning.settings import TunedSettings
from shopsim.tuning.settings_files import zip_of
from shopsim.ui.access.rights import WHY_NOT, may_change, require_change
from shopsim.ui.parts.tables import show_table
from shopsim.ui.parts.texts import as_written, counted
from shopsim.ui.server import jobs
from shopsim.ui.tune.auto_plan import Plan
from shopsim.ui.tuned_settings import at_once, kept_settings, told, use_settings
from shopsim.ui.waiting import result_beside

_TABLE_HEIGHT = 260


def show_found(plan: Plan, name: str, settings: TunedSettings, seconds: float) -> None:
    """Shows settings that were tuned on these photos. seconds: for the searches of the comparison."""
    st.divider()
    st.markdown(f"**{as_written(name)}**: {as_written(settings.sentence)}")
    _show_verdict(plan, settings)
    used, sent, checked, _ = st.columns([1, 1, 1.4, 1.6])
    chosen = st.session_state["choice"].tuned == name
    advised = settings.comparison is None or settings.comparison.wins
    label = "In use" if chosen else "Use these settings" if advised else "Use anyway"
    kind = "primary" if advised else "secondary"
    if used.button(label, disabled=chosen, type=kind, width="stretch", icon=":material/check:"):
        use_settings(name)
    with sent:
        offer_zip(name)
    with checked:
        wants_check = _offer_check(plan, name, settings, seconds)
    _show_check(plan, name, settings, seconds, wants_check)
    _show_trials(settings)


def _show_verdict(plan: Plan, settings: TunedSettings) -> None:
    """Says whether Auto is better than the setting that it was compared with."""
    if settings.comparison is None:
        return
    said = as_written(settings.comparison.sentence)
    if not plan.is_compared(settings):
        said += " This page now has another setting."
    (st.success if settings.comparison.wins else st.info)(said)


def offer_zip(name: str) -> None:
    """Offers the settings as a file to send to others."""
    st.download_button(
        "Download",
        lambda: zip_of(kept_settings(name)),
        file_name=f"{name}.zip",
        mime="application/zip",
        icon=":material/download:",
        key=f"zip-{name}",
        on_click="ignore",
        width="stretch",
    )


def _check_key(plan: Plan, name: str) -> str:
    return digest_of("auto check", plan.key, name, plan.current.digest)


def _offer_check(plan: Plan, name: str, settings: TunedSettings, seconds: float) -> bool:
    """Draws the button of the check, unless its result is known or being computed; says whether it was pressed."""
    job = jobs().get(_check_key(plan, name))
    if plan.is_compared(settings) or (job is not None and job.state in ("running", "failed")):
        return False
    help = (
        "Searches on four fifths of the models and scores on the others, five times, and compares the result with the "
        f"setting of this page: {seconds / 60:.0f} min at most for the searches."
    )
    off, help = (False, help) if may_change() else (True, WHY_NOT)
    return st.button("Check on held-out models", icon=":material/verified:", help=help, width="stretch", disabled=off)


def _show_check(plan: Plan, name: str, settings: TunedSettings, seconds: float, start: bool) -> None:
    key = _check_key(plan, name)
    job = jobs().get(key)
    if start:
        require_change()
        # A check that was stopped, or whose scores were lost with the settings, starts again.
        jobs().forget(key)
    elif job is None or job.state in ("done", "stopped"):
        if "held_out" in settings.scores:
            _show_scores(settings)
        elif job is not None and job.state == "stopped":
            st.caption("The check was stopped before its end; its score is not known.")
        return
    title = "Tuning on some models, scoring on others"
    if result_beside(key, title, lambda report: plan.check(name, seconds, report))[0]:
        st.rerun()


def _show_scores(settings: TunedSettings) -> None:
    scores = settings.scores
    columns = st.columns(4)
    columns[0].metric(
        "Held-out ARI", told(scores["held_out"]), help="On models that nothing was tuned on.", border=True
    )
    flattered = "The ARI of the cut that is best for the scored photos themselves; the difference is optimism."
    columns[1].metric("Tuned in sight", told(scores.get("tuned")), help=flattered, border=True)
    with_k = "K-means on the same extractor's features; the number of groups comes from the photos per tuning model."
    columns[2].metric("Contest baseline", told(scores.get("baseline")), help=with_k, border=True)
    left = 1 - scores.get("baseline", 1.0)
    ratio = (1 - scores["held_out"]) / left if left > 0 else None
    columns[3].metric("Share of its error", "–" if ratio is None else f"{ratio:.2f}", border=True)
    makes = "" if ratio is None else f" It makes {ratio:.2f} of the baseline's error (1 - ARI)."
    st.caption(
        f"Held-out ARI{at_once(scores.get('held_out_photos'))}, with its 95 % interval over models: "
        f"{told(scores['held_out'])} ({told(scores.get('low'))}–{told(scores.get('high'))}).{makes} While tuning, the "
        f"best candidate had {told(scores.get('validation'))} on validation models{at_once(settings.n_validation)}. "
        "More photos at once are harder to group, so the two cannot be compared."
    )


def _show_trials(settings: TunedSettings) -> None:
    rows = [_row(trial, settings.scores.get("validation")) for trial in settings.trials]
    n_untried = sum(row["score"] is None for row in rows)
    left = f"; no time or memory was left for {n_untried:,}" if n_untried else ""
    st.caption(
        f"Tried: {counted(len(rows) - n_untried, 'candidate')}, judged on validation models of about "
        f"{settings.n_validation:,.0f} photos{left}."
    )
    # An empty column takes no room.
    names = [name for name in _columns() if name != "note" or n_untried]
    frame = pd.DataFrame(rows, columns=names)
    show_table(frame, column_config=_columns(), placeholder="–", height=_TABLE_HEIGHT)


def _row(trial: Any, best: float | None) -> dict[str, Any]:
    """Reads one trial from a file that someone may have edited."""
    score, seconds = (_number(trial.get(name)) for name in ("score", "seconds"))
    gap = None if score is None or best is None else best - score
    what = str(trial.get("what", ""))[:500]
    return {
        "what": what,
        "score": score,
        "gap": gap,
        "seconds": seconds,
        "note": "" if score is not None else "not tried",
    }


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _columns() -> dict[str, Any]:
    number = st.column_config.NumberColumn
    return {
        "what": st.column_config.TextColumn("what", width=560),
        "score": number("ARI on validation models", format="%.3f"),
        "gap": number("behind the best", format="%.3f"),
        "seconds": number("seconds", format="%.1f"),
        "note": st.column_config.TextColumn(""),
    }
