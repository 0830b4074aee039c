"""Brings a network's weights to this machine, and tells beforehand whether they are there."""

from __future__ import annotations

import tarfile
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from shopsim import ShopsimError
from shopsim.extractors import extractors
from shopsim.extractors.hub_cache import check_saved_model, how_to_supply, locate, saved_model_state

_SECONDS_TO_ANSWER = 5


class Wanted(NamedTuple):
    """A network by its folder's name, and by its Hub handles in the order they are looked for."""

    name: str
    handles: tuple[str, ...]


_wanted: dict[str, Callable[..., Wanted | Path]] = {}


def needs_weights(extractor: str) -> Callable[[Callable], Callable]:
    """Decorate the function that tells, from an extractor's settings, which network or SavedModel folder it needs."""

    def add(wanted: Callable) -> Callable:
        _wanted[extractor] = wanted
        return wanted

    return add


def is_network(extractor: str) -> bool:
    """Whether an extractor is a network with weights of its own. Raises ShopsimError for an unknown extractor."""
    extractors.entry(extractor)
    return extractor in _wanted


def why_unavailable(extractor: str, **settings: object) -> str | None:
    """The sentence that says what an extractor lacks on this machine, None if it can start. Asks no network.

    Raises ShopsimError for an unknown extractor.
    """
    extractors.entry(extractor)
    if extractor not in _wanted:
        return None
    try:
        wanted = _wanted[extractor](**settings)
        if isinstance(wanted, Path):
            check_saved_model(wanted)
        elif locate(*wanted) is None:
            return _missing(wanted)
    except ShopsimError as error:
        return str(error)
    except (OSError, ValueError) as error:
        # A name that no system could have: too long, or of stray bytes.
        return f"The network cannot be looked for on this machine ({getattr(error, 'strerror', None) or error})."
    return None


def weights_state(extractor: str, **settings: object) -> str:
    """A text that changes when the weights of an extractor on this machine do; '' if it needs or finds none.

    Reads no weights, asks no network.
    """
    extractors.names()  # So that every extractor has told what it needs.
    if extractor not in _wanted:
        return ""
    try:
        wanted = _wanted[extractor](**settings)
        folder = wanted if isinstance(wanted, Path) else locate(*wanted)
        return "" if folder is None else saved_model_state(folder)
    except (ShopsimError, OSError):
        # Whoever starts the extractor is told what is wrong; a network just being fetched is such a case.
        return ""


def obtain(extractor: str, **settings: object) -> Path:
    """The folder of the SavedModel an extractor needs; from the Hub if it is not on this machine.

    Raises ShopsimError, within seconds where there is no network, if it cannot be had.
    """
    wanted = _wanted[extractor](**settings)
    if isinstance(wanted, Path):
        check_saved_model(wanted)
        return wanted
    return locate(*wanted) or _fetch(wanted)


def _missing(wanted: Wanted) -> str:
    ways = how_to_supply(wanted.name, on_the_hub=bool(wanted.handles))
    return f"The network '{wanted.name}' is not on this machine: {ways}."


def _fetch(wanted: Wanted) -> Path:
    name, handles = wanted
    if not handles:
        raise ShopsimError(_missing(wanted))
    try:
        # The Hub's own loader has no timeout: ask once, with one, before TensorFlow is even imported.
        with urllib.request.urlopen(f"{handles[0]}?tf-hub-format=compressed", timeout=_SECONDS_TO_ANSWER):
            pass
    except (OSError, ValueError) as error:
        raise _unreachable(name, error) from error
    from shopsim.extractors.saved_model import import_tensorflow

    tf = import_tensorflow()
    import tensorflow_hub

    try:
        folder = Path(tensorflow_hub.resolve(handles[0]))
    except (OSError, EOFError, ValueError, RuntimeError, tarfile.TarError, tf.errors.OpError) as error:
        raise _unreachable(name, error) from error
    check_saved_model(folder)
    return folder


def _unreachable(name: str, error: Exception) -> ShopsimError:
    if isinstance(error, urllib.error.HTTPError):
        reason = f"TensorFlow Hub answered {error.code}"
    else:
        reason = f"TensorFlow Hub cannot be reached ({getattr(error, 'reason', error)})"
    return ShopsimError(f"The network '{name}' is not on this machine and {reason}: {how_to_supply(name)}.")
