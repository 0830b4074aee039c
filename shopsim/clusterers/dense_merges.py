"""Average linkage of a few groups by the square matrix of their similarities."""

from __future__ import annotations

import numpy as np


def dense_merges(similarity: np.ndarray, sizes: np.ndarray, names: np.ndarray, next_name: int) -> np.ndarray:
    """Returns the (a - 1, 4) merges of `a` groups into one, in no order of height, as `linkage_by_means` notes them.

    similarity: (a, a) float64, symmetric, the mean similarity of two groups' photos; overwritten. sizes: (a,) float64.
    names: (a,) int64; the merges are named next_name, next_name + 1 and so on.
    Source: the nearest-neighbour chain, Murtagh, A survey of recent advances in hierarchical clustering (1983).
    """
    np.fill_diagonal(similarity, -np.inf)
    sizes, names, merges = sizes.copy(), names.copy(), np.empty((max(len(sizes) - 1, 0), 4))
    alive, chain, first = np.ones(len(sizes), dtype=bool), [], 0
    made = 0
    while made < len(merges):
        if not chain:
            first += int(np.argmax(alive[first:]))
            chain.append(first)
        last = chain[-1]
        nearest = int(similarity[last].argmax())
        # Of equals the one that it came from, or the chain would go round for ever.
        if len(chain) < 2 or similarity[last, chain[-2]] < similarity[last, nearest]:
            chain.append(nearest)
            continue
        other = chain[-2]
        del chain[-2:]
        merges[made] = names[last], names[other], similarity[last, other], sizes[last] + sizes[other]
        share = sizes[last] / (sizes[last] + sizes[other])
        joined = similarity[last] * share + similarity[other] * (1 - share)
        joined[[last, other]] = -np.inf
        similarity[last] = similarity[:, last] = joined
        similarity[other] = similarity[:, other] = -np.inf
        alive[other] = False
        sizes[last] += sizes[other]
        names[last] = next_name + made
        made += 1
    return merges
