"""Agglomerative clustering with bindings as slowly and plainly as can be, to compare trees with."""

import numpy as np

from shopsim.clusterers.bindings import bindings_of

TAKEN = {"average": np.mean, "complete": np.min, "single": np.max}


def random_bindings(rng, n):
    """A few groups of photos that are together, and pairs of other photos that are apart."""
    together = [rng.choice(n, rng.integers(2, 4), replace=False).tolist() for _ in range(rng.integers(0, 4))]
    closure = bindings_of(n, together).closure
    pairs = [tuple(rng.choice(n, 2, replace=False).tolist()) for _ in range(rng.integers(0, n))]
    return together, [(a, b) for a, b in pairs if closure[a] != closure[b]]


def naive_cuts(similarity, method, together, apart):
    """Each merge's similarity, and (n,) labels before all merges and after each one; one pair of groups at a time."""
    n = len(similarity)
    groups = starting(n, together)
    heights, cuts = [], [labels_of(groups, n)]
    while (best := best_pair(groups, similarity, method, apart)) is not None:
        heights.append(best[0])
        groups[best[2]] |= groups.pop(best[1])
        cuts.append(labels_of(groups, n))
    return np.array(heights), cuts


def assert_each_merge_is_the_best(tree, similarity, method, together, apart, atol=2e-6):
    """Replays a tree: each merge joins groups that are as similar as any that may merge. So ties may go either way."""
    n = len(similarity)
    groups = {frozenset(group) for group in starting(n, together)}
    photos = [frozenset([photo]) for photo in range(n)]
    for number, (left, right) in enumerate(tree.linkage[: tree.n_takeable, :2].astype(int).tolist()):
        one, other = photos[left], photos[right]
        photos.append(one | other)
        if number < tree.n_bound:
            continue
        best = best_pair(list(groups), similarity, method, apart)[0]
        assert not kept_apart(one, other, apart)
        assert abs(best - of_groups(one, other, similarity, method)) < atol
        assert abs(best - tree.merge_similarities[number]) < atol
        groups = groups - {one, other} | {one | other}
    assert best_pair(list(groups), similarity, method, apart) is None


def starting(n, together):
    """The sets of photos that are together from the start."""
    closure = bindings_of(n, together).closure
    return [set(np.flatnonzero(closure == number).tolist()) for number in range(closure.max() + 1)]


def best_pair(groups, similarity, method, apart):
    """The highest similarity of two groups that may merge, and their places, the later one first; None if none may."""
    return max(
        (
            (of_groups(one, other, similarity, method), i, j)
            for i, one in enumerate(groups)
            for j, other in enumerate(groups[:i])
            if not kept_apart(one, other, apart)
        ),
        default=None,
    )


def of_groups(one, other, similarity, method):
    """The linkage's similarity of two groups."""
    return TAKEN[method](similarity[np.ix_(sorted(one), sorted(other))])


def kept_apart(one, other, apart):
    """Whether a pair stands between two groups."""
    return any((a in one and b in other) or (b in one and a in other) for a, b in apart)


def labels_of(groups, n):
    """(n,) labels by first appearance."""
    number = {photo: min(group) for group in groups for photo in group}
    first = {least: place for place, least in enumerate(sorted(set(number.values())))}
    return [first[number[photo]] for photo in range(n)]
