"""Agglomerative clustering of a few groups by the square matrix of their similarities."""

from __future__ import annotations

import numpy as np


def dense_merges(
    similarity: np.ndarray, sizes: np.ndarray, names: np.ndarray, next_name: int, method: str = "average"
) -> np.ndarray:
    """Returns the (a - 1, 4) merges of `a` groups into one, in no order, each with names, similarity and size.

    similarity: (a, a) float64, symmetric; overwritten. Groups at minus infinity never merge, nor does anything that
        holds one with anything that holds the other; so there may be fewer merges.
    sizes: (a,) float64. names: (a,) int64; the merges are named next_name, next_name + 1 and so on.
    method: `average`, `complete` or `single`.
    Source: the nearest-neighbour chain, Murtagh, A survey of recent advances in hierarchical clustering (1983).
    """
    np.fill_diagonal(similarity, -np.inf)
    sizes, names, merges = sizes.copy(), names.copy(), np.empty((max(len(sizes) - 1, 0), 4))
    alive, chain, first = np.ones(len(sizes), dtype=bool), [], 0
    made = 0
    while chain or alive[first:].any():
        if not chain:
            first += int(np.argmax(alive[first:]))
            chain.append(first)
        last = chain[-1]
        nearest = int(similarity[last].argmax())
        if similarity[last, nearest] == -np.inf:
            # It is the last one, or never merges with what is left. Only the first of a chain can be so.
            alive[chain.pop()] = False
            continue
        # Of equals the one that it came from, or the chain would go round for ever.
        if len(chain) < 2 or similarity[last, chain[-2]] < similarity[last, nearest]:
            chain.append(nearest)
            continue
        other = chain[-2]
        del chain[-2:]
        merges[made] = names[last], names[other], similarity[last, other], sizes[last] + sizes[other]
        joined = _joined(similarity, last, other, sizes, method)
        joined[[last, other]] = -np.inf
        similarity[last] = similarity[:, last] = joined
        similarity[other] = similarity[:, other] = -np.inf
        alive[other] = False
        sizes[last] += sizes[other]
        names[last] = next_name + made
        made += 1
    return merges[:made]


def _joined(similarity: np.ndarray, one: int, other: int, sizes: np.ndarray, method: str) -> np.ndarray:
    """(a,) float64 similarities of two groups, taken as one, to all groups."""
    if method == "average":
        share = sizes[one] / (sizes[one] + sizes[other])
        return similarity[one] * share + similarity[other] * (1 - share)
    lowest = np.minimum(similarity[one], similarity[other])
    if method == "complete":
        return lowest
    return np.where(lowest == -np.inf, -np.inf, np.maximum(similarity[one], similarity[other]))
