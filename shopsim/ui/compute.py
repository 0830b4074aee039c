"""Computes what a visitor has chosen: catalogue, features, tree. Visitors with the same choice share each job."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from shopsim.base.disk.store import digest_of
from shopsim.base.paths import is_folder
from shopsim.base.work.job import Work
from shopsim.base.work.progress import Progress
from shopsim.base.work.workers import apart
from shopsim.catalog.catalog import Catalog
from shopsim.catalog.changes import describe_changes
from shopsim.catalog.demo.demo import demo_catalog_folder
from shopsim.catalog.forms.readings import SeveralReadingsError
from shopsim.catalog.labels.contradictions import settle
from shopsim.catalog.open_folder import load_catalog
from shopsim.features.extract import Features
from shopsim.features.networks.weights import weights_state
from shopsim.grouping.added import Added
from shopsim.grouping.fit import features_of, fit
from shopsim.grouping.grouping import Fitted
from shopsim.grouping.never_join import fit_never_joined
from shopsim.tuning.built_in.look import open_unlabelled
from shopsim.ui.catalogs.form_question import ask_for_form
from shopsim.ui.choice import DEMO, DEMO_NAME, Choice
from shopsim.ui.folder_states import state_of
from shopsim.ui.server import jobs, path_to_open, store
from shopsim.ui.spare_cache import cache_folder
from shopsim.ui.trust import require_trust
from shopsim.ui.waiting import result_of


def open_choice(choice: Choice) -> Catalog:
    """Returns the whole chosen catalogue; it is read again when its files have changed."""
    cache = cache_folder()
    is_demo = choice.folder == DEMO
    folder = _demo_folder(cache) if is_demo else path_to_open(choice.folder)
    labels = path_to_open(choice.labels) if choice.labels else None
    state = state_of(folder, labels)
    key = digest_of("catalog", folder, state, choice.form, labels, choice.encoding, *(["demo"] if is_demo else []))

    def work(report: Progress) -> Catalog | SeveralReadingsError:
        how = {"form": choice.form, "labels": labels, "encoding": choice.encoding, "cache": cache}
        try:
            catalog = apart(load_catalog, folder, **how, progress=report)
        except SeveralReadingsError as question:
            return question
        return replace(catalog, name=DEMO_NAME) if is_demo else catalog

    catalog = result_of(key, f"Looking at the photos in '{folder.name}'", work)
    if isinstance(catalog, SeveralReadingsError):
        ask_for_form(catalog, choice)
    _notice_changes(str(folder), key, catalog)
    return catalog


def _demo_folder(cache: Path) -> Path:
    """Returns the folder of the demo, which is drawn first if it is not there."""
    key = f"demo {cache}"
    drawn = jobs().result(key)
    if drawn is not None and not is_folder(drawn):
        jobs().forget(key)  # Someone has deleted the cache, as anyone may at any time.
    return result_of(
        key, "Drawing the demo catalogue", lambda report: apart(demo_catalog_folder, cache, progress=report)
    )


def narrow(catalog: Catalog, choice: Choice) -> Catalog:
    """The photos that take part: one category or all, with byte-equal copies or without, as `settle` says.

    The same object for the same choice, so that what it has computed of itself stays at hand.
    """
    category = choice.category if choice.category in catalog.categories else None

    def narrowed() -> Catalog:
        chosen = catalog if category is None else catalog.in_category(category)
        return settle(chosen, choice.copies, choice.contradicted)

    return catalog.narrowed.get((category, choice.copies, choice.contradicted), narrowed)


# Key, title and work of a job.
Task = tuple[str, str, Work]


def features_for(catalog: Catalog, choice: Choice) -> Features:
    """Returns features of the whole catalogue, so that a filter needs no new ones; a network must be trusted first."""
    require_trust(choice.extractor, choice.extractor_settings)
    return result_of(*if_there(features_task(catalog, choice)))


def if_there(task: Task) -> Task:
    """Returns the task of features as it is; forgets its result if the rows are no longer on disk."""
    key, _, _ = task
    features = jobs().result(key)
    if features is not None and not features.are_there():
        jobs().forget(key)  # Someone has deleted the cache, as anyone may at any time.
    return task


def features_task(catalog: Catalog, choice: Choice) -> Task:
    """Returns what `features_for` computes."""
    settings = dict(choice.extractor_settings)
    weights = weights_state(choice.extractor, **settings)
    key = digest_of("features", catalog.folder, catalog.digest, choice.extractor, sorted(settings.items()), weights)
    cache = cache_folder()

    def work(report: Progress) -> Features:
        return features_of(catalog, choice.extractor, settings, cache, report, apart)

    return key, f"Extracting features of '{catalog.name}' with {choice.extractor}", work


def fitted_for(catalog: Catalog, features: Features, choice: Choice) -> Fitted:
    """Returns space and tree of the photos that take part, by the main extractor and the added one."""
    return result_of(*fitted_task(catalog, features, choice, _added_for(catalog, choice)))


def fitted_task(catalog: Catalog, features: Features, choice: Choice, added: Added | None = None) -> Task:
    """Returns what `fitted_for` computes. added: features of the whole catalogue by the added extractor."""
    kept = narrow(catalog, choice)
    # No name and no further column changes a number, but the result has them; the store then has space and tree.
    photos = (kept.shown_digest, len(features.image_ids))
    more = [] if added is None else [added.extractor, added.share, added.features.key, len(added.features.image_ids)]
    key = digest_of("fitted", *photos, features.key, choice.recipe.digest, choice.never_join, *more)
    here, cache = store(), cache_folder()

    def work(report: Progress) -> Fitted:
        fitted = fit(kept, features, choice.recipe, here, report, apart, added)
        if fitted.catalog.labels_true is None:
            fitted = open_unlabelled(choice.extractor, choice.recipe, fitted, cache, report, apart)
        if choice.never_join:
            fitted = fit_never_joined(fitted, choice.recipe, choice.never_join, here, report, apart)
        # Computed here, so that the first cut on the page is as quick as later ones.
        _ = fitted.opening
        return fitted

    return key, f"Grouping {len(kept.images):,} photos", work


def _added_for(catalog: Catalog, choice: Choice) -> Added | None:
    """Returns features of the whole catalogue by the added extractor; a network must be trusted, as the main one."""
    if not choice.added:
        return None
    require_trust(choice.added, {})
    return Added(choice.added, result_of(*if_there(added_task(catalog, choice))), choice.share)


def added_task(catalog: Catalog, choice: Choice) -> Task:
    """Returns the job of the added extractor's features."""
    return features_task(catalog, replace(choice, extractor=choice.added, extractor_settings={}))


def _notice_changes(folder: str, key: str, catalog: Catalog) -> None:
    """Says what has changed since this visitor last saw the folder, until it changes again or another is opened."""
    seen_folder, seen_key, change = st.session_state.get("seen", ("", "", ""))
    if seen_folder != folder:
        change = ""
    elif seen_key != key:
        before = jobs().result(seen_key)
        change = describe_changes(before, catalog) if before is not None else ""
    st.session_state["seen"] = (folder, key, change)
    if change:
        st.info(change, icon=":material/sync:")
