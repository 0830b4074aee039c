"""What people say of photos before they are grouped: these belong together, and those never do."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.base.labels import by_first_appearance
from shopsim.clusterers import clusterers

Together = Sequence[Sequence[int]]
"""Groups of photos that belong together, by their numbers."""
Apart = Sequence[tuple[int, int]]
"""Pairs of photos that never merge."""


class Contradiction(ShopsimError):
    """Two photos are to stay apart and are put together. chain: the photos that put them together, both ends first."""

    def __init__(self, sentence: str, chain: tuple[int, ...]) -> None:
        super().__init__(sentence)
        self.chain = chain

    def __reduce__(self) -> tuple[type[Contradiction], tuple[str, tuple[int, ...]]]:
        """Keeps the chain where a worker process sends the error."""
        return type(self), (str(self), self.chain)


@dataclass(frozen=True, eq=False)
class Bindings:
    """Closures of photos that are together, and the pairs of closures that never merge.

    closure: (n,) int64, the number of each photo's closure by first appearance; a photo that nothing binds is one of
        its own. apart: (m, 2) int64 distinct pairs of closures, the lower number first.
    """

    closure: np.ndarray
    apart: np.ndarray

    def among(self, photos: np.ndarray) -> Bindings:
        """Returns the bindings of some of the photos: (k,) int64, rising, with each closure whole or not at all."""
        number = np.full(len(self.closure), -1)
        kept, first = np.unique(self.closure[photos], return_index=True)
        number[kept[np.argsort(first)]] = np.arange(len(kept))
        ends = number[self.apart]
        return Bindings(number[self.closure[photos]], ends[(ends >= 0).all(axis=1)])


def bindings_of(
    n_images: int,
    together: Together = (),
    apart: Apart = (),
    names: Sequence[str] | None = None,
) -> Bindings:
    """Returns the bindings of n photos. Photos that share a group with a third one are together as well.

    together: groups of photos, by their numbers. apart: pairs of photos; it keeps their closures apart as a whole.
    names: of the photos, for the sentence of an error.
    Raises Contradiction if a pair is together and apart, and ValueError for a photo that is not there.
    """
    groups = [[int(photo) for photo in group] for group in together]
    pairs = np.asarray(list(apart), dtype=np.int64).reshape(-1, 2)
    known = np.array([photo for group in groups for photo in group] + pairs.ravel().tolist(), dtype=np.int64)
    if ((known < 0) | (known >= n_images)).any():
        raise ValueError(f"Bindings name photos outside 0 to {n_images - 1}.")
    closure = _closures(n_images, groups)
    ends = closure[pairs]
    broken = np.flatnonzero(ends[:, 0] == ends[:, 1])
    if len(broken):
        raise _contradiction(groups, *pairs[broken[0]].tolist(), names)
    return Bindings(closure, np.unique(np.sort(ends, axis=1), axis=0))


def bindings_if_any(n_images: int, together: Together, apart: Apart) -> Bindings | None:
    """Returns `bindings_of` the photos, or None where nothing is said of any of them."""
    return bindings_of(n_images, together, apart) if len(together) or len(apart) else None


def check_takes_bindings(name: str) -> None:
    """Raises ShopsimError if the clusterer of this name cannot keep photos together or apart.

    A clusterer that can has the attribute `takes_bindings`; its `fit` and `memory` have the arguments `together` and
    `apart`, and its `fit` also has `parts`.
    """
    if not takes_bindings(name):
        able = ", ".join(other for other in clusterers.names() if takes_bindings(other))
        raise ShopsimError(
            f"'{name}' ({clusterers.entry(name).title}) cannot keep photos together or apart, because it does not join "
            f"groups one after the other. Those that can: {able}."
        )


def takes_bindings(name: str) -> bool:
    """Whether the clusterer of this name can keep photos together and apart. Raises ShopsimError for another name."""
    return getattr(clusterers.create(name), "takes_bindings", False)


def _closures(n_images: int, groups: Sequence[Sequence[int]]) -> np.ndarray:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    one = [group[0] for group in groups for _ in group]
    other = [photo for group in groups for photo in group]
    links = coo_array((np.ones(len(one), np.int8), (one, other)), shape=(n_images, n_images))
    return by_first_appearance(connected_components(links, directed=False)[1]) if n_images else np.zeros(0, np.int64)


def _contradiction(groups: Sequence[Sequence[int]], one: int, other: int, names: Sequence[str] | None) -> Contradiction:
    chain = _chain(groups, one, other)
    told = [str(photo) if names is None else f"'{names[photo]}'" for photo in chain]
    if one == other:
        return Contradiction(f"Photo {told[0]} cannot be kept apart from itself; remove this pair.", chain)
    return Contradiction(
        f"Photos {told[0]} and {told[-1]} are to stay apart, but they are put together: {' - '.join(told)}. Remove one "
        "of these links, or let the two be together.",
        chain,
    )


def _chain(groups: Sequence[Sequence[int]], one: int, other: int) -> tuple[int, ...]:
    """Returns the shortest way from one photo to the other, in which neighbours share a group."""
    groups_of: dict[int, list[int]] = {}
    for number, group in enumerate(groups):
        for photo in group:
            groups_of.setdefault(photo, []).append(number)
    before, waiting, seen = {one: one}, deque([one]), set()
    while other not in before:
        photo = waiting.popleft()
        for number in groups_of.get(photo, []):
            if number not in seen:
                seen.add(number)
                for further in groups[number]:
                    if further not in before:
                        before[further] = photo
                        waiting.append(further)
    chain = [other]
    while chain[-1] != one:
        chain.append(before[chain[-1]])
    return tuple(reversed(chain))
