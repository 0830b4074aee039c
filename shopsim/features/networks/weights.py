"""Fetches a network's weights, and says beforehand whether they are on this machine."""

from __future__ import annotations

import tarfile
import urllib.error
import urllib.request
from pathlib import Path

from shopsim.base.errors import ShopsimError
from shopsim.features.networks.engines import why_no_engine
from shopsim.features.networks.hub_cache import check_saved_model, how_to_supply, saved_model_state
from shopsim.features.networks.trust import NotTrusted, check_at_hand, check_named, keep_trust, not_trusted
from shopsim.features.networks.wanted import (
    Installed,
    Wanted,
    at_hand,
    how_to_install,
    is_network,
    named_from_outside,
    wanted_by,
)

_SECONDS_TO_ANSWER = 5


def why_unavailable(extractor: str, **settings: object) -> str | None:
    """Returns a sentence on what an extractor lacks on this machine; None if it can start.

    It uses no network, imports neither OpenVINO nor TensorFlow, and asks for weights first, then for one of these two.
    Raises ShopsimError for an unknown extractor.
    """
    if not is_network(extractor):
        return None
    try:
        wanted = wanted_by(extractor, settings)
        found = at_hand(wanted)
        return _missing(wanted) if found is None else why_no_engine(wanted, found, settings)
    except ShopsimError as error:
        return str(error)
    except (OSError, ValueError) as error:
        # No system has such a name: it is too long, or has stray bytes.
        return f"The network cannot be looked for on this machine ({getattr(error, 'strerror', None) or error})."


def why_not_trusted(extractor: str, **settings: object) -> NotTrusted | None:
    """Returns what a person must be asked before the extractor starts, or None. Loads nothing, uses no network."""
    name = named_from_outside(extractor, settings)
    # Without a name there is nothing to load; the extractor says so.
    if not name:
        return None
    try:
        check_named(name, at_hand(wanted_by(extractor, settings)))
    except NotTrusted as error:
        return error
    except (ShopsimError, OSError, ValueError):
        # A name without a network now may have one when it is looked for again.
        return not_trusted(name)
    return None


def trust(extractor: str, **settings: object) -> None:
    """Remembers that a person trusts the network that the settings name, with the files it has now.

    Raises ShopsimError, as `obtain` does, if there is no such network.
    """
    wanted = wanted_by(extractor, settings)
    folder = at_hand(wanted)
    if folder is None and isinstance(wanted, Wanted):
        _check_on_the_hub(wanted)
    keep_trust(named_from_outside(extractor, settings), folder)


def weights_state(extractor: str, **settings: object) -> str:
    """Returns a text that changes when the extractor's weights on this machine change; '' if it needs or finds none.

    Reads no weights, uses no network.
    """
    try:
        folder = at_hand(wanted_by(extractor, settings)) if is_network(extractor) else None
        return "" if folder is None else saved_model_state(folder)
    except (ShopsimError, OSError):
        # Starting the extractor says what is wrong; the network may just be on its way.
        return ""


def obtain(extractor: str, **settings: object) -> Path:
    """Returns the SavedModel or file of weights that an extractor needs; fetches it from the Hub if it is not here.

    Raises NotTrusted, before anything is fetched, if the name comes from outside and nobody has trusted the network.
    Raises ShopsimError if there is no way to get it; without an internet connection that takes seconds.
    """
    wanted, name = wanted_by(extractor, settings), named_from_outside(extractor, settings)
    folder = at_hand(wanted)
    if folder is None and isinstance(wanted, Installed):
        raise ShopsimError(_missing(wanted))
    if folder is None and isinstance(wanted, Wanted):
        _check_on_the_hub(wanted)
    if name:
        check_named(name, folder)
    folder = folder or _fetch(wanted)
    if name:
        check_at_hand(name, folder)
    return folder


def _missing(wanted: Wanted | Installed) -> str:
    if isinstance(wanted, Installed):
        return how_to_install(wanted.name)
    ways = how_to_supply(wanted.name, on_the_hub=bool(wanted.handles))
    return f"The network '{wanted.name}' is not on this machine: {ways}."


def _check_on_the_hub(wanted: Wanted) -> None:
    if not wanted.handles:
        raise ShopsimError(_missing(wanted))


def _fetch(wanted: Wanted) -> Path:
    name, handles = wanted
    try:
        # The Hub's own loader has no timeout: ask once, with one, before TensorFlow is even imported.
        with urllib.request.urlopen(f"{handles[0]}?tf-hub-format=compressed", timeout=_SECONDS_TO_ANSWER):
            pass
    except (OSError, ValueError) as error:
        raise _unreachable(name, error) from error
    from shopsim.features.networks.saved_model import import_tensorflow

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
