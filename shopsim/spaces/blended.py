"""Blends neighbours: after whitening, each vector is moved towards those of its most similar photos."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from shopsim.base.registry import Setting
from shopsim.base.rows import distinct_rows, unit_rows
from shopsim.clusterers.neighbour_lists import neighbour_lists
from shopsim.features.stored_rows import Rows
from shopsim.spaces import FittedSpace, spaces
from shopsim.spaces.raw import FittedRaw
from shopsim.spaces.whitened import COMPONENTS, STRENGTH, Whitening

BLOCK_ROWS = 512
SAME = 1e-6
"""Rows whose cosine is this close to 1 count as one photo."""


@dataclass(frozen=True, eq=False)
class FittedBlending:
    """Moves the rows of a fitted space towards their nearest rows; only that space has fitted numbers."""

    before: FittedSpace
    neighbours: int
    power: float

    @property
    def note(self) -> str:
        """Describes the fit in one sentence."""
        photos = "photo" if self.neighbours == 1 else f"{self.neighbours} photos"
        return f"{self.before.note} Then each photo is blended with its nearest {photos}."

    def transform(self, vectors: Rows) -> np.ndarray:
        """Turns (n, d) float32 unit rows into (n, d') ones, blended with each other; equal rows stay equal."""
        rows = self.before.transform(vectors)
        first, inverse = distinct_rows(rows)
        rows = rows[first]
        lists = neighbour_lists(rows, self.neighbours)
        blended = np.empty_like(rows)
        for start in range(0, len(rows), BLOCK_ROWS):
            part = slice(start, start + BLOCK_ROWS)
            weight = _weights(lists.similarity[part].clip(0, 1), self.power)
            blended[part] = rows[part] + np.einsum("rk,rkd->rd", weight, rows[lists.ids[part]])
        blended[~rows.any(axis=1)] = 0
        return unit_rows(blended)[inverse]

    def place(self, vectors: np.ndarray, known: np.ndarray) -> np.ndarray:
        """Returns the vectors of new photos among known ones; the known ones do not move.

        vectors: (m, d), known: (n, d) unit rows, both not yet in the space. Returns (m, d') float32 unit rows.
        A new photo is blended with its nearest known photos. A known photo gets the same vector as in `transform`.
        """
        new, rows = self.before.transform(vectors), self.before.transform(known)
        rows = rows[distinct_rows(rows)[0]]
        return _blended(new, rows, self.neighbours, self.power)

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns the arrays that `Blending.restore` needs."""
        return self.before.arrays()


@dataclass(frozen=True)
class Blending:
    """Whitens, and then adds its nearest rows to each row, weighted by similarity to a power.

    The second step is known as database-side feature augmentation.
    """

    neighbours: int = 3
    power: float = 3.0
    whitening: Whitening | None = None

    reads_blocks: ClassVar[bool] = True
    """Rows that lie on disk are read block by block."""

    def fit(self, vectors: Rows) -> FittedBlending:
        """Fits the whitening on (n, d) float32 unit rows; the blending itself has nothing to fit."""
        before = FittedRaw() if self.whitening is None else self.whitening.fit(vectors)
        return FittedBlending(before, self.neighbours, self.power)

    def restore(self, arrays: Mapping[str, np.ndarray]) -> FittedBlending:
        """Returns the fitted space with these `arrays`."""
        before = FittedRaw() if self.whitening is None else self.whitening.restore(arrays)
        return FittedBlending(before, self.neighbours, self.power)


def _blended(rows: np.ndarray, among: np.ndarray, neighbours: int, power: float) -> np.ndarray:
    """Returns unit sums of each row and its nearest rows of `among`, without itself; zero rows stay zero."""
    blended = np.zeros_like(rows)
    count = min(neighbours + 1, len(among))
    for start in range(0, len(rows) if count else 0, BLOCK_ROWS):
        part = rows[start : start + BLOCK_ROWS]
        similarity = part @ among.T
        nearest = np.argpartition(-similarity, count - 1, axis=1)[:, :count]
        weight = np.take_along_axis(similarity, nearest, axis=1).clip(0, 1)
        order = np.argsort(-weight, axis=1)
        nearest, weight = np.take_along_axis(nearest, order, axis=1), np.take_along_axis(weight, order, axis=1)
        is_itself = weight[:, 0] > 1 - SAME
        # A row that is not in `among` is added below; it then uses one candidate less.
        weight[~is_itself, neighbours:] = 0
        total = np.einsum("rk,rkd->rd", _weights(weight, power), among[nearest])
        total[~is_itself] += part[~is_itself]
        blended[start : start + BLOCK_ROWS] = total
    blended[~rows.any(axis=1)] = 0
    return unit_rows(blended)


def _weights(similarity: np.ndarray, power: float) -> np.ndarray:
    # A power of 0 would give those that are not similar at all a weight of 1.
    return similarity**power * (similarity > 0)


@spaces.register(
    "blended",
    version=3,
    title="Blended with neighbours",
    source="Turcot and Lowe, Better matching with fewer features, ICCV workshops 2009 (database-side augmentation)",
    summary="Whitens, then moves each vector towards those of its most similar photos.",
    settings=(
        STRENGTH,
        Setting("neighbours", "Nearest photos", 3, low=1, high=50, step=1, help="Photos to blend each photo with."),
        Setting(
            "power",
            "Power of the weights",
            3.0,
            low=0.0,
            high=10.0,
            step=0.5,
            help="A neighbour's weight is its similarity to this power; with 0 all have the same weight.",
        ),
        COMPONENTS,
    ),
)
def blended(strength: float = 0.5, neighbours: int = 3, power: float = 3.0, components: int = 0) -> Blending:
    """Makes a whitening of the given strength, followed by blending."""
    return Blending(neighbours, power, Whitening(strength, components))
