"""Chooses how a catalogue is grouped as long as nobody has chosen: what an automatic choice means for it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from shopsim.base.disk.store import digest_of
from shopsim.base.errors import ShopsimError
from shopsim.base.work.progress import Progress
from shopsim.base.work.workers import apart
from shopsim.catalog.catalog import Catalog
from shopsim.features.default_extractor import default_extractor, is_named
from shopsim.features.extract import Features
from shopsim.features.extractors import extractors
from shopsim.grouping.companions import companions_of
from shopsim.grouping.fit import OWN_VECTORS
from shopsim.tuning.candidates import Candidate
from shopsim.tuning.opening_check import check_opening, has_labels
from shopsim.tuning.quick_check import QuickCheck
from shopsim.ui.choice import Choice
from shopsim.ui.compute import Task, features_for, narrow
from shopsim.ui.server import jobs
from shopsim.ui.spare_cache import cache_folder
from shopsim.ui.waiting import result_of

# The key and the result of the check that failed on the page last.
_FAILED = "opening-check-failed"


def opening_of(catalog: Catalog, choice: Choice) -> tuple[Choice, str]:
    """Returns the choice with extractor, space and clusterer for this catalogue, and a sentence that says why.

    choice: automatic. Starts no network. Raises ShopsimError if SHOPSIM_EXTRACTOR names no extractor.
    """
    if catalog.vectors_path:
        return _with_extractor(choice, OWN_VECTORS), "The catalogue brings its own vectors."
    name = default_extractor()
    return _with_extractor(choice, name), f"{extractors.entry(name).title} is the default extractor."


def is_checked(catalog: Catalog) -> bool:
    """Whether the setting is chosen by a check; without labels, or if the server's owner names one, it is not."""
    return has_labels(catalog) and not is_named()


def checked_opening(catalog: Catalog, choice: Choice) -> tuple[Choice, str]:
    """Returns the automatic choice with the setting that is best on held-out models, and a sentence that says why.

    choice: as `opening_of` returns it. The page waits here for its features and for the check.
    """
    features = features_for(catalog, choice)
    key, title, work = check_task(catalog, features, choice)
    failed_key, failed = st.session_state.get(_FAILED, ("", None))
    found: QuickCheck = failed if key == failed_key else result_of(key, title, work)
    if found.problem:
        # This visitor goes on with the default setting, and the next one has it checked again.
        st.session_state[_FAILED] = key, found
        jobs().forget(key)
    else:
        st.session_state.pop(_FAILED, None)
    return with_candidate(choice, found.candidate), found.sentence


def check_task(catalog: Catalog, features: Features, choice: Choice) -> Task:
    """Returns the job of the check; a category is not looked at by itself, so that all of them open in the same way."""
    kept = narrow(catalog, replace(choice, category=None))
    labels = [image.model for image in kept.images]
    # Another extractor that cannot start any more may not be chosen again.
    others = companions_of(choice.extractor)
    key = digest_of("opening check", kept.folder, kept.digest, labels, features.key, len(features.image_ids), others)
    cache = cache_folder()

    def work(report: Progress) -> QuickCheck:
        try:
            return apart(check_opening, kept, features, choice.extractor, cache, progress=report)
        except ShopsimError as error:
            # Without a check there are still groups, as on a catalogue without labels.
            return QuickCheck.failed(choice.extractor, str(error))

    return key, f"Checking a few settings on '{catalog.name}'", work


def with_candidate(choice: Choice, candidate: Candidate) -> Choice:
    """Returns the choice with the candidate's space, clusterer and second extractor."""
    recipe = candidate.recipe
    how = {"space": recipe.space, "space_settings": dict(recipe.space_settings)}
    how |= {"clusterer": recipe.clusterer, "clusterer_settings": dict(recipe.clusterer_settings)}
    added, share = next(iter(candidate.added), ("", Choice.share))
    return replace(choice, **how, added=added, share=share)


def _with_extractor(choice: Choice, name: str) -> Choice:
    """Returns the choice with this extractor and the default recipe."""
    plain = Choice(extractor=name)
    recipe = {"space": plain.space, "space_settings": {}, "clusterer": plain.clusterer, "clusterer_settings": {}}
    by_hand = {"added": "", "strict": False, "tuned": "", "expect": None}
    return replace(choice, extractor=name, extractor_settings={}, **recipe, **by_hand)
