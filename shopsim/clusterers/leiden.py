"""Leiden: groups of photos whose links to each other are stronger than a resolution."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from shopsim.base.registry import Setting
from shopsim.base.work.progress import Progress, silent
from shopsim.clusterers import Control, clusterers
from shopsim.clusterers.distances import similarity_of
from shopsim.clusterers.kept_neighbours import Neighbours
from shopsim.clusterers.neighbour_lists import NeighbourLists
from shopsim.clusterers.neighbours import mutual_neighbours, neighbour_memory
from shopsim.clusterers.partitions import Partitions, copies_together

# Photos with nothing in common have a link of nearly 0, because the library needs weights above 0.
WEAKEST_LINK = 1e-6
TRIALS = 10


@dataclass(frozen=True)
class Leiden:
    """Leiden on the mutual-neighbour graph, links weighing their similarity; each cut splits the graph again.

    It maximises the constant Potts model: the pairs of a group must have a mean weight of at least `resolution`.
    Unlike modularity, this does not depend on how many photos there are outside the group.
    """

    n_neighbors: int = 20
    seed: int = 0

    def memory(self, n_images: int, n_features: int) -> int:
        """Bytes at the peak: the neighbours, and the library's own graphs."""
        return neighbour_memory(n_images, n_features, self.n_neighbors) + n_images * self.n_neighbors * 64

    def fit(self, vectors: np.ndarray, progress: Progress = silent, neighbours: Neighbours | None = None) -> Partitions:
        """Searches the neighbours of (n, d) float32 unit rows, and keeps them for the cuts."""
        lists = (neighbours or Neighbours(vectors)).of_distinct(self.n_neighbors, progress)
        control = Control(
            name="Resolution",
            kind="resolution",
            low=0.001,
            high=1.0,
            default=0.1,
            step=0.001,
            instant=False,
            help="The least mean link between two photos of a group. A link is their similarity if they are among each "
            "other's nearest photos, else 0. A higher value gives more groups; each change computes for a while. It "
            "does not depend on the number of photos, so it carries over as long as extractor and space do.",
        )
        return Partitions(np.asarray(vectors, dtype=np.float32), control, copies_together(partial(self._split, lists)))

    def _split(self, lists: NeighbourLists, vectors: np.ndarray, resolution: float) -> np.ndarray:
        from graspologic_native import leiden_csr

        graph = mutual_neighbours(lists)
        _, group_of = leiden_csr(
            graph.indptr.astype(np.int64),
            graph.indices.astype(np.int32),
            similarity_of(graph.data).clip(WEAKEST_LINK),
            len(vectors),
            resolution=resolution,
            trials=TRIALS,
            use_modularity=False,
            seed=self.seed,
        )
        return np.array([group_of[photo] for photo in range(len(vectors))], dtype=np.int64)


@clusterers.register(
    "leiden",
    title="Leiden",
    source="Traag, Waltman and van Eck 2019, by graspologic-native",
    summary="Links photos that are among each other's nearest, and finds groups with many links inside.",
    settings=(
        Setting("n_neighbors", "Nearest photos", 20, low=1, high=200, step=1, help="Only links both ways count."),
        Setting("seed", "Seed", 0, low=0, high=2**31 - 1, step=1, help="Same seed, same groups."),
    ),
)
def leiden(n_neighbors: int = 20, seed: int = 0) -> Leiden:
    """Leiden with the constant Potts model."""
    return Leiden(n_neighbors, seed)
