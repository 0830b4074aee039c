"""Which network an extractor needs, and whether its name comes from outside: a link, settings or an option."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from shopsim.base.errors import ShopsimError
from shopsim.features.extractors import extractors
from shopsim.features.networks.hub_cache import check_saved_model, locate


class Wanted(NamedTuple):
    """A network: the name of its folder, and its Hub handles in the order of the search."""

    name: str
    handles: tuple[str, ...]


class _Need(NamedTuple):
    """named_by: the setting whose text anyone may have written; '' where the program itself names the network."""

    tell: Callable[..., Wanted | Path]
    named_by: str


_needs: dict[str, _Need] = {}


def needs_weights(extractor: str, named_by: str = "") -> Callable[[Callable], Callable]:
    """Decorates the function that returns, from an extractor's settings, the network or SavedModel folder it needs.

    named_by: the setting that names the network, where it may be any network at all.
    """

    def add(tell: Callable) -> Callable:
        _needs[extractor] = _Need(tell, named_by)
        return tell

    return add


def is_network(extractor: str) -> bool:
    """Whether an extractor is a network with weights of its own. Raises ShopsimError for an unknown extractor."""
    extractors.entry(extractor)
    return extractor in _needs


def wanted_by(extractor: str, settings: Mapping[str, Any]) -> Wanted | Path:
    """The network of an extractor that is one. Raises ShopsimError where the settings name none."""
    return _needs[extractor].tell(**settings)


def at_hand(wanted: Wanted | Path) -> Path | None:
    """The complete SavedModel of the network on this machine, None if there is none. Raises ShopsimError if broken."""
    if isinstance(wanted, Path):
        check_saved_model(wanted)
        return wanted
    return locate(*wanted)


def named_from_outside(extractor: str, settings: Mapping[str, Any]) -> str:
    """The text with which somebody named the extractor's network; '' where there is no such text."""
    extractors.names()  # Imports every extractor, so that each has said what it needs.
    need = _needs.get(extractor)
    return str(settings.get(need.named_by, "")).strip() if need is not None and need.named_by else ""


def built_in_handles() -> Iterator[str]:
    """The Hub handles of the networks that the program itself names."""
    extractors.names()
    for need in _needs.values():
        try:
            wanted = need.tell() if not need.named_by else None
        except ShopsimError:
            continue  # A network that needs a setting is not built in.
        if isinstance(wanted, Wanted):
            yield from wanted.handles
