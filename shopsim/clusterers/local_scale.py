"""Average linkage of similarities that are measured relative to each photo's neighbourhood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from shopsim.base.registry import Setting
from shopsim.base.work.progress import Progress, silent
from shopsim.clusterers import clusterers
from shopsim.clusterers.bindings import Apart, Bindings, Together, bindings_if_any
from shopsim.clusterers.distance_trees import tree_from_distances
from shopsim.clusterers.distances import SMALLEST_DISTANCE, condensed_distances
from shopsim.clusterers.hierarchical import Linkage
from shopsim.clusterers.kept_neighbours import Neighbours
from shopsim.clusterers.mean_linkage import FEWEST, linkage_by_means
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.clusterers.parts import tree_in_parts

# A quarter for either photo is the source's formula at half strength.
_SHARE = 0.25


@dataclass(frozen=True)
class LocalScaleLinkage:
    """Average linkage of similarity, less a quarter of each photo's mean similarity to its `neighbours` nearest photos.

    A photo that is similar to everything (a plain shape on white) joins later, a photo with few neighbours earlier.
    Copies count among the nearest with similarity 1, also copies of a row of zeros, which has 0 to all other rows.
    """

    neighbours: int = 10

    takes_bindings: ClassVar[bool] = True

    def memory(self, n_images: int, n_features: int, together: Together = (), apart: Apart = ()) -> int:
        """Bytes at the peak: those of average linkage; the neighbours take less, and their memory is free by then."""
        return Linkage("average").memory(n_images, n_features, together, apart)

    def fit(
        self,
        vectors: np.ndarray,
        progress: Progress = silent,
        neighbours: Neighbours | None = None,
        together: Together = (),
        apart: Apart = (),
        parts: np.ndarray | None = None,
    ) -> MergeTree:
        """The tree of (n, d) float32 unit rows, in the order of image_id, because ties depend on the order.

        The other arguments are as `Linkage` takes them; a photo's scale is the same with and without bindings and
        parts.
        """
        n_images = len(vectors)
        bindings = bindings_if_any(n_images, together, apart)
        if n_images < 2:
            return MergeTree(np.zeros((0, 4)), n_images)
        near = (neighbours or Neighbours(vectors)).of_photos(self.neighbours, progress).similarity
        likeness = _SHARE * near.astype(np.float64).mean(axis=1)
        if parts is None:
            return _tree(vectors, likeness, bindings, progress)
        return tree_in_parts(parts, bindings, lambda rows, bound: _tree(vectors[rows], likeness[rows], bound, progress))


def _tree(vectors: np.ndarray, likeness: np.ndarray, bindings: Bindings | None, progress: Progress) -> MergeTree:
    """Returns the tree of two photos or more. likeness: (n,) float64, what each photo's similarities are lowered by."""
    n_images = len(vectors)
    if n_images >= FEWEST:
        return MergeTree(linkage_by_means(vectors, likeness, progress, bindings=bindings), n_images)
    distances = condensed_distances(vectors)
    end = 0
    for row in range(n_images - 1):
        after = distances[end : end + n_images - row - 1]
        # Equal photos keep distance 0, and no others have it.
        differ = after > 0
        np.add(after, likeness[row] + likeness[row + 1 :], out=after, where=differ)
        np.maximum(after, SMALLEST_DISTANCE, out=after, where=differ)
        end += len(after)
    return tree_from_distances(distances, n_images, "average", bindings)


@clusterers.register(
    "average_local",
    title="Average linkage, local scale",
    source="Conneau et al., Word translation without parallel data, ICLR 2018 (CSLS, at half strength), "
    "by scipy.cluster.hierarchy; by group means from 2,000 photos on",
    version=3,
    summary="Average linkage; photos that are similar to everything join later.",
    settings=(
        Setting("neighbours", "Nearest photos", 10, low=1, high=1000, step=1, help="Compared with them on average."),
    ),
)
def average_local(neighbours: int = 10) -> LocalScaleLinkage:
    """Mean similarity of two groups' photos, on a local scale."""
    return LocalScaleLinkage(neighbours)
