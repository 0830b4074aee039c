"""Puts photos into a space that was fitted without them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from shopsim.features.extract import Features
from shopsim.features.stored_rows import taken
from shopsim.grouping.added import Added
from shopsim.grouping.placing import fitted_to
from shopsim.grouping.recipe import Recipe
from shopsim.spaces import FittedSpace
from shopsim.spaces.fusion import fused


def placed_in(space: FittedSpace, rows: np.ndarray, known: Features) -> np.ndarray:
    """Returns (m, d') float32 unit rows of (m, d) unit rows of new photos. known: the photos the space was fitted to.

    A space that blends each photo with its nearest ones has no vector of a photo by itself. It blends a new photo with
    its nearest known photos; known photos are not blended with new ones, so they stay where they are.
    """
    place = getattr(space, "place", None)
    return space.transform(rows) if place is None else place(rows, np.asarray(known.vectors))


@dataclass(frozen=True, eq=False)
class Refit:
    """Fits the space without the hidden photos, and puts these into it; for `run_trials`.

    recipe: of the space. features, added: of all photos, in the order of the groups' labels.
    """

    recipe: Recipe
    features: Features
    added: Added | None

    def __call__(self, stay: np.ndarray, hidden: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Returns the vectors of the photos that stay and of the hidden ones."""
        parts = [self.features] if self.added is None else [self.features, self.added.features]
        shares = (1.0,) if self.added is None else self.added.shares
        placed = [self._part(part, stay, hidden) for part in parts]
        return fused([known for known, _ in placed], shares), fused([new for _, new in placed], shares)

    def _part(self, features: Features, stay: np.ndarray, hidden: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        kept, tried = (replace(features, raw=taken(features.raw, rows)) for rows in (stay, hidden))
        space, known = fitted_to(self.recipe, kept.vectors)
        return space.transform(known), placed_in(space, np.asarray(tried.vectors), kept)


@dataclass(frozen=True, eq=False)
class AsPlaced:
    """Takes the vectors as they are, where the space was fitted to other photos; for `run_trials`."""

    vectors: np.ndarray

    def __call__(self, stay: np.ndarray, hidden: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Returns the vectors of the photos that stay and of the hidden ones."""
        return self.vectors[stay], self.vectors[hidden]
