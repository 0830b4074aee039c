"""Which photos the networks trained here have seen, so that no score is measured on their training models."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any

from shopsim.base.errors import ShopsimError
from shopsim.features.feature_keys import same_extractor
from shopsim.features.networks.trained import names, read_card


def check_unseen(features_key: str, digests: Collection[str]) -> None:
    """Raises ShopsimError if the features come from a network that was trained here on some of these photos.

    A score on them would not be a score on held-out models.
    """
    for name, card in _readable_cards().items():
        if same_extractor(str(card.get("features")), features_key):
            _refuse_seen(name, _n_seen(card, digests), len(digests))


def check_not_trained_on(name: str, digests: Collection[str]) -> None:
    """Raises ShopsimError if that network was trained on some of these photos, and as `read_card` does."""
    _refuse_seen(name, n_trained_on(name, digests), len(digests))


def photos_behind(features_key: str) -> set[str]:
    """The first digits of the digests of the photos that the features' network was trained on; empty for others."""
    found: set[str] = set()
    for card in _readable_cards().values():
        if same_extractor(str(card.get("features")), features_key):
            found |= _seen(card)
    return found


def n_trained_on(name: str, digests: Collection[str]) -> int:
    """How many of these photos the network was trained on. Raises ShopsimError as `read_card` does."""
    return _n_seen(read_card(name), digests)


def _refuse_seen(name: str, n_seen: int, n: int) -> None:
    if n_seen:
        raise ShopsimError(
            f"The network '{name}' was trained on {n_seen:,} of these {n:,} photos, so nothing can be judged by their "
            "models; the settings that were kept with it were chosen, and scored, on models it did not see."
        )


def _n_seen(card: Mapping[str, Any], digests: Collection[str]) -> int:
    known = _seen(card)
    return sum(digest[:16] in known for digest in digests)


def _seen(card: Mapping[str, Any]) -> set[str]:
    seen = card.get("photos")
    return {str(digest) for digest in seen} if isinstance(seen, list) else set()


def _readable_cards() -> dict[str, dict[str, Any]]:
    """The cards by name, without damaged ones, which the Learn page reports."""
    found = {}
    for name in names():
        with suppress(ShopsimError):
            found[name] = read_card(name)
    return found
