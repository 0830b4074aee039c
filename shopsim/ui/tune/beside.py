"""Shows measured scores beside those that would be expected without labels, so that a person sees how far to trust."""

from __future__ import annotations

import streamlit as st

from shopsim.base.disk.store import digest_of
from shopsim.base.work.progress import Progress
from shopsim.base.work.workers import apart
from shopsim.grouping.grouping import TUNED_HERE, Fitted, Grouping
from shopsim.scoring.curve import Curve
from shopsim.scoring.evaluation import Evaluation
from shopsim.tuning.built_in.look import look_without_labels, why_not_fitted
from shopsim.tuning.built_in.opening import BUILT_IN, Blind
from shopsim.ui.choice import Choice
from shopsim.ui.compute import Task
from shopsim.ui.parts.tables import show_table
from shopsim.ui.parts.texts import as_written
from shopsim.ui.spare_cache import cache_folder
from shopsim.ui.tune.estimates import NOT_MEASURED, as_score, as_share, as_size, in_short, likely
from shopsim.ui.waiting import result_beside

_KEY = "measured-and-expected"


def offer_beside(grouping: Grouping) -> None:
    """Draws a toggle and, once it is on, a table; for labelled photos, whose expected scores nobody needs else."""
    choice, fitted = st.session_state["choice"], grouping.fitted
    if choice.tuned:
        return
    reason = why_not_fitted(choice.extractor, choice.recipe, fitted)
    label = "Expected scores beside the measured ones"
    is_on = st.toggle(label, key=_KEY, disabled=bool(reason), help=reason or NOT_MEASURED)
    if not is_on or reason:
        return
    done, blind = result_beside(*_look_task(fitted, choice))
    if done and blind is not None:
        _show(grouping, blind)


def _look_task(fitted: Fitted, choice: Choice) -> Task:
    cache = cache_folder()

    def work(report: Progress) -> Blind | None:
        return look_without_labels(choice.extractor, choice.recipe, fitted, cache, report, apart)

    return digest_of("look without labels", fitted.key), f"Looking at '{fitted.catalog.name}' without its labels", work


def _show(grouping: Grouping, blind: Blind) -> None:
    fitted = grouping.fitted
    built_in = max(blind.threshold, fitted.control.low)
    cuts = {"on this page": grouping.value, BUILT_IN: built_in}
    if isinstance(fitted.curve, Curve):
        cuts["best here"] = fitted.best(fitted.curve)
    rows = []
    for name, value in cuts.items():
        if name == "best here" and value == grouping.value:
            continue
        scores = fitted.group(value, BUILT_IN if name == BUILT_IN else TUNED_HERE).evaluation
        if scores is not None:
            rows.append(_row(name, value, scores, blind))
    show_table(rows)
    catalog, size = fitted.catalog, blind.photos_per_model
    true_size = sum(image.model is not None for image in catalog.images) / max(len(catalog.models), 1)
    st.caption(
        f"The expected scores are estimated as if no photo had a label. {as_written(NOT_MEASURED)} Photos per model: "
        f"about {as_size(size.value)} expected, {likely(size, as_size)}; {as_size(true_size)} by the labels."
    )


def _row(name: str, value: float, scores: Evaluation, blind: Blind) -> dict[str, str | int | float]:
    expected = blind.expected.at(value)
    return {
        "threshold": name,
        "at": f"{value:.1%}",
        "groups": scores.n_groups,
        "ARI": as_score(scores.ari),
        "expected ARI": in_short(expected.ari, as_score),
        "pair precision": as_share(scores.pairs.precision),
        "expected precision": in_short(expected.precision, as_share),
        "pair recall": as_share(scores.pairs.recall),
        "expected recall": in_short(expected.recall, as_share),
    }
