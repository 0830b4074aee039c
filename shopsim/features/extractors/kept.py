"""Extractors that stay loaded in a process that is asked for them again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from shopsim.base.registry import Value
from shopsim.features.extractors import Extractor, extractors
from shopsim.features.networks.weights import weights_state, why_not_trusted

# A loaded network holds some 100 MB.
_MOST_KEPT = 2


def kept_extractor(name: str, settings: Mapping[str, Value]) -> Extractor:
    """The extractor of that name; a network is loaded once, and again when its weights have changed.

    Raises ShopsimError as `extractors.create` does, and NotTrusted as `obtain`.
    """
    weights = weights_state(name, **settings)
    if not weights:
        return extractors.create(name, **settings)
    # Kept or not, it is used only by who trusts it.
    if (refusal := why_not_trusted(name, **settings)) is not None:
        raise refusal
    return _network(name, tuple(sorted(settings.items())), weights)


@lru_cache(maxsize=_MOST_KEPT)
def _network(name: str, settings: tuple[tuple[str, Value], ...], weights: str) -> Extractor:
    return extractors.create(name, **dict(settings))
