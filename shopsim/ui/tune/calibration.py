"""Shows calibrated similarity: the probability of one model, the expected scores, and a check on held-out models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from shopsim.base.disk.store import digest_of
from shopsim.base.errors import ShopsimError
from shopsim.base.percent import in_full
from shopsim.base.work.progress import Progress
from shopsim.base.work.workers import apart
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.grouping.grouping import TUNED_HERE, Fitted, Grouping
from shopsim.scoring.calibration.calibration import Calibration
from shopsim.scoring.calibration.expected_scores import (
    Expected,
    calibrate_with_tree,
    expected_of_merges,
    expected_of_pairs,
)
from shopsim.ui.address import drawn, follow_choice
from shopsim.ui.guard import callback
from shopsim.ui.parts.texts import as_written
from shopsim.ui.server import jobs
from shopsim.ui.threshold import take_threshold
from shopsim.ui.tune.calibration_check import show_check
from shopsim.ui.tune.known_size import expected_photos
from shopsim.ui.waiting import result_beside

_OPENING_PROBABILITY = 95.0
_SETTINGS = "calibration-settings"
_M_HELP = (
    "How many photos the model of a random photo has, so large models count more. The more photos a model has, the "
    "likelier it is that any two photos show the same model."
)


@dataclass(frozen=True)
class Calibrated:
    """Keeps calibrations and their source, one clause ("tuned on these photos").

    pairs: of two photos by their similarity; merges: of pairs by the merge that joins them, None if not known.
    kept: names of all tuned settings that have one for these photos, `chosen` among them; empty if fitted here.
    """

    pairs: Calibration
    merges: Calibration | None
    source: str
    kept: tuple[str, ...] = ()
    chosen: str = ""


def chosen_settings() -> str:
    """Returns the settings whose calibration was chosen in the expander, also on another page; '' if none were."""
    return st.session_state.get(_SETTINGS) or _kept(_SETTINGS) or ""


def show_calibration(grouping: Grouping, given: Calibrated | None = None) -> None:
    """Shows the threshold as a probability, and an expander with the rest; computed once the expander is open.

    given: from tuned settings. Without it, the calibration is fitted on these photos, if their true models are known.
    """
    fitted = grouping.fitted
    labelled = fitted.catalog.labels_true is not None
    control = fitted.control
    if control.kind != "similarity" or control.measure != "similarity" or not (given or labelled):
        return
    place = st.container()
    box = st.expander("Calibrated similarity", key="calibration", on_change="rerun")
    with box:
        found = given or _fitted_here(fitted, box.open)
        if isinstance(found, str):
            st.info(as_written(found))
        elif found is not None:
            here = _fields(grouping, found) if box.open else _for_photos(grouping, found)
            with place:
                _sentence(grouping, here, box.open)
        if box.open and labelled and not isinstance(found, str):
            show_check(fitted)


def _for_photos(grouping: Grouping, found: Calibrated) -> Calibrated:
    """Sets the share of same-model pairs that is expected among these photos."""
    n_photos = len(grouping.labels_pred)
    m = _kept(_m_key(grouping.fitted)) or expected_photos(grouping.fitted)
    merges = found.merges and found.merges.for_photos(n_photos, m)
    return replace(found, pairs=found.pairs.for_photos(n_photos, m), merges=merges)


def _fields(grouping: Grouping, found: Calibrated) -> Calibrated:
    """Draws the fields for photos per model and probability, and returns the calibration for their values."""
    if len(found.kept) > 1:
        follow_choice(_SETTINGS, found.chosen)
        help = "Settings whose calibration is valid for such vectors, the newest first. Take those of similar photos."
        name = drawn(_SETTINGS, st.selectbox("Calibrated with the settings", found.kept, key=_SETTINGS, help=help))
        st.session_state[f"{_SETTINGS}-kept"] = name
    left, *places = st.columns([2, 2, 3], vertical_alignment="bottom")
    with left:
        _expect_photos(grouping, found.pairs)
    here = _for_photos(grouping, found)
    _offer_threshold(grouping, here.pairs, places)
    return here


def _fitted_here(fitted: Fitted, wanted: bool) -> Calibrated | str | None:
    """Returns the calibration fitted on these photos, or the reason why it fails; None until it is there."""
    key = digest_of("calibration", fitted.key, fitted.catalog.folder, fitted.catalog.digest)
    if not wanted:
        found = jobs().result(key)
        return found if isinstance(found, Calibrated) else None

    def work(report: Progress) -> Calibrated | str:
        tree = fitted.tree if isinstance(fitted.tree, MergeTree) else None
        try:
            pairs, merges = apart(
                calibrate_with_tree, fitted.vectors, fitted.catalog.labels_true, tree, progress=report
            )
        except ShopsimError as error:
            return str(error)
        return Calibrated(pairs, merges, TUNED_HERE)

    return result_beside(key, "Calibrating similarity", work)[1]


def _sentence(grouping: Grouping, here: Calibrated, is_open: bool) -> None:
    likely = _percent(float(here.pairs.probability(grouping.value)))
    parts = [f"Two photos this similar show the same model with **{likely}** probability"]
    expected = _expected(grouping, here, is_open)
    if expected is not None:
        parts.append(
            f"**{_percent(expected.precision)}** of the pairs within groups are expected to be right, "
            f"and {_percent(expected.recall)} of the pairs that show one model to be within a group"
        )
    st.markdown(f"{'; '.join(parts)}. _Calibration: {as_written(here.source)}._")


def _expected(grouping: Grouping, here: Calibrated, is_open: bool) -> Expected | None:
    """Returns the expected scores of the groups; None while they are not known, or the expander is closed."""
    fitted = grouping.fitted
    if here.merges is not None and isinstance(fitted.tree, MergeTree):
        return expected_of_merges(fitted.tree, grouping.value, here.merges)
    if not is_open:
        return None

    def work(report: Progress) -> Expected:
        return apart(expected_of_pairs, fitted.vectors, grouping.labels_pred, here.pairs, progress=report)

    key = digest_of("expected", fitted.key, grouping.value, here.pairs)
    return result_beside(key, "Looking at every pair of photos", work)[1]


def _percent(share: float) -> str:
    """Writes a share as '87%', and never as 0 % or 100 %, since nothing is certain."""
    if share >= 0.995:
        return "over 99%"
    return "under 1%" if share < 0.005 else f"{share:.0%}"


def _m_key(fitted: Fitted) -> str:
    return f"expected-photos-{fitted.catalog.digest}"


def _kept(key: str, default: float | None = None) -> float | None:
    """Returns a field's last value, also on another page, where Streamlit forgets it."""
    return st.session_state.get(f"{key}-kept", default)


def _expect_photos(grouping: Grouping, calibration: Calibration) -> None:
    """Draws the field. Its value is kept only if it differs from the page's other field, or from the tuning models'."""
    key, most = _m_key(grouping.fitted), float(len(grouping.labels_pred))
    usual = min(expected_photos(grouping.fitted) or round(calibration.photos_per_model, 1), most)
    follow_choice(key, _kept(key) or usual)
    label = "Photos per model you expect"
    m = drawn(key, st.number_input(label, 1.0, most, step=1.0, format="%.1f", key=key, help=_M_HELP))
    st.session_state[f"{key}-kept"] = None if m == usual else m


def _offer_threshold(grouping: Grouping, calibration: Calibration, places: Sequence[DeltaGenerator]) -> None:
    left, right = places
    key, control = "calibration-probability", grouping.fitted.control
    follow_choice(key, _kept(key, _OPENING_PROBABILITY))
    percent = drawn(key, left.number_input("Probability, %", 0.1, 99.9, step=1.0, format="%.1f", key=key))
    st.session_state[f"{key}-kept"] = percent
    threshold = min(max(round(calibration.similarity_at(percent / 100), 4), control.low), control.high)
    label = f"Take the threshold of {percent:g} % probability: {in_full(threshold)}"
    taken = threshold == grouping.value
    right.button(label, disabled=taken, on_click=callback(take_threshold), args=(threshold,), width="stretch")
    if float(calibration.probability(1.0)) < percent / 100:
        st.caption(f"With these vectors, even photos of 100 % similarity stay below {percent:g} % probability.")
