"""What a similarity means: how probable one model is, what the groups are expected to reach, whether it holds."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from shopsim import ShopsimError
from shopsim.calibration import Calibration
from shopsim.calibration_chart import reliability_chart
from shopsim.calibration_fit import calibrate, fit_calibration, pairs_in
from shopsim.calibration_groups import Expected, count_merges, expected_of_merges, expected_of_pairs
from shopsim.calibration_quality import CalibrationQuality, held_out_quality
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.pipeline import TUNED_HERE, Fitted, Grouping
from shopsim.progress import Progress
from shopsim.spaces import spaces
from shopsim.store import digest_of
from shopsim.ui.address import drawn, follow_choice
from shopsim.ui.server import jobs
from shopsim.ui.texts import as_written
from shopsim.ui.threshold import take_threshold
from shopsim.ui.waiting import result_beside

_OPENING_PROBABILITY = 95.0
_M_HELP = (
    "Of the model of a photo picked at random, so large models count more. The more photos a model has, the likelier "
    "any two photos show the same one."
)


@dataclass(frozen=True)
class Calibrated:
    """Calibrations and where they come from, one clause ("tuned on these photos").

    pairs: of two photos by their similarity; merges: of pairs by the merge that joins them, None if not known.
    """

    pairs: Calibration
    merges: Calibration | None
    source: str


def show_calibration(grouping: Grouping, given: Calibrated | None = None) -> None:
    """The threshold as a probability, and an expander with all that belongs to it; computed once that is open.

    given: from tuned settings; without, it is fitted on these photos, and without their true models nothing is shown.
    """
    fitted = grouping.fitted
    if fitted.control.kind != "similarity" or (given is None and fitted.catalog.labels_true is None):
        return
    place = st.container()
    box = st.expander("Calibrated similarity", key="calibration", on_change="rerun")
    with box:
        found = _fitted_here(fitted, box.open) if given is None else given
        if isinstance(found, str):
            st.info(as_written(found))
            return
        if found is None:
            return
        n_photos = len(grouping.labels_pred)
        m = _photos_per_model(fitted, found.pairs, n_photos) if box.open else _kept(_m_key(fitted), None)
        pairs = found.pairs.for_photos(n_photos, m)
        merges = None if found.merges is None else found.merges.for_photos(n_photos, m)
        if box.open:
            _offer_threshold(grouping, pairs)
    with place:
        _sentence(grouping, pairs, merges, found.source)
    if box.open and fitted.catalog.labels_true is not None:
        with box:
            _check(fitted)


def _fitted_here(fitted: Fitted, wanted: bool) -> Calibrated | str | None:
    """Fitted on these photos, or why it cannot be; None while it is not, or where nobody asked for it yet."""
    key = digest_of("calibration", fitted.key, fitted.catalog.folder, fitted.catalog.digest)
    if not wanted:
        found = jobs().result(key)
        return found if isinstance(found, Calibrated) else None

    def work(report: Progress) -> Calibrated | str:
        labels_true = fitted.catalog.labels_true
        try:
            pairs = calibrate(fitted.vectors, labels_true, report)
            if not isinstance(fitted.tree, MergeTree):
                return Calibrated(pairs, None, TUNED_HERE)
            merged = fit_calibration(count_merges(fitted.tree, labels_true), pairs.photos_per_model)
        except ShopsimError as error:
            return str(error)
        return Calibrated(pairs, merged, TUNED_HERE)

    return result_beside(key, "Calibrating similarity", work)[1]


def _sentence(grouping: Grouping, pairs: Calibration, merges: Calibration | None, source: str) -> None:
    likely = _percent(float(pairs.probability(grouping.value)))
    parts = [f"Two photos this similar show the same model with **{likely}** probability"]
    expected = _expected(grouping, pairs, merges)
    if expected is not None:
        parts.append(
            f"the groups' own pairs are expected right to **{_percent(expected.precision)}**, "
            f"and to hold {_percent(expected.recall)} of all pairs that show one model"
        )
    st.markdown(f"{'; '.join(parts)}. _Calibration: {as_written(source)}._")


def _expected(grouping: Grouping, pairs: Calibration, merges: Calibration | None) -> Expected | None:
    tree = grouping.fitted.tree
    if merges is not None and isinstance(tree, MergeTree):
        return expected_of_merges(tree, grouping.value, merges)
    key = digest_of("expected", grouping.fitted.key, grouping.value, pairs)

    def work(report: Progress) -> Expected:
        return expected_of_pairs(grouping.fitted.vectors, grouping.labels_pred, pairs, report)

    return result_beside(key, "Looking at every pair of photos", work)[1]


def _percent(share: float) -> str:
    """'87%', and never a certainty that nobody has."""
    if share >= 0.995:
        return "over 99%"
    return "under 1%" if share < 0.005 else f"{share:.0%}"


def _m_key(fitted: Fitted) -> str:
    return f"expected-photos-{fitted.catalog.digest}"


def _kept(key: str, default: float | None) -> float | None:
    """What a field said last, also on another page, where Streamlit forgets it."""
    return st.session_state.get(f"{key}-kept", default)


def _photos_per_model(fitted: Fitted, calibration: Calibration, n_photos: int) -> float | None:
    """The field; None as long as it says what the tuning models have."""
    key, most = _m_key(fitted), float(max(n_photos, 2))
    usual = min(round(calibration.photos_per_model, 1), most)
    follow_choice(key, _kept(key, None) or usual)
    m = drawn(
        key,
        st.number_input(
            "Photos a model you expect", 1.0, most, step=1.0, format="%.1f", key=key, help=_M_HELP, width=320
        ),
    )
    st.session_state[f"{key}-kept"] = None if m == usual else m
    return _kept(key, None)


def _offer_threshold(grouping: Grouping, calibration: Calibration) -> None:
    key, control = "calibration-probability", grouping.fitted.control
    follow_choice(key, _kept(key, _OPENING_PROBABILITY))
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    percent = drawn(key, left.number_input("Probability, %", 0.1, 99.9, step=1.0, format="%.1f", key=key))
    st.session_state[f"{key}-kept"] = percent
    threshold = round(calibration.similarity_at(percent / 100), 4)
    threshold = min(max(threshold, control.low), control.high)
    label = f"Take the threshold of {percent:g} % probability: {threshold:.1%}"
    right.button(label, disabled=threshold == grouping.value, on_click=take_threshold, args=(threshold,))
    if float(calibration.probability(1.0)) < percent / 100:
        st.caption(f"With these vectors not even photos 100 % alike are one model with {percent:g} % probability.")


def _check(fitted: Fitted) -> None:
    """The reliability diagram on held-out models, once asked for."""
    key = "calibration-check"
    follow_choice(key, bool(_kept(key, False)))
    label = "Check it on held-out models"
    st.session_state[f"{key}-kept"] = drawn(key, st.toggle(label, key=key))
    if not _kept(key, False):
        return
    recipe = st.session_state["choice"].recipe
    photos = (fitted.catalog.folder, fitted.catalog.digest)
    place = digest_of("calibration-quality", fitted.features.key, *photos, recipe.space_digest)

    def work(report: Progress) -> CalibrationQuality | str:
        count = pairs_in(spaces.create(recipe.space, **recipe.space_settings))
        try:
            return held_out_quality(fitted.features.vectors, fitted.catalog.labels_true, count, progress=report)
        except ShopsimError as error:
            return str(error)

    done, found = result_beside(place, "Calibrating on some models, checking on others", work)
    if isinstance(found, str):
        st.info(as_written(found))
    elif done:
        _show_quality(found)


def _show_quality(found: CalibrationQuality) -> None:
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.altair_chart(reliability_chart(found.reliability), key="reliability")
    with right:
        error_help = "Mean distance of stated probability and what came true, over pairs stated at 20 % or more."
        st.metric("Calibration error", f"{found.reliability.error:.1%}", help=error_help, border=True)
        loss_help = "Of all pairs, smaller is better; in brackets that of knowing only how many pairs show one model."
        loss = f"{found.log_loss:.4f} ({found.prior_log_loss:.4f})"
        st.metric("Log loss", loss, help=loss_help, border=True)
    st.caption(
        f"Held-out models: calibrated on the other models of {found.n_folds} folds, the number of photos a model "
        "included, and checked on these. A point on the dashed line came true as stated, one below promised too much."
    )
