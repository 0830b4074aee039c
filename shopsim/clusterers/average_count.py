"""Average linkage cut by the number of groups."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from shopsim.base.work.progress import Progress, silent
from shopsim.clusterers import Control, clusterers
from shopsim.clusterers.bindings import Apart, Together
from shopsim.clusterers.hierarchical import Linkage
from shopsim.clusterers.kept_neighbours import Neighbours
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.clusterers.partitions import count_control


@dataclass(frozen=True, eq=False)
class CountedTree:
    """A merge tree, cut at the similarity that gives a wanted number of groups."""

    tree: MergeTree

    @cached_property
    def possible(self) -> np.ndarray:
        """(m,) int64, falling: the numbers of groups that thresholds give. Merges at one similarity are one step."""
        return self.tree.n_images - self.tree.merges_of_cuts

    @cached_property
    def control(self) -> Control:
        """The number of groups; the default is the number at the tree's own guess of a threshold."""
        tree = self.tree
        what = "Takes the tree's nearest possible number of groups; ties in similarity can leave some out."
        return count_control(tree.n_images, tree.n_groups(tree.control.default), what, instant=True)

    def cut(self, value: float) -> np.ndarray:
        """(n,) int64 groups by first appearance: as many as round(value), or the nearest number a threshold gives.

        Of two numbers that are equally near it takes the larger one. Raises ValueError for less than one group.
        """
        n_groups = round(value)
        if n_groups < 1:
            raise ValueError(f"A tree has at least 1 group, not {value}.")
        step = int(np.argmin(np.abs(self.possible - n_groups)))
        # Copies merge at 1, so only a threshold above 1 leaves all photos alone.
        return self.tree.cut(np.inf if step == 0 else self.tree.similarities[step - 1])


@dataclass(frozen=True)
class CountedLinkage:
    """A linkage that is cut by the number of groups."""

    linkage: Linkage

    takes_bindings: ClassVar[bool] = True

    def memory(self, n_images: int, n_features: int, together: Together = (), apart: Apart = ()) -> int:
        """Bytes at the peak: the linkage's own."""
        return self.linkage.memory(n_images, n_features, together, apart)

    def fit(
        self,
        vectors: np.ndarray,
        progress: Progress = silent,
        neighbours: Neighbours | None = None,
        together: Together = (),
        apart: Apart = (),
        parts: np.ndarray | None = None,
    ) -> CountedTree:
        """The tree of (n, d) float32 unit rows; the other arguments are as `Linkage` takes them."""
        return CountedTree(self.linkage.fit(vectors, progress, neighbours, together, apart, parts))


@clusterers.register(
    "average_count",
    title="Average linkage, by number of groups",
    source="Sokal and Michener 1958 (UPGMA), by scipy.cluster.hierarchy; by group means (Sumengen et al. 2021) from "
    "2,000 photos on",
    summary="Joins the most similar groups until a given number of them is left.",
    version=2,
)
def average_count() -> CountedLinkage:
    """Average linkage, cut where the wanted number of groups is left."""
    return CountedLinkage(Linkage("average"))
