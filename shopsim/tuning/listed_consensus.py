"""How far groupings of many photos agree: exactly, from the pairs that at least one of them joins, or on a sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from shopsim.base.labels import by_first_appearance
from shopsim.base.rows import distinct_rows
from shopsim.base.work.progress import Progress, look, say, silent
from shopsim.clusterers.linked_tree import tree_from_links
from shopsim.clusterers.memory import check_needed
from shopsim.clusterers.merge_order import in_order, joined_first
from shopsim.clusterers.merge_tree import DECIMALS, MergeTree, ends_of_merges
from shopsim.clusterers.sparse_merges import Pairs, sparse_merges, sparse_merges_memory

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MOST_PAIRS = 30_000_000
"""The most pairs in a list; the tree then takes 2.2 GB."""
# Each group of the grouping with the largest weight first keeps so many kinds of photos in a sample.
_KEPT_PER_GROUP = 64
_BLOCK = 512
_MOST_IN_BLOCK = 2**23
EXACT = "The agreement is exact; it was computed from the pairs of photos that at least one grouping joins."
ON_A_SAMPLE = (
    "The agreement was computed on a sample of {sampled:,} of {n:,} photos, because the groups have too many pairs. "
    "Each other photo joins the photo of the sample with which it agrees most."
)

_Consensus = tuple[np.ndarray, int, str]


def listed_consensus(labels: np.ndarray, share: np.ndarray, progress: Progress = silent) -> _Consensus:
    """Returns the linkage of the agreement, the number of photos, and a sentence on how it was computed.

    labels: (m, n) integers, the groupings. share: (m,) float64 weights that add up to 1.
    Photos that all groupings treat alike agree fully, so they are one kind from the start. Two kinds that no grouping
    joins agree in nothing, so average linkage needs only the other pairs. If these are more than MOST_PAIRS, the tree
    is that of a sample: of each group in the grouping with the largest weight only some kinds, and all small groups.
    Raises ShopsimError if the lists would not fit in memory.
    """
    first, alike = distinct_rows(np.ascontiguousarray(labels.T))
    kinds = np.stack([by_first_appearance(own) for own in labels[:, first]])
    sizes = np.bincount(alike).astype(np.float64)
    check_needed(sparse_merges_memory(min(MOST_PAIRS, _at_most(kinds))) + 4 * kinds.nbytes, len(alike))
    say(progress, f"comparing the groupings of {len(alike):,} photos")
    pairs = _pairs(kinds, share, sizes, progress)
    if pairs is not None:
        return _linkage(pairs, alike, progress), len(alike), EXACT
    return _from_sample(kinds, alike, share, sizes, progress)


def _at_most(kinds: np.ndarray) -> int:
    """An upper limit of the number of pairs that at least one grouping joins."""
    return int(sum((sizes * (sizes - 1) // 2).sum() for sizes in map(np.bincount, kinds)))


def _pairs(kinds: np.ndarray, share: np.ndarray, sizes: np.ndarray, progress: Progress) -> Pairs | None:
    """Every pair of kinds that at least one grouping joins; None if there are more than MOST_PAIRS.

    kinds: (m, k) labels of k kinds of photos. sizes: (k,) float64, the photos of each kind.
    """
    if max((each * (each - 1) // 2).sum() for each in map(np.bincount, kinds)) > MOST_PAIRS:
        return None
    groups, weighted = _one_hot(kinds, share)
    one, other, total = [], [], []
    for start in range(0, kinds.shape[1], _BLOCK):
        look(progress)
        product = (weighted[start : start + _BLOCK] @ groups.T).tocoo()
        row, column = product.coords[0].astype(np.int64) + start, product.coords[1].astype(np.int64)
        after = column > row
        one.append(row[after])
        other.append(column[after])
        total.append(product.data[after] * sizes[one[-1]] * sizes[other[-1]])
        if sum(map(len, total)) > MOST_PAIRS:
            return None
    return Pairs(np.concatenate(one), np.concatenate(other), np.concatenate(total))


def _one_hot(kinds: np.ndarray, share: np.ndarray) -> tuple[csr_array, csr_array]:
    """(k, groups of all groupings) arrays: 1 where a kind is in a group, and the same with the grouping's share."""
    from scipy.sparse import csr_array

    m, k = kinds.shape
    n_groups = kinds.max(axis=1) + 1
    columns = (kinds + (np.cumsum(n_groups) - n_groups)[:, None]).T.ravel()
    shape, ends = (k, int(n_groups.sum())), np.arange(k + 1) * m
    groups = csr_array((np.ones(m * k), columns, ends), shape=shape)
    return groups, csr_array((np.tile(share, k), columns, ends), shape=shape)


def _linkage(pairs: Pairs, alike: np.ndarray, progress: Progress) -> np.ndarray:
    """The exact linkage of n photos. alike: (n,) the kind of each photo."""
    n = len(alike)
    start, names, sizes = joined_first(alike, np.arange(n), np.ones(n), n, 0.0)
    merges = sparse_merges(pairs, sizes, names, n + len(start), progress)
    merges[:, 2] = np.round((1.0 - merges[:, 2]).clip(0.0, 1.0), DECIMALS)
    return in_order(np.concatenate([start, merges]), n)


def _from_sample(
    kinds: np.ndarray, alike: np.ndarray, share: np.ndarray, sizes: np.ndarray, progress: Progress
) -> _Consensus:
    """The tree of a sample of kinds, to which each other photo is linked where it agrees most."""
    n, most = len(alike), _KEPT_PER_GROUP
    pairs, rank = None, _rank_in_group(kinds[share.argmax()])
    while pairs is None:
        # Below one kind per group, fewer and fewer of the groups are left.
        sampled = np.flatnonzero(rank < most) if most >= 1 else np.flatnonzero(rank < 1)[:: round(1 / most)]
        inside = np.stack([by_first_appearance(own) for own in kinds[:, sampled]])
        pairs, most = _pairs(inside, share, sizes[sampled], progress), most / 2
    place = np.full(kinds.shape[1], -1)
    place[sampled] = np.arange(len(sampled))
    photos = np.flatnonzero(place[alike] >= 0)
    linkage = _linkage(pairs, place[alike[photos]], progress)
    nearest, agreement = _nearest(kinds, sampled, share, progress)
    # The first photo of each other kind is linked to the sample, and the photos of a kind to its first photo.
    first = np.unique(alike, return_index=True)[1]
    others, copies = np.setdiff1d(first, photos), np.setdiff1d(np.setdiff1d(np.arange(n), photos), first)
    inside = photos[ends_of_merges(MergeTree(linkage, len(photos)))]
    across = np.stack([others, first[sampled][nearest[alike[others]]]], axis=1)
    ends = np.concatenate([inside, across, np.stack([copies, first[alike[copies]]], axis=1)])
    apart = (1.0 - agreement[alike[others]]).clip(0.0, 1.0)
    heights = np.concatenate([linkage[:, 2], apart, np.zeros(len(copies))])
    return tree_from_links(ends, heights, n).linkage, n, ON_A_SAMPLE.format(sampled=len(photos), n=n)


def _rank_in_group(group: np.ndarray) -> np.ndarray:
    """(k,) int64: how many earlier members each one's group has."""
    order = np.argsort(group, kind="stable")
    ends = np.cumsum(np.bincount(group))
    rank = np.empty(len(group), np.int64)
    rank[order] = np.arange(len(group)) - np.concatenate([[0], ends])[group[order]]
    return rank


def _nearest(
    kinds: np.ndarray, sampled: np.ndarray, share: np.ndarray, progress: Progress
) -> tuple[np.ndarray, np.ndarray]:
    """For each kind the place in the sample of the kind that agrees most, the first of equals, and how far it does."""
    groups, weighted = _one_hot(kinds, share)
    nearest, agreement = np.zeros(kinds.shape[1], np.int64), np.zeros(kinds.shape[1])
    among, rows = groups[sampled].T, max(1, _MOST_IN_BLOCK // len(sampled))
    for start in range(0, kinds.shape[1], rows):
        look(progress)
        block = (weighted[start : start + rows] @ among).toarray()
        nearest[start : start + len(block)] = block.argmax(axis=1)
        agreement[start : start + len(block)] = block.max(axis=1)
    return nearest, agreement
