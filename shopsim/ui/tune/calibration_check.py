"""Shows the reliability diagram of calibrated similarity on held-out models."""

from __future__ import annotations

import streamlit as st

from shopsim.base.disk.store import digest_of
from shopsim.base.errors import ShopsimError
from shopsim.base.work.progress import Progress
from shopsim.base.work.workers import apart
from shopsim.grouping.added import rows_by_extractor
from shopsim.grouping.grouping import Fitted
from shopsim.scoring.calibration.quality import CalibrationQuality
from shopsim.tuning.calibration_check import held_out_quality_in
from shopsim.ui.address import drawn, follow_choice
from shopsim.ui.charts.reliability import reliability_chart
from shopsim.ui.parts.texts import as_written
from shopsim.ui.waiting import result_beside

_KEY = "calibration-check"


def show_check(fitted: Fitted) -> None:
    """Shows the diagram of the chosen space on request, because the space is fitted again for every fold."""
    follow_choice(_KEY, st.session_state.get(f"{_KEY}-kept", False))
    wanted = drawn(_KEY, st.toggle("Check it on held-out models", key=_KEY))
    st.session_state[f"{_KEY}-kept"] = wanted
    if not wanted:
        return
    recipe = st.session_state["choice"].recipe
    photos = (fitted.catalog.folder, fitted.catalog.digest)
    # Not the tree's key: another clusterer changes nothing here.
    added = [] if fitted.added is None else [fitted.added.share, fitted.added.features.key, *fitted.added.missing]
    key = digest_of("calibration-quality", fitted.features.key, *photos, recipe.space_digest, *added)

    def work(report: Progress) -> CalibrationQuality | str:
        by_extractor, labels_true = rows_by_extractor(fitted.features, fitted.added), fitted.catalog.labels_true
        space = recipe.space, dict(recipe.space_settings)
        try:
            return apart(held_out_quality_in, *by_extractor, labels_true, *space, progress=report)
        except ShopsimError as error:
            # Nothing has failed: there are too few models, and another try would not change that.
            return str(error)

    done, found = result_beside(key, "Calibrating on some models, checking on others", work)
    if isinstance(found, str):
        st.info(as_written(found))
    elif done:
        _show(found)


def _show(found: CalibrationQuality) -> None:
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.altair_chart(reliability_chart(found.reliability), key="reliability")
    with right:
        error_help = "Mean distance of stated probability and observed share, over pairs stated at 20 % or more."
        st.metric("Calibration error", f"{found.reliability.error:.1%}", help=error_help, border=True)
        loss_help = "Over all pairs; the smaller, the better."
        st.metric("Log loss", f"{found.log_loss:.4f}", help=loss_help, border=True)
        prior_help = "The log loss if every pair had the same stated probability, whatever its similarity."
        st.metric("Log loss without similarity", f"{found.prior_log_loss:.4f}", help=prior_help, border=True)
    st.caption(
        f"Held-out models: each of {found.n_folds} folds is calibrated on the other models, also for photos per model. "
        "On the dashed line, a stated probability was right; below it too high, above it too low."
    )
