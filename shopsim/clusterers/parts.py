"""Trees of photos in parts: photos of different parts never merge, for example those of different brands."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from shopsim.base.labels import by_first_appearance
from shopsim.clusterers.approximate_tree import ApproximateTree, share_found
from shopsim.clusterers.bindings import Bindings
from shopsim.clusterers.merge_order import in_order
from shopsim.clusterers.merge_tree import MergeTree

OfPart = Callable[[np.ndarray, Bindings | None], MergeTree]
"""Makes the tree of some photos, (k,) int64 rows, k at least 2, with their bindings."""


def tree_in_parts(parts: np.ndarray, bindings: Bindings | None, of_part: OfPart) -> MergeTree:
    """Returns the tree in which no cut joins two photos of different parts.

    parts: (n,) integers. It is the tree that one merge at a time would give if pairs of different parts had similarity
    minus infinity: groups of different parts never merge, so the merges of one part do not depend on the others.
    A closure of the bindings may have photos of several parts, since people put them together. It then joins no other
    photo, because each other photo differs from one of its photos.
    """
    n = len(parts)
    parts = by_first_appearance(parts if bindings is None else _parts_of_closures(parts, bindings.closure))
    merges, shares, n_merges = [np.zeros((0, 4))], [], 0
    for rows in np.split(np.argsort(parts, kind="stable"), np.cumsum(np.bincount(parts, minlength=1))[:-1]):
        if len(rows) < 2:
            continue
        tree = of_part(rows, None if bindings is None else bindings.among(rows))
        own = tree.linkage[: tree.n_takeable].copy()
        names = np.concatenate([rows, n + n_merges + np.arange(len(own))])
        own[:, :2] = names[own[:, :2].astype(np.int64)]
        merges.append(own)
        n_merges += len(own)
        shares.append(share_found(tree))
    linkage = in_order(np.concatenate(merges), n) if n else np.zeros((0, 4))
    known = [share for share in shares if share is not None]
    return ApproximateTree(linkage, n, min(known)) if known else MergeTree(linkage, n)


def _parts_of_closures(parts: np.ndarray, closure: np.ndarray) -> np.ndarray:
    """Returns (n,) int64 parts in which each closure is whole; one with photos of several parts is one of its own."""
    n_closures = int(closure.max(initial=-1)) + 1
    parts = by_first_appearance(parts)
    lowest, highest = np.full(n_closures, len(parts)), np.full(n_closures, -1)
    np.minimum.at(lowest, closure, parts)
    np.maximum.at(highest, closure, parts)
    of_closure = np.where(lowest == highest, lowest, len(parts) + np.arange(n_closures))
    return of_closure[closure]
