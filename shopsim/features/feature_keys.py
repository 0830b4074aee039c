"""The key of features: it names the extractor and how photos were read for it."""

from __future__ import annotations

from shopsim.catalog.photos.images import READING
from shopsim.features.extractors import Extractor

PRECISION = " precision="
"""Stands in the key of a network's features before the precision, where that is not float32."""
_READING = " reading="


def key_of(extractor: Extractor) -> str:
    """Returns the key of an extractor's features; features of photos that were read another way have another key."""
    return f"{extractor.key}{_READING}{READING}"


def key_if_known(extractor: Extractor) -> str | None:
    """Returns the same key, or None where a network must be converted or calibrated first, which takes long."""
    return key_of(extractor) if getattr(extractor, "knows_key", True) else None


def identity_of(extractor: Extractor) -> str:
    """Returns a key for `same_extractor`; the key itself may only be known once a network was converted."""
    known: str | None = getattr(extractor, "float32_key", None)
    return extractor.key if known is None else known


def same_extractor(key: str, other: str) -> bool:
    """Whether two keys, of features or extractors, name the same extractor, however photos were read and it is run.

    Settings tuned on a photo still hold when the same photo is read a little better, or by a machine without bf16.
    """
    return _without_run(key) == _without_run(other)


def _without_run(key: str) -> str:
    return key.partition(_READING)[0].partition(PRECISION)[0]
