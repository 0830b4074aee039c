"""The projection of the map: chosen, computed in the background, kept in the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import streamlit as st

from shopsim.base.disk.store import digest_of
from shopsim.base.errors import ShopsimError
from shopsim.base.registry import Setting, Value
from shopsim.base.work.job import Job
from shopsim.base.work.progress import Progress
from shopsim.base.work.workers import apart
from shopsim.features.projections import projections
from shopsim.features.projections.points import rows_on_map
from shopsim.grouping.grouping import Fitted
from shopsim.grouping.map_points import map_points
from shopsim.ui.address import detail, keep_detail
from shopsim.ui.guard import polled
from shopsim.ui.server import jobs, store
from shopsim.ui.waiting import describe, offer_stop, result_of

# Of more photos t-SNE takes many minutes and UMAP fewer.
_MOST_BY_TSNE = 30_000
# Drawn until the chosen one is there: exact, and as good as instant.
_QUICK = "pca"
_SEED = 0
_PATIENCE_S = 0.7
_SHORT_PATIENCE_S = 0.05
# "side-" widgets are drawn anew when another address is followed.
_KEY = "side-map-projection"


@dataclass(frozen=True, eq=False)
class Laid:
    """points: (m, 2) float32; rows: (m,) the photo of each; name: of the projection; key: of what they came from.

    pending: the job of the projection that was asked for and is still being computed, or was stopped; its key, and
    the projection's title.
    """

    points: np.ndarray
    rows: np.ndarray
    name: str
    key: str
    pending: tuple[Job, str, str] | None = None


def lay_out(fitted: Fitted) -> Laid:
    """Asks for a projection and returns its points, or those of the quick one until they are computed."""
    name, settings = _choose(len(fitted.vectors))
    key, title = _key(fitted, name, settings), f"Laying {len(fitted.vectors):,} photos out"
    pending = None
    if name != _QUICK:
        job = jobs().ensure(key, title, _work(fitted, name, settings))
        job.wait(_SHORT_PATIENCE_S if st.session_state.get("map-waits-for") == key else _PATIENCE_S)
        if job.state in ("running", "stopped"):
            st.session_state["map-waits-for"] = key
            pending = (job, key, projections.entry(name).title)
            name, settings, key = _QUICK, {}, _key(fitted, _QUICK, {})
    points = result_of(key, title, _work(fitted, name, settings))
    return Laid(points, _rows(name, len(fitted.vectors)), name, key, pending)


def _rows(name: str, n_images: int) -> np.ndarray:
    """Returns the photos that are laid out: by the quick projection always all."""
    return np.arange(n_images) if name == _QUICK else rows_on_map(n_images)


def _key(fitted: Fitted, name: str, settings: Mapping[str, Value]) -> str:
    return digest_of("points", fitted.key, name, sorted(settings.items()), _SEED)


def _work(fitted: Fitted, name: str, settings: Mapping[str, Value]) -> Callable[[Progress], np.ndarray]:
    rows, here = _rows(name, len(fitted.vectors)), store()

    def work(report: Progress) -> np.ndarray:
        return apart(map_points, fitted.vectors[rows], name, dict(settings), here, _SEED, progress=report)

    return work


@polled(seconds=1.0)
def watch_pending(job: Job, key: str, title: str) -> None:
    """Says which projection is being computed, and draws the page again when it is ready."""
    if job.state not in ("running", "stopped"):
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        if job.state == "stopped":
            st.markdown(f"Drawn is **PCA**, since {title} was stopped.")
            if st.button(f"Compute {title}", key=f"again-{key}", icon=":material/play_arrow:"):
                jobs().forget(key)
                st.rerun()
            return
        st.progress(
            min(job.done / job.total, 1.0) if job.total else 0.0,
            text=f"Drawn is **PCA** until {title} is ready, which is computed once for these photos: {describe(job)}.",
        )
        offer_stop(job, key)


def _choose(n_images: int) -> tuple[str, dict[str, Value]]:
    names, default = projections.names(), default_of(n_images)
    asked, asked_settings = from_text(detail("projection"), default)
    if st.session_state.get(_KEY) not in names:
        st.session_state[_KEY] = asked
    name = st.segmented_control(
        "Map by",
        names,
        key=_KEY,
        format_func=lambda name: projections.entry(name).title,
        required=True,
        width="content",
    )
    settings = asked_settings if name == asked else {}
    if projections.entry(name).settings:
        with st.popover("Settings", icon=":material/settings:", help="Settings of the projection"):
            settings = _choose_settings(name, settings)
    if name == "tsne" and default != "tsne":
        st.caption(f"t-SNE of {n_images:,} photos can take hours; UMAP is much faster.")
    keep_detail("projection", to_text(name, settings, default))
    return name, settings


def _choose_settings(name: str, current: Mapping[str, Value]) -> dict[str, Value]:
    """Draws the settings as a form, since every change starts a new computation."""
    with st.form(f"map-settings-{name}", border=False):
        values = {field.name: _field(name, field, current) for field in projections.entry(name).settings}
        if st.form_submit_button("Apply"):
            defaults = {field.name: field.default for field in projections.entry(name).settings}
            return {key: value for key, value in values.items() if value != defaults[key]}
    return dict(current)


def _field(name: str, field: Setting, current: Mapping[str, Value]) -> Value:
    kind = type(field.default)
    return st.number_input(
        field.title,
        value=kind(current.get(field.name, field.default)),
        min_value=None if field.low is None else kind(field.low),
        max_value=None if field.high is None else kind(field.high),
        step=None if field.step is None else kind(field.step),
        help=field.help or None,
        key=f"side-map-{name}-{field.name}",
    )


def default_of(n_images: int) -> str:
    """Returns the projection that a map of so many photos opens with."""
    return "tsne" if n_images <= _MOST_BY_TSNE else "umap"


def to_text(name: str, settings: Mapping[str, Value], default: str) -> str:
    """Writes a projection for the address, such as `umap,n_neighbors=30`; '' for the default."""
    text = ",".join([name, *(f"{key}={value}" for key, value in settings.items())])
    return "" if text == default else text


def from_text(text: str, default: str) -> tuple[str, dict[str, Value]]:
    """Reads a projection from the address; unknown, malformed or out-of-range parts are the default."""
    name, *parts = text.split(",")
    if name not in projections.names():
        return default, {}
    known = {field.name: field for field in projections.entry(name).settings}
    settings = {}
    for key, _, value in (part.partition("=") for part in parts[: len(known)]):
        try:
            parsed = known[key].parse(value)
        except (KeyError, ShopsimError):
            continue
        if parsed != known[key].default:
            settings[key] = parsed
    return name, settings
