"""Keeps people's decisions on suspected label errors in the workspace's database, for all catalogues together.

The key of a decision is the digest of the photo's bytes and the model of its label. So a moved folder and a renamed
photo keep their decisions, and byte-equal photos of one model share one: the latest counts.
A catalogue of vectors may name photos that are not there. Such a photo has no bytes, so its key is made of the digest
of all vectors and of its image_id. The folder may be moved, but other vectors start without decisions.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from shopsim.base.disk.store import digest_of
from shopsim.base.paths import links_followed
from shopsim.base.workspace.database import change, read
from shopsim.base.workspace.old_files import earlier_key
from shopsim.base.workspace.rows import put, remove, rows
from shopsim.base.workspace.schema import DECISIONS
from shopsim.catalog.catalog import Catalog, CatalogImage
from shopsim.catalog.photo_keys import absent_photos, photo_key

ACCEPTED, REJECTED = "accepted", "not wrong"


@dataclass(frozen=True)
class Decision:
    """One decision on the label of one photo.

    digest: of the photo's bytes; given: the model of its label; verdict: ACCEPTED or REJECTED.
    suggested: the accepted model; None if the label stays.
    """

    digest: str
    given: str
    verdict: str
    suggested: str | None = None


# By the photo's digest and the model of its label, so that a decision applies to nothing else.
Decisions = Mapping[tuple[str, str], Decision]


def read_decisions(catalog: Catalog) -> Decisions:
    """Returns the decisions on a catalogue's photos, under any model, in whatever folder they were made.

    Raises ShopsimError if the workspace cannot be read.
    """
    kept: dict[str, list[tuple[str, str, str | None]]] = defaultdict(list)
    for key, given, verdict, suggested in read(partial(rows, table=DECISIONS)):
        kept[key].append((given, verdict, suggested))
    if not kept:
        return {}
    absent = absent_photos(catalog)
    return {
        (image.digest, given): Decision(image.digest, given, verdict, suggested)
        for image in catalog.images
        for key in _keys(catalog, image.digest, absent)
        for given, verdict, suggested in kept.get(key, ())
    }


def decide(catalog: Catalog, decision: Decision) -> None:
    """Keeps a decision in place of an earlier one on the same photo and label.

    Raises ShopsimError if the disk refuses.
    """
    *earlier, key = _keys(catalog, decision.digest, absent_photos(catalog))

    def keep(db: sqlite3.Connection) -> None:
        for each in earlier:
            remove(db, DECISIONS, each, decision.given)
        put(db, DECISIONS, key, decision.given, decision.verdict, decision.suggested)

    change(keep)


def take_back(catalog: Catalog, digest: str, given: str) -> None:
    """Removes the decision on a photo and its label. Raises ShopsimError if the disk refuses."""
    keys = _keys(catalog, digest, absent_photos(catalog))

    def forget(db: sqlite3.Connection) -> None:
        for key in keys:
            remove(db, DECISIONS, key, given)

    change(forget)


def decision_on(image: CatalogImage, decisions: Decisions) -> Decision | None:
    """Returns the decision on a photo as it is labelled now."""
    return None if image.model is None else decisions.get((image.digest, image.model))


def corrected(catalog: Catalog, decisions: Decisions) -> tuple[Catalog, int]:
    """Returns the catalogue with every accepted correction made, and the number of photos that this changes."""
    images, n_changed = [], 0
    for image in catalog.images:
        decision = decision_on(image, decisions)
        if decision is not None and decision.verdict == ACCEPTED:
            image = replace(image, model=decision.suggested)
            n_changed += 1
        images.append(image)
    return (replace(catalog, images=tuple(images)) if n_changed else catalog), n_changed


def _keys(catalog: Catalog, digest: str, absent: frozenset[str]) -> tuple[str, ...]:
    """Returns the keys under which a photo may have decisions; the last key counts most, and new decisions get it."""
    if digest not in absent:
        return (digest,)
    # The key of decisions that were taken over from earlier versions.
    place = digest_of(links_followed(catalog.folder))
    return earlier_key(place, digest), photo_key(catalog, digest, absent)
