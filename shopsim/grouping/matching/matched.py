"""Matches the photos of new places with a grouping, the photos included that were added to it before."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from shopsim.base.disk.store import Store
from shopsim.base.work.lanes import Run, here
from shopsim.base.work.progress import Progress, silent
from shopsim.catalog.catalog import Catalog, CatalogImage, Problem
from shopsim.catalog.new_photos import joined
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.matching.additions import Additions
from shopsim.grouping.matching.likeness import Members, Rule
from shopsim.grouping.matching.match import Matches, match
from shopsim.grouping.matching.measure import decision_for
from shopsim.grouping.matching.source import Placed, Source


@dataclass(frozen=True, eq=False)
class Together:
    """The photos of a grouping and those that were added to it.

    images: one per photo, those of the catalogue first. members: their vectors and groups, in the same order.
    additions: all photos that were added. problems: those of them that cannot be compared, each with its reason.
    """

    images: tuple[CatalogImage, ...]
    members: Members
    additions: Additions
    problems: tuple[Problem, ...] = ()

    @property
    def n_groups(self) -> int:
        """How many groups there are, those included whose added photos are all gone."""
        return 1 + max(int(self.members.labels_pred.max()), *(photo.group for photo in self.additions.photos), 0)


@dataclass(frozen=True, eq=False)
class Matched:
    """New photos, and what was decided on each.

    catalog: the photos with features, in the order of `matches`. copy_of: (m,) int64 place of a byte-equal photo in
    `together`, -1 if there is none. problems: the new files left out, each with its reason.
    """

    together: Together
    catalog: Catalog
    matches: Matches
    copy_of: np.ndarray
    problems: tuple[Problem, ...]
    vectors: np.ndarray


def together_with(
    grouping: Grouping, source: Source, additions: Additions, store: Store, progress: Progress = silent, run: Run = here
) -> Together:
    """Returns the grouping's photos and those added.

    An added photo that is gone and has no features is no member; it is a problem.
    """
    fitted = grouping.fitted
    if not additions.photos:
        return Together(fitted.catalog.images, Members(fitted.vectors, grouping.labels_pred), additions)
    placed = source.place(additions.catalog(fitted.catalog), store, progress, run)
    groups = additions.groups(placed.catalog)
    vectors = np.concatenate([fitted.vectors, placed.vectors])
    labels_pred = np.concatenate([grouping.labels_pred, groups])
    problems = tuple(replace(one, reason=f"Added to these groups before: {one.reason}") for one in placed.problems)
    images = (*fitted.catalog.images, *placed.catalog.images)
    return Together(images, Members(vectors, labels_pred), additions, problems)


def match_new(
    grouping: Grouping,
    source: Source,
    together: Together,
    new: Catalog,
    rule: Rule,
    store: Store,
    progress: Progress = silent,
    run: Run = here,
) -> Matched:
    """Matches the photos of a catalogue of new ones; nothing about the old ones is computed again.

    The first time for a grouping, some of its own photos are hidden to measure the threshold, as `decision_for` says.
    run: carries out what takes long.
    """
    placed = source.place(new, store, progress, run) if new.images else _nothing(new, grouping)
    decision = decision_for(grouping, rule, source.trial_place, store, progress, run)
    copy_of = _copies(placed.catalog, together.images)
    matches = run(
        match, placed.vectors, together.members, together.n_groups, decision, source.recipe, grouping.value, copy_of
    )
    problems = (*new.problems, *placed.problems)
    return Matched(together, placed.catalog, matches, copy_of, problems, placed.vectors)


def _nothing(new: Catalog, grouping: Grouping) -> Placed:
    return Placed(new, np.zeros((0, grouping.fitted.vectors.shape[1]), np.float32))


def _copies(new: Catalog, images: tuple[CatalogImage, ...]) -> np.ndarray:
    place = {image.digest: row for row, image in reversed(list(enumerate(images)))}
    return np.array([place.get(image.digest, -1) for image in new.images], np.int64)


def with_new(matched: Matched) -> Together:
    """Returns the known photos and the new ones in the groups they were matched with; byte-equal ones only once."""
    known = matched.together
    is_fresh = matched.copy_of < 0
    rows = np.flatnonzero(is_fresh)
    images = joined(
        [matched.catalog.subset([matched.catalog.image_ids[row] for row in rows])],
        [image.image_id for image in known.images],
    )
    vectors = np.concatenate([known.members.vectors, matched.vectors[rows]])
    labels_pred = np.concatenate([known.members.labels_pred, matched.matches.group[rows]])
    return Together((*known.images, *images), Members(vectors, labels_pred), known.additions, known.problems)
