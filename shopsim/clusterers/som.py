"""A self-organising map: photos at the same place of a small map are a group."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from shopsim.base.registry import Setting
from shopsim.clusterers import clusterers
from shopsim.clusterers.partitions import PHOTOS_PER_MODEL, Partitions, copies_together, count_control


@dataclass(frozen=True)
class SelfOrganisingMap:
    """MiniSom's map with its settings; all the work is in the cut. For a few thousand photos: it learns one by one."""

    rounds: int = 10
    seed: int = 0

    def memory(self, n_images: int, n_features: int) -> int:
        """Bytes at the peak: the photos and as many places in double precision, and the working arrays of an update."""
        return 4 * n_images * n_features * 8 + n_images**2 * 8 + 64 * 2**20

    def fit(self, vectors: np.ndarray) -> Partitions:
        """Keeps (n, d) float32 unit rows for the cuts."""
        what = "Places of the map; those where no photo comes to lie make no group. Each change computes for a while."
        control = count_control(len(vectors), len(vectors) // PHOTOS_PER_MODEL, what)
        return Partitions(np.asarray(vectors, dtype=np.float32), control, copies_together(self._split))

    def _split(self, vectors: np.ndarray, value: float) -> np.ndarray:
        from minisom import MiniSom

        n_places = min(max(1, round(value)), len(vectors))
        height = math.isqrt(n_places)
        width = n_places // height
        rows = vectors.astype(np.float64)
        sigma = max(height, width) / 2
        som = MiniSom(height, width, rows.shape[1], sigma=sigma, learning_rate=0.5, random_seed=self.seed)
        som.random_weights_init(rows)
        som.train(rows, len(rows) * self.rounds, random_order=True)
        # The place with the nearest weights, as MiniSom's `winner` finds it, for all photos at once.
        places = som.get_weights().reshape(height * width, -1)
        return (rows @ places.T - (places**2).sum(axis=1) / 2).argmax(axis=1)


@clusterers.register(
    "som",
    title="Self-organising map",
    source="Kohonen 1982, by MiniSom",
    summary="Lays the photos out on a small map; those on one place are a group. For some thousand photos at most.",
    settings=(
        Setting("rounds", "Rounds", 10, low=1, high=1000, step=1, help="Times each photo is shown, on average."),
        Setting("seed", "Seed", 0, low=0, high=2**31 - 1, step=1, help="Same seed, same groups."),
    ),
)
def som(rounds: int = 10, seed: int = 0) -> SelfOrganisingMap:
    """A map as close to a square as its number of places allows."""
    return SelfOrganisingMap(rounds, seed)
