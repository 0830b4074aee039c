"""Computes what the Match page shows, as jobs that visitors share."""

from __future__ import annotations

from shopsim.base.disk.store import digest_of
from shopsim.base.work.progress import Progress
from shopsim.base.work.workers import apart
from shopsim.catalog.new_photos import open_new_photos
from shopsim.grouping.fit import OWN_VECTORS
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.matching.additions import Additions, additions_of
from shopsim.grouping.matching.likeness import Rule
from shopsim.grouping.matching.matched import Matched, Together, match_new, together_with
from shopsim.grouping.matching.regroup import Regrouped, regroup
from shopsim.grouping.matching.source import ByRecipe, Source
from shopsim.tuning.match_as_tuned import AsTuned
from shopsim.ui.folder_states import state_of
from shopsim.ui.match.place import NewPlace
from shopsim.ui.page import Opened
from shopsim.ui.server import store
from shopsim.ui.spare_cache import cache_folder
from shopsim.ui.waiting import result_beside

# Whether it is there, and what it is.
Computed = tuple[bool, Matched | None]


def source_of(opened: Opened) -> Source:
    """Returns what the page's groups were made of."""
    choice, fitted = opened.choice, opened.fitted
    if opened.tuned is not None:
        return AsTuned(fitted, opened.tuned, choice.expect)
    return ByRecipe(fitted, choice.extractor, dict(choice.extractor_settings), choice.recipe)


def takes_vectors(opened: Opened) -> bool:
    """Returns whether the catalogue was grouped by vectors that it brings."""
    main = opened.choice.extractor if opened.tuned is None else opened.tuned.main
    return main == OWN_VECTORS


def matched_for(opened: Opened, grouping: Grouping, place: NewPlace, rule: Rule) -> Computed:
    """Returns the matches of the new photos; until they are there, the page shows the progress here and goes on."""
    source, here, cache, additions = source_of(opened), store(), cache_folder(), additions_of(grouping)
    brings_vectors = takes_vectors(opened)
    state = state_of(place.path, None)

    def work(report: Progress) -> Matched:
        how = {"cache": cache, "brings_vectors": brings_vectors}
        new = apart(open_new_photos, [place.path], **how, progress=report)
        together = together_with(grouping, source, additions, here, report, apart)
        return match_new(grouping, source, together, new, rule, here, report, apart)

    key = digest_of("match", *_about(opened, grouping, additions), place.path, state, rule)
    return result_beside(key, "Matching the new photos", work)


def regrouped_for(opened: Opened, grouping: Grouping, together: Together) -> tuple[bool, Regrouped | None]:
    """Returns all photos grouped from scratch; until they are there, the page shows the progress here and goes on."""
    source, here = source_of(opened), store()

    def work(report: Progress) -> Regrouped:
        return regroup(grouping, source, together, here, report, apart)

    key = digest_of("regroup", *_about(opened, grouping, additions_of(grouping)))
    return result_beside(key, "Grouping all photos from scratch", work)


def together_for(opened: Opened, grouping: Grouping, additions: Additions) -> tuple[bool, Together | None]:
    """Returns the groups with the photos that were added to them."""
    source, here = source_of(opened), store()

    def work(report: Progress) -> Together:
        return together_with(grouping, source, additions, here, report, apart)

    key = digest_of("together", *_about(opened, grouping, additions))
    return result_beside(key, "Looking up the added photos", work)


def _about(opened: Opened, grouping: Grouping, additions: Additions) -> tuple[object, ...]:
    added = [(photo.digest, photo.group) for photo in additions.photos]
    return (*grouping.cut, opened.fitted.catalog.shown_digest, added)
