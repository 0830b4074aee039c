"""The key of features: it names the extractor and how photos were read for it."""

from __future__ import annotations

from shopsim.catalog.photos.images import READING
from shopsim.features.extractors import Extractor

_READING = " reading="


def key_of(extractor: Extractor) -> str:
    """Returns the key of an extractor's features; features of photos that were read another way have another key."""
    return f"{extractor.key}{_READING}{READING}"


def same_extractor(key: str, other: str) -> bool:
    """Whether two keys, of features or extractors, name the same extractor, however photos were read.

    Settings tuned on a photo still hold when the same photo is read a little better.
    """
    return key.partition(_READING)[0] == other.partition(_READING)[0]
