"""Offers the best threshold for strict groups, since the one that is best without strict splits them too much."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from shopsim.base.disk.store import digest_of
from shopsim.base.work.progress import Progress
from shopsim.base.work.workers import apart
from shopsim.grouping.grouping import Fitted
from shopsim.grouping.strict_best import N_TRIED, StrictBest, best_strict
from shopsim.scoring.curve import Curve
from shopsim.ui.guard import callback
from shopsim.ui.waiting import result_beside


def offer_best_strict(fitted: Fitted, value: float) -> None:
    """Draws the button, once the best is found; nothing where no true models are known."""
    labels_true, curve = fitted.catalog.labels_true, fitted.curve
    if labels_true is None or not isinstance(curve, Curve):
        return
    best = fitted.best(curve)

    def work(report: Progress) -> StrictBest:
        return apart(best_strict, fitted.tree, fitted.vectors, labels_true, best, progress=report)

    key = digest_of("best strict", fitted.key, fitted.catalog.shown_digest)
    done, found = result_beside(key, "Looking for the best threshold for strict groups", work)
    if done:
        label = f"Take the best for strict: ARI {found.ari:z.3f} at {found.threshold:.1%}"
        off = value == found.threshold
        st.button(label, disabled=off, on_click=callback(_take), args=(found.threshold,), width="stretch")
        without = float(curve.ari[curve.best])
        st.caption(f"The best of {N_TRIED} thresholds. Without strict, the best ARI is {without:z.3f}.")


def _take(value: float) -> None:
    st.session_state["choice"] = replace(st.session_state["choice"].with_value(value), strict=True)
