"""Tuned settings on a page: read once, carried out as jobs, and told with the score that holds on unseen models."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from shopsim.base.disk.store import digest_of
from shopsim.base.errors import ShopsimError
from shopsim.base.work.progress import Progress
from shopsim.base.work.workers import apart
from shopsim.catalog.catalog import Catalog
from shopsim.features.extract import Features
from shopsim.features.networks.weights import weights_state
from shopsim.grouping.corrections.bound import Bound
from shopsim.grouping.fit import OWN_VECTORS
from shopsim.grouping.grouping import Fitted
from shopsim.tuning.apply import features_as_tuned, group_as_tuned
from shopsim.tuning.settings import TunedSettings
from shopsim.tuning.settings_files import SETTINGS_NAME, load_settings, names, tuned_dir
from shopsim.ui.address import current_choice, take_choice
from shopsim.ui.choice import Choice
from shopsim.ui.compute import narrow
from shopsim.ui.parts.texts import as_written, counted
from shopsim.ui.server import store
from shopsim.ui.spare_cache import cache_folder
from shopsim.ui.trust import require_trust
from shopsim.ui.tuned_size import sizes_counted_on
from shopsim.ui.waiting import result_of

_MOST_SEARCHED = 32


def kept_settings(name: str) -> TunedSettings:
    """The settings kept under one of `names()`; read again when the file has changed. Raises ShopsimError."""
    return _loaded(*_state(name))


def about_settings(name: str) -> TunedSettings:
    """The same without their arrays, for pages that tell of many: neither `digest` nor `name` holds for it."""
    return _without_arrays(*_state(name))


def _state(name: str) -> tuple[str, int, int]:
    path = tuned_dir() / name / SETTINGS_NAME
    try:
        state = path.stat()
    except OSError as error:
        raise ShopsimError(f"Cannot read '{path}': {error.strerror or error}.") from None
    return str(path), state.st_mtime_ns, state.st_size


@st.cache_resource(max_entries=4, show_spinner=False)
def _loaded(path: str, changed: int, size: int) -> TunedSettings:
    return load_settings(path)


@st.cache_resource(max_entries=256, show_spinner=False)
def _without_arrays(path: str, changed: int, size: int) -> TunedSettings:
    return replace(load_settings(path), fitted={})


def about_all() -> dict[str, TunedSettings]:
    """`about_settings` of the newest of those kept that can be read, by name."""
    found = {}
    for name in names()[:_MOST_SEARCHED]:
        try:
            found[name] = about_settings(name)
        except ShopsimError:
            continue  # The Catalogs page tells what is wrong with it.
    return found


def settings_of(choice: Choice) -> TunedSettings | None:
    """The chosen settings with a line about them in the sidebar, None by hand. Raises ShopsimError."""
    if not choice.tuned:
        return None
    settings = kept_settings(choice.tuned)
    on = settings.tuned_on
    many = counted(len(settings.members), "grouping")
    best = as_written(settings.members[0].candidate.describe(settings.main))
    st.sidebar.caption(
        f"Tuned on {as_written(on.catalog)}, {counted(on.n_images, 'photo')} of {counted(on.n_models, 'model')}. "
        f"A consensus of {many}; the member with the largest weight: {best}."
    )
    return settings


def as_tuned(
    catalog: Catalog, choice: Choice, settings: TunedSettings, bound: Bound | None = None
) -> tuple[Features, Fitted]:
    """Features of the whole catalogue by the settings' extractors, and the photos that take part grouped by them.

    bound: corrections that the groups respect.
    """
    _require_trust(choice, settings)
    cache, here = cache_folder(), store()
    main = settings.extractors[0]
    weights = weights_state(main.name, **main.settings)
    photos = (catalog.folder, catalog.digest, len(catalog.images))
    key = digest_of("features as tuned", *photos, settings.extractors, weights)

    def extract(report: Progress) -> tuple[Features, dict[str, Features]]:
        return features_as_tuned(catalog, settings, cache, report, apart)

    used = " and ".join(use.name for use in settings.extractors)
    features, added = result_of(key, f"Extracting features of '{catalog.name}' with {used}", extract)
    kept = narrow(catalog, choice)
    keys = [each.key for each in (features, *added.values())]
    key = digest_of(
        "fitted as tuned",
        kept.shown_digest,
        settings.sentence,
        len(features.image_ids),
        keys,
        settings.digest,
        choice.expect,
        *([bound.digest] if bound else []),
    )

    def group(report: Progress) -> Fitted:
        fitted = group_as_tuned(kept, features, added, settings, here, report, choice.expect, apart, bound)
        # So that the first cut on the page is as quick as every later one.
        _ = fitted.curve
        return fitted

    return features, result_of(key, f"Grouping {len(kept.images):,} photos as {settings.told}", group)


def _require_trust(choice: Choice, settings: TunedSettings) -> None:
    """A network that the settings name is loaded on the same terms as one that a link names."""
    for use in settings.extractors:
        if use.name == OWN_VECTORS:
            continue
        require_trust(use.name, use.settings)


def show_tuned_scores() -> None:
    """With tuned settings the score that holds for photos they have not seen, whatever these photos score."""
    choice = st.session_state["choice"]
    if choice.tuned:
        settings = about_settings(choice.tuned)
        st.caption(unseen_score(settings))
        st.caption(sizes_counted_on(settings, choice.expect))


def unseen_score(settings: TunedSettings) -> str:
    """'On held-out models of X, about 80 photos at a time: ARI 0.923 (0.885–0.959), baseline 0.800.'

    Without it the one of validation.
    """
    catalog, scores = as_written(settings.tuned_on.catalog), settings.scores
    if "held_out" not in scores:
        return (
            f"On validation models of {catalog}{at_once(settings.n_validation)}: "
            f"ARI {told(scores.get('validation'))}, the best of many and so too optimistic; not yet checked on "
            "held-out models."
        )
    interval = f" ({told(scores['low'])}–{told(scores['high'])})" if {"low", "high"} <= scores.keys() else ""
    baseline = f", baseline {told(scores['baseline'])}" if "baseline" in scores else ""
    size = at_once(scores.get("held_out_photos"))
    return f"On held-out models of {catalog}{size}: ARI **{told(scores['held_out'])}**{interval}{baseline}."


def at_once(n_photos: float | None) -> str:
    """', about 80 photos at a time': the more there are, the harder they are to group; '' if not known."""
    return "" if n_photos is None else f", about {counted(round(n_photos), 'photo')} at a time"


def use_settings(name: str) -> None:
    """Let these settings group the photos of every page from now on."""
    take_choice(replace(current_choice().by_hand(), tuned=name, value=None))


def told(score: float | None) -> str:
    """A score with three decimals, a dash for none."""
    return "–" if score is None else f"{score:z.3f}"
