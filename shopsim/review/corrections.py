"""People's decisions on suspected label errors, kept in the workspace by photo and model, whatever the catalogue.

The key is the digest of the photo's bytes and the model it is filed under. So a moved folder and a renamed file keep
their decisions, and byte-equal photos of one model share one. A photo that is not at hand, of which a catalogue has
only a vector, is known by the digest of all its vectors and its image_id: such a folder may be moved, but with other
vectors it is another catalogue.
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
from shopsim.catalog.own_vectors import digest_without_photo

ACCEPTED, REJECTED = "accepted", "not wrong"


@dataclass(frozen=True)
class Decision:
    """One decision about one photo under one model.

    digest: of the photo's bytes; given: the model it was filed under; verdict: ACCEPTED or REJECTED.
    suggested: the model it is accepted to show; None if the label stays.
    """

    digest: str
    given: str
    verdict: str
    suggested: str | None = None


# By the photo's digest and its given model, so that a decision never applies to anything else.
Decisions = Mapping[tuple[str, str], Decision]


def read_decisions(catalog: Catalog) -> Decisions:
    """The decisions about a catalogue's photos under whatever model, wherever they were made.

    Raises ShopsimError if the workspace cannot be read.
    """
    kept: dict[str, list[tuple[str, str, str | None]]] = defaultdict(list)
    for key, given, verdict, suggested in read(partial(rows, table=DECISIONS)):
        kept[key].append((given, verdict, suggested))
    if not kept:
        return {}
    absent = _absent(catalog)
    return {
        (image.digest, given): Decision(image.digest, given, verdict, suggested)
        for image in catalog.images
        for key in _keys(catalog, image.digest, absent)
        for given, verdict, suggested in kept.get(key, ())
    }


def decide(catalog: Catalog, decision: Decision) -> None:
    """Keep a decision, in place of an earlier one about the same photo and label.

    Raises ShopsimError if the disk refuses.
    """
    *earlier, key = _keys(catalog, decision.digest, _absent(catalog))

    def keep(db: sqlite3.Connection) -> None:
        for each in earlier:
            remove(db, DECISIONS, each, decision.given)
        put(db, DECISIONS, key, decision.given, decision.verdict, decision.suggested)

    change(keep)


def take_back(catalog: Catalog, digest: str, given: str) -> None:
    """Forget what was decided about a photo under a model. Raises ShopsimError if the disk refuses."""
    keys = _keys(catalog, digest, _absent(catalog))

    def forget(db: sqlite3.Connection) -> None:
        for key in keys:
            remove(db, DECISIONS, key, given)

    change(forget)


def decision_on(image: CatalogImage, decisions: Decisions) -> Decision | None:
    """What was decided about a photo as it is filed now."""
    return None if image.model is None else decisions.get((image.digest, image.model))


def corrected(catalog: Catalog, decisions: Decisions) -> tuple[Catalog, int]:
    """The catalogue with every accepted correction made, and how many photos that changed."""
    images, n_changed = [], 0
    for image in catalog.images:
        decision = decision_on(image, decisions)
        if decision is not None and decision.verdict == ACCEPTED:
            image = replace(image, model=decision.suggested)
            n_changed += 1
        images.append(image)
    return (replace(catalog, images=tuple(images)) if n_changed else catalog), n_changed


def _absent(catalog: Catalog) -> frozenset[str]:
    """The digests of the photos that are not at hand, which only a catalogue of vectors has."""
    if catalog.vectors_path is None:
        return frozenset()
    return frozenset(map(digest_without_photo, catalog.image_ids)) & {image.digest for image in catalog.images}


def _keys(catalog: Catalog, digest: str, absent: frozenset[str]) -> tuple[str, ...]:
    """The keys under which a photo's decisions are looked for; the last one counts most, and new ones get it."""
    if digest not in absent:
        return (digest,)
    # Earlier versions knew such a photo by the place of its catalogue.
    place = digest_of(links_followed(catalog.folder))
    return earlier_key(place, digest), digest_of("vectors", catalog.vectors_digest, digest)
