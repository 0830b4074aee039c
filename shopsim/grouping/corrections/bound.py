"""What corrections mean for the photos of one catalogue, by their places in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shopsim.base.disk.store import digest_of
from shopsim.clusterers.bindings import Bindings, bindings_of
from shopsim.grouping.corrections.meaning import Statements


@dataclass(frozen=True)
class Bound:
    """Photos of a catalogue that stay together and pairs that never merge, as `fit` of a clusterer takes them.

    n_images: photos of the catalogue. together: closures of two photos or more, in order. apart: one pair of photos
    for each pair of closures.
    """

    n_images: int
    together: tuple[tuple[int, ...], ...]
    apart: tuple[tuple[int, int], ...]

    def __bool__(self) -> bool:
        return bool(self.together or self.apart)

    @property
    def digest(self) -> str:
        """A digest for keys of what was computed with these corrections."""
        return digest_of("corrected", self.n_images, self.together, self.apart)

    @property
    def bindings(self) -> Bindings:
        """The same as the clusterers' closures."""
        return bindings_of(self.n_images, self.together, self.apart)


def bound_of(keys: Sequence[str], statements: Statements, names: Sequence[str] | None = None) -> Bound:
    """Returns what the statements mean for the photos with these keys, in this order.

    Photos that are not in the catalogue link those that are: if two photos show the model of an absent one, they stay
    together. Byte-equal photos that a statement names show one model. names: of the photos, for the sentence of an
    error. Raises Contradiction, with the chain of photos, if a pair is said to be the same and different.
    """
    places: dict[str, list[int]] = {}
    for place, key in enumerate(keys):
        places.setdefault(key, []).append(place)
    named = dict.fromkeys(key for group in (*statements.together, *statements.apart) for key in group)
    absent = [key for key in named if key not in places]
    for number, key in enumerate(absent):
        places[key] = [len(keys) + number]
    together = [[place for key in group for place in places[key]] for group in statements.together]
    together += [places[key] for key in named if len(places[key]) > 1]
    apart = [(places[one][0], places[other][0]) for one, other in statements.apart]
    told = [*(keys if names is None else names), *(f"{key[:8]}, which is not here" for key in absent)]
    return _of_present(bindings_of(len(told), together, apart, told), len(keys))


def _of_present(bindings: Bindings, n_images: int) -> Bound:
    """Returns the closures with photos of the catalogue, without the absent ones; those stand last."""
    closure = bindings.closure[:n_images]
    kept, first, sizes = np.unique(closure, return_index=True, return_counts=True)
    order = np.argsort(closure, kind="stable")
    ends = np.cumsum(sizes)
    together = [
        tuple(order[ends[number] - sizes[number] : ends[number]].tolist()) for number in np.flatnonzero(sizes > 1)
    ]
    # A closure of absent photos only has no place.
    place = dict(zip(kept.tolist(), first.tolist(), strict=True))
    apart = [(place[one], place[other]) for one, other in bindings.apart.tolist() if one in place and other in place]
    return Bound(n_images, tuple(sorted(together)), tuple(sorted((min(pair), max(pair)) for pair in apart)))
