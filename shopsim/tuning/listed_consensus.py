"""How far groupings of many photos agree: exactly, from the pairs that at least one of them joins, or on a sample."""

from __future__ import annotations

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.base.labels import by_first_appearance
from shopsim.base.rows import distinct_rows
from shopsim.base.work.progress import Progress, say, silent
from shopsim.clusterers.bindings import Bindings
from shopsim.clusterers.linked_tree import tree_from_links
from shopsim.clusterers.memory import check_needed
from shopsim.clusterers.merge_order import in_order
from shopsim.clusterers.merge_tree import DECIMALS, MergeTree, ends_of_merges
from shopsim.clusterers.sparse_merges import sparse_merges, sparse_merges_memory
from shopsim.clusterers.starting_groups import apart_groups, first_merges
from shopsim.tuning.memberships import Memberships

MOST_PAIRS = 30_000_000
"""The most pairs in a list; the tree then takes 2.2 GB."""
# Each group of the grouping with the largest weight first keeps so many kinds of photos in a sample.
_KEPT_PER_GROUP = 64
EXACT = "The agreement is exact; it was computed from the pairs of photos that at least one grouping joins."
ON_A_SAMPLE = (
    "The agreement was computed on a sample of {sampled:,} of {n:,} photos, because the groups have too many pairs. "
    "Each other photo joins the photo of the sample with which it agrees most."
)
TOO_MANY_BOUND = (
    "{bound:,} groups hold photos that you put together or keep apart, and more than {most:,} pairs of these groups "
    "agree in part; undo some of these bindings, or group one category at a time."
)

_Consensus = tuple[np.ndarray, int, str]


def listed_consensus(
    labels: np.ndarray, share: np.ndarray, progress: Progress = silent, bindings: Bindings | None = None
) -> _Consensus:
    """Returns the linkage of the agreement, the number of photos, and a sentence on how it was computed.

    labels: (m, n) integers, the groupings. share: (m,) float64 weights that add up to 1.
    Photos that all groupings treat alike agree fully, so they are one kind from the start. Two kinds that no grouping
    joins agree in nothing, so average linkage needs only the other pairs. If these are more than MOST_PAIRS, the tree
    is that of a sample: of each group in the grouping with the largest weight only some kinds, and all small groups.
    bindings: closures to start from, and pairs of them that never merge.
    Raises ShopsimError if the lists would not fit in memory, or if the bindings alone leave too many pairs.
    """
    alike = distinct_rows(np.ascontiguousarray(labels.T))[1]
    say(progress, f"comparing the groupings of {len(alike):,} photos")
    group = first_merges(alike, bindings)[0]
    members = Memberships.of(labels, share, group)
    check_needed(sparse_merges_memory(min(MOST_PAIRS, members.at_most)) + 8 * labels.nbytes, len(alike))
    linkage = _linkage(members, alike, bindings, progress)
    if linkage is not None:
        return linkage, len(alike), EXACT
    return _from_sample(labels, members, group, alike, bindings, progress)


def _linkage(
    members: Memberships, alike: np.ndarray, bindings: Bindings | None, progress: Progress
) -> np.ndarray | None:
    """The exact linkage of n photos; None if it has too many pairs. alike: (n,) the kind of each photo."""
    pairs = members.pairs(MOST_PAIRS, progress)
    if pairs is None:
        return None
    group, start, names, sizes = first_merges(alike, bindings)
    apart = None if bindings is None else apart_groups(bindings, group)
    merges = sparse_merges(pairs, sizes, names, len(alike) + len(start), progress, apart)
    merges[:, 2] = np.round((1.0 - merges[:, 2]).clip(0.0, 1.0), DECIMALS)
    return in_order(np.concatenate([start, merges]), len(alike))


def _from_sample(
    labels: np.ndarray,
    members: Memberships,
    group: np.ndarray,
    alike: np.ndarray,
    bindings: Bindings | None,
    progress: Progress,
) -> _Consensus:
    """The tree of a sample of the starting groups, to which each other photo is linked where it agrees most."""
    first = np.unique(group, return_index=True)[1]
    rank = _rank_in_group(by_first_appearance(labels[members.heaviest, first]))
    if bindings is not None:
        rank[_bound_groups(bindings, group)] = -1
    sampled, photos, linkage = _tree_of_sample(members, rank, group, alike, bindings, progress)
    nearest, agreement = members.nearest(sampled, progress)
    # The first photo of each other kind is linked to the sample, and the photos of a kind to its first photo.
    others, copies = np.setdiff1d(first, photos), np.setdiff1d(np.setdiff1d(np.arange(len(group)), photos), first)
    ends = [
        photos[ends_of_merges(MergeTree(linkage, len(photos)))],
        np.stack([others, first[sampled][nearest[group[others]]]], axis=1),
        np.stack([copies, first[group[copies]]], axis=1),
    ]
    apart = (1.0 - agreement[group[others]]).clip(0.0, 1.0)
    heights = np.concatenate([linkage[:, 2], apart, np.zeros(len(copies))])
    told = ON_A_SAMPLE.format(sampled=len(photos), n=len(group))
    return tree_from_links(np.concatenate(ends), heights, len(group)).linkage, len(group), told


def _tree_of_sample(
    members: Memberships,
    rank: np.ndarray,
    group: np.ndarray,
    alike: np.ndarray,
    bindings: Bindings | None,
    progress: Progress,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns the largest sample of starting groups that has few enough pairs, its photos, and their linkage.

    rank: (k,) int64 of each starting group, as `_rank_in_group` counts it; -1 for a bound one, which is in each sample.
    Raises ShopsimError if the bound groups alone have too many pairs.
    """
    bound, linkage, most = np.flatnonzero(rank < 0), None, float(_KEPT_PER_GROUP)
    while linkage is None:
        # Below one kind per group, fewer and fewer of the groups are left.
        sampled = np.flatnonzero(rank < most)
        if most < 1:
            sampled = np.union1d(bound, np.flatnonzero(rank == 0)[:: round(1 / most)])
        place = np.full(len(rank), -1)
        place[sampled] = np.arange(len(sampled))
        photos = np.flatnonzero(place[group] >= 0)
        inside = None if bindings is None else bindings.among(photos)
        linkage = _linkage(members.among(sampled), by_first_appearance(alike[photos]), inside, progress)
        if linkage is None and len(sampled) <= len(bound) + 1:
            raise ShopsimError(TOO_MANY_BOUND.format(bound=len(bound), most=MOST_PAIRS))
        most /= 2
    return sampled, photos, linkage


def _bound_groups(bindings: Bindings, group: np.ndarray) -> np.ndarray:
    """The groups that hold a closure of several photos, or one that stays apart from another."""
    sizes = np.bincount(bindings.closure)
    bound = sizes > 1
    bound[bindings.apart] = True
    return np.unique(group[bound[bindings.closure]])


def _rank_in_group(group: np.ndarray) -> np.ndarray:
    """(k,) int64: how many earlier members each one's group has."""
    order = np.argsort(group, kind="stable")
    ends = np.cumsum(np.bincount(group))
    rank = np.empty(len(group), np.int64)
    rank[order] = np.arange(len(group)) - np.concatenate([[0], ends])[group[order]]
    return rank
