"""Extractors that stay loaded in a process that is asked for them again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from shopsim.extractors import Extractor, extractors
from shopsim.extractors.weights import weights_state
from shopsim.registry import Value

# A loaded network holds some 100 MB.
_MOST_KEPT = 2


def kept_extractor(name: str, settings: Mapping[str, Value]) -> Extractor:
    """The extractor of that name; a network is loaded once, and again when its weights have changed.

    Raises ShopsimError as `extractors.create` does.
    """
    weights = weights_state(name, **settings)
    if not weights:
        return extractors.create(name, **settings)
    return _network(name, tuple(sorted(settings.items())), weights)


@lru_cache(maxsize=_MOST_KEPT)
def _network(name: str, settings: tuple[tuple[str, Value], ...], weights: str) -> Extractor:
    return extractors.create(name, **dict(settings))
