"""Puts photos into a space, one per extractor, fuses the rows, and keeps them in the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shopsim.base.disk.store import Store, digest_of
from shopsim.base.work.progress import Progress, say
from shopsim.features.extract import Features
from shopsim.features.stored_rows import Rows
from shopsim.grouping.added import Added
from shopsim.grouping.kept_spaces import keep_space, kept_space
from shopsim.grouping.recipe import Recipe
from shopsim.spaces import FittedSpace, spaces
from shopsim.spaces.fusion import fused

# (n, d) float32 unit rows, and a sentence about what the space did.
Placed = tuple[np.ndarray, str]


@dataclass(frozen=True)
class Part:
    """One extractor's features, the key of their rows in the space, and their share of the similarity.

    name: of an added extractor, '' for the main one.
    """

    features: Features
    key: str
    share: float = 1.0
    name: str = ""


def parts_of(features: Features, added: Added | None, recipe: Recipe, photos: str) -> list[Part]:
    """Returns the main extractor's part, and that of the added one. photos: a digest of the photos."""
    key = digest_of(features.key, photos, recipe.space_digest)
    if added is None:
        return [Part(features, key)]
    # A photo that could not be read once may be readable later; its row is then another one.
    own = digest_of(added.features.key, photos, recipe.space_digest, *added.missing)
    first, second = added.shares
    return [Part(features, key, first), Part(added.features, own, second, added.extractor)]


def stored(parts: Sequence[Part], store: Store) -> Placed | None:
    """Returns the fused rows and their note from the store, or None if one of the parts is missing."""
    found = [_stored_part(part, store) for part in parts]
    known = [each for each in found if each is not None]
    return _together(parts, known) if len(known) == len(parts) else None


def place(parts: Sequence[Part], recipe: Recipe, store: Store, progress: Progress) -> Placed:
    """Returns the same as `stored`; computes and keeps what is missing."""
    return _together(parts, [_stored_part(part, store) or _place(part, recipe, store, progress) for part in parts])


def _place(part: Part, recipe: Recipe, store: Store, progress: Progress) -> Placed:
    say(progress, f"putting the photos into the space '{recipe.space}'" + (f" of {part.name}" if part.name else ""))
    space, rows = _fit(part, recipe, store)
    vectors = space.transform(rows)
    store.save("vectors", part.key, vectors)
    store.save("vectors", f"{part.key}-note", np.array([space.note]))
    return vectors, space.note


def space_of(part: Part, recipe: Recipe, store: Store) -> FittedSpace:
    """Returns the space that a part's photos were put into.

    It is read from the store. If it is not there, it is fitted to the same photos again, which gives the same space.
    """
    unfitted = spaces.create(recipe.space, **recipe.space_settings)
    return kept_space(store, part.key, unfitted) or _fit(part, recipe, store)[0]


def _fit(part: Part, recipe: Recipe, store: Store) -> tuple[FittedSpace, Rows]:
    """Returns the fitted space, whose numbers are kept, and the rows that it was fitted to."""
    space, rows = fitted_to(recipe, part.features.vectors)
    keep_space(store, part.key, space)
    return space, rows


def fitted_to(recipe: Recipe, rows: Rows) -> tuple[FittedSpace, Rows]:
    """Returns the recipe's space, fitted to these unit rows, and the rows in the form in which the space takes them."""
    unfitted = spaces.create(recipe.space, **recipe.space_settings)
    taken_as = rows if getattr(unfitted, "reads_blocks", False) else np.asarray(rows)
    return unfitted.fit(taken_as), taken_as


def _together(parts: Sequence[Part], placed: Sequence[Placed]) -> Placed:
    """Returns the rows whose similarity is the mean of the parts' similarities by share, and one note for all."""
    notes = [
        f"{part.name}, {part.share:.0%} of the similarity: {note}" if part.name else note
        for part, (_, note) in zip(parts, placed, strict=True)
    ]
    return fused([vectors for vectors, _ in placed], [part.share for part in parts]), " ".join(notes)


def _stored_part(part: Part, store: Store) -> Placed | None:
    vectors, note = store.load("vectors", part.key), store.load("vectors", f"{part.key}-note")
    if vectors is None or note is None or not _are_sound(vectors, note, len(part.features.image_ids)):
        return None
    return vectors, str(note[0])


def _are_sound(vectors: np.ndarray, note: np.ndarray, n_images: int) -> bool:
    """Whether the stored arrays have the form in which `_place` stores them."""
    if vectors.ndim != 2 or len(vectors) != n_images or vectors.dtype != np.float32 or not np.isfinite(vectors).all():
        return False
    return note.shape == (1,) and note.dtype.kind == "U"
