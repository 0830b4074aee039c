"""Single linkage and DBSCAN's core form of many photos, by a minimum spanning tree without a square matrix."""

from __future__ import annotations

import numpy as np

from shopsim.base.labels import by_first_appearance
from shopsim.base.rows import distinct_rows, unit_rows
from shopsim.base.work.progress import Progress, silent
from shopsim.clusterers.bindings import Bindings, bindings_of
from shopsim.clusterers.dense_merges import dense_merges
from shopsim.clusterers.distances import similarity_of
from shopsim.clusterers.kept_neighbours import Neighbours
from shopsim.clusterers.linked_tree import tree_from_links
from shopsim.clusterers.merge_tree import APART_HEIGHT, BOUND_HEIGHT, MergeTree
from shopsim.clusterers.neighbour_lists import NeighbourLists, neighbour_lists
from shopsim.clusterers.spanning_components import NEXT_TO_EQUAL, Components

LIST_LENGTH = 24
MOST_MIN_SAMPLES = 65
"""The lists are at most 64 long, so they know the core distance of at most so many photos."""
_LOWEST = np.float32(-np.inf)


def spanning_tree_memory(n_images: int, n_features: int, min_samples: int, n_apart: int = 0) -> int:
    """Returns the bytes at the peak: three copies of the rows, the lists and what is computed of them, and a tile.

    n_apart: pairs that stay apart; there is a square matrix of their photos.
    """
    k, n_waiting = max(LIST_LENGTH, min_samples - 1), min(2 * n_apart, n_images)
    return n_images * (3 * 4 * n_features + k * 24 + 900) + 20 * n_waiting**2 + 160 * 2**20


def spanning_tree(
    vectors: np.ndarray,
    min_samples: int = 1,
    progress: Progress = silent,
    bindings: Bindings | None = None,
    neighbours: Neighbours | None = None,
    core: np.ndarray | None = None,
) -> MergeTree:
    """Returns the tree of single linkage on mutual reachability distances.

    vectors: (n, d) float32 unit rows. min_samples: at most MOST_MIN_SAMPLES, as `raise_to_core_distances` takes it.
    bindings: closures that every cut keeps, and pairs of them that no cut joins. progress: as in `nearest_lists`.
    neighbours: the lists of these vectors, if others have searched them. With pairs apart they are searched anew.
    core: (n,) core similarities, if they were measured among more photos than these.
    Time: the first search takes n * n * d / 2 multiplications, as for average linkage. A row is then compared with all
    others again, n * d multiplications, whenever its list has no other component and the row may have the best link.
    That is under 1 % of the rows for 16,000 random rows around centres, 10 per centre. With 40 near-copies per centre,
    more than the list is long, each row is searched again about twice, which takes four times as long as the first
    search. With pairs apart one more search takes n * n * d.
    Source: Borůvka 1926. Every component takes its best link to another one, which halves their number at least. With
    pairs apart, only components that hold no photo of a pair do so: no link of theirs can be forbidden. The others, at
    most one per closure that is apart from another, are then merged by the square matrix of their similarities.
    Raises ValueError for NaN or infinity.
    """
    if not np.isfinite(vectors).all():
        raise ValueError("The vectors must be finite.")
    n, identity = len(vectors), distinct_rows(vectors)[1]
    bindings = bindings_of(n) if bindings is None else bindings
    waits = np.isin(np.arange(bindings.closure.max() + 1), bindings.apart)
    # A photo of a closure that waits has a row of its own, since its copies may be elsewhere.
    row = by_first_appearance(np.where(waits[bindings.closure], n + np.arange(n), identity))
    first = np.unique(row, return_index=True)[1]
    lists = _lists(vectors, first, min_samples, progress, neighbours, bool(waits.any()))
    near = NeighbourLists(lists.ids.copy(), np.minimum(lists.similarity, NEXT_TO_EQUAL))
    if core is None:
        core = core_similarities(near.ids, near.similarity, np.bincount(row), min_samples)
    else:
        core = core[first].astype(np.float32)
    components = Components(unit_rows(vectors[first]), near, core, progress)
    ends, distances = _bound_links(bindings)
    components.start_from(*_joined_rows(row, bindings.closure, waits))
    one, other, reached = components.links()
    copies = np.setdiff1d(np.arange(n), first)
    apart_ends, apart_reached = _links_of_waiting(components, bindings, row)
    links = np.stack([np.r_[copies, first[one]], np.r_[first[row[copies]], first[other]]], axis=1)
    similarity = np.concatenate([core[row[copies]], reached, apart_reached]).astype(np.float64)
    ends = np.concatenate([ends, links, apart_ends])
    distances = np.concatenate([distances, similarity_of(similarity).clip(0.0, 2.0)])
    return tree_from_links(ends, distances, n, APART_HEIGHT)


def _lists(
    vectors: np.ndarray,
    first: np.ndarray,
    min_samples: int,
    progress: Progress,
    neighbours: Neighbours | None,
    has_copies: bool,
) -> NeighbourLists:
    """Returns the lists of the rows `first`: the distinct ones, unless has_copies. Each list has at least one place."""
    length = max(LIST_LENGTH, min_samples - 1)
    if has_copies:
        lists = neighbour_lists(vectors[first], length, progress)
    else:
        lists = (neighbours or Neighbours(vectors)).of_distinct(length, progress)
    if len(first) > 1:
        return lists
    return NeighbourLists(np.full((1, 1), -1, np.int32), np.full((1, 1), _LOWEST))


def _bound_links(bindings: Bindings) -> tuple[np.ndarray, np.ndarray]:
    """Links from each photo to the first one of its closure, and their height."""
    photos = np.arange(len(bindings.closure))
    of_closure = np.unique(bindings.closure, return_index=True)[1][bindings.closure]
    bound = photos != of_closure
    return np.stack([photos[bound], of_closure[bound]], axis=1), np.full(int(bound.sum()), BOUND_HEIGHT)


def _joined_rows(row: np.ndarray, closure: np.ndarray, waits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(m,) int64 components of rows whose photos are in one closure, and (components,) bool: which of them wait."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n_rows, n_closures = int(row.max()) + 1, len(waits)
    shape = (n_rows + n_closures, n_rows + n_closures)
    links = coo_array((np.ones(len(row), np.int8), (row, n_rows + closure)), shape=shape)
    of_both = connected_components(links, directed=False)[1]
    component = by_first_appearance(of_both[:n_rows])
    return component, np.bincount(component[row], waits[closure]) > 0


def _links_of_waiting(components: Components, bindings: Bindings, row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Links between photos of the closures that are apart from others, by single linkage that keeps them apart.

    A photo that joined one of them did so at its best link. So where it links two of them, it is in the first already,
    and a photo of the closure itself can stand for it.
    """
    if not len(bindings.apart):
        return np.zeros((0, 2), np.int64), np.zeros(0)
    similarity = components.similarities()
    first = np.unique(bindings.closure, return_index=True)[1]
    one, other = components.component[row[first[bindings.apart]]].T
    similarity[one, other] = similarity[other, one] = -np.inf
    n_components = len(similarity)
    photo = np.zeros(2 * n_components, np.int64)
    apart = first[np.unique(bindings.apart)]
    photo[components.component[row[apart]]] = apart
    merges = dense_merges(similarity, np.ones(n_components), np.arange(n_components), n_components, "single")
    for number, left in enumerate(merges[:, 0].astype(np.int64).tolist()):
        photo[n_components + number] = photo[left]
    return photo[merges[:, :2].astype(np.int64)], merges[:, 2]


def core_similarities(ids: np.ndarray, similarity: np.ndarray, counts: np.ndarray, min_samples: int) -> np.ndarray:
    """(m,) float32 similarity of each distinct row to its `min_samples`-th nearest photo, itself counted.

    ids, similarity: (m, k) the most similar others, -1 and -inf where there is none. counts: (m,) photos per row.
    With fewer photos than that, it is the similarity to the farthest.
    """
    order = np.argsort(-similarity, axis=1, kind="stable")
    ids, similarity = np.take_along_axis(ids, order, axis=1), np.take_along_axis(similarity, order, axis=1)
    n_photos = counts[:, None] + np.cumsum(np.where(ids >= 0, counts[ids], 0), axis=1)
    place = np.minimum((n_photos < min_samples).sum(axis=1), np.maximum((ids >= 0).sum(axis=1) - 1, 0))
    core = np.take_along_axis(similarity, place[:, None], axis=1)[:, 0]
    return np.where((counts >= min_samples) | (core == _LOWEST), np.float32(1.0), core)
