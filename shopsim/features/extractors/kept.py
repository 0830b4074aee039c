"""Extractors are built once per process, however many jobs ask for them, and networks stay loaded."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import lru_cache

from shopsim.base.registry import Value
from shopsim.features.extractors import Extractor, extractors
from shopsim.features.networks.wanted import is_network
from shopsim.features.networks.weights import weights_state, why_not_trusted

# A loaded network takes some 100 MB. Tuned settings name up to three: a trained network, its origin, and a companion.
_MOST_NETWORKS = 4
_MOST_OTHERS = 16
# `lru_cache` alone would let two threads that ask at once build the same one. Extractors of photos start in no time.
_building = threading.Lock()


def kept_extractor(name: str, settings: Mapping[str, Value]) -> Extractor:
    """Returns the extractor of that name; a network is loaded once, and again when its weights have changed.

    Raises ShopsimError as `extractors.create` does, and NotTrusted as `obtain`.
    """
    factory, given = extractors.entry(name).factory, tuple(sorted(settings.items()))
    if not is_network(name):
        with _building:
            return _other(factory, name, given)
    weights = weights_state(name, **settings)
    if not weights:
        # Fetches the weights, or raises why there are none.
        extractors.create(name, **settings)
        weights = weights_state(name, **settings)
    # Kept networks too are used only by a person who trusts them.
    if (refusal := why_not_trusted(name, **settings)) is not None:
        raise refusal
    with _building:
        return _network(factory, name, given, weights)


_Given = tuple[tuple[str, Value], ...]


@lru_cache(maxsize=_MOST_NETWORKS)
def _network(factory: Callable[..., Extractor], name: str, settings: _Given, weights: str) -> Extractor:
    return extractors.create(name, **dict(settings))


@lru_cache(maxsize=_MOST_OTHERS)
def _other(factory: Callable[..., Extractor], name: str, settings: _Given) -> Extractor:
    return extractors.create(name, **dict(settings))
