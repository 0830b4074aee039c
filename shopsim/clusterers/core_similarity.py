"""Each photo's core similarity among all photos: how similar the photo is that makes its place dense."""

from __future__ import annotations

import numpy as np

from shopsim.base.rows import distinct_rows
from shopsim.base.work.progress import Progress, silent
from shopsim.clusterers.distances import condensed_distances, core_distances, similarity_of
from shopsim.clusterers.kept_neighbours import Neighbours
from shopsim.clusterers.mean_linkage import FEWEST
from shopsim.clusterers.spanning_components import NEXT_TO_EQUAL
from shopsim.clusterers.spanning_tree import LIST_LENGTH, MOST_MIN_SAMPLES, core_similarities


def core_similarity(
    vectors: np.ndarray, min_samples: int, progress: Progress = silent, neighbours: Neighbours | None = None
) -> np.ndarray:
    """Returns (n,) float64, the similarity of each photo to its `min_samples`-th nearest, itself counted.

    vectors: (n, d) float32 unit rows. The same numbers as in the tree of all photos. neighbours: the lists of these
    vectors, if others have searched them.
    """
    n = len(vectors)
    if n < FEWEST or min_samples > MOST_MIN_SAMPLES:
        return similarity_of(core_distances(condensed_distances(vectors), n, min_samples))
    identity = distinct_rows(vectors)[1]
    lists = (neighbours or Neighbours(vectors)).of_distinct(max(LIST_LENGTH, min_samples - 1), progress)
    near = np.minimum(lists.similarity, NEXT_TO_EQUAL)
    core = core_similarities(lists.ids, near, np.bincount(identity), min_samples)
    return core[identity].astype(np.float64)
