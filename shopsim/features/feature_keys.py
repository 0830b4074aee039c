"""What tells features apart: the extractor that made them, and how photos were read for it."""

from __future__ import annotations

from shopsim.catalog.photos.images import READING
from shopsim.features.extractors import Extractor

_READING = " reading="


def key_of(extractor: Extractor) -> str:
    """The key of an extractor's features: rows of photos that were read another way are not mistaken for these."""
    return f"{extractor.key}{_READING}{READING}"


def same_extractor(key: str, other: str) -> bool:
    """Whether two keys, of features or extractors, are of one extractor, however photos were read.

    What was tuned or trained on a photo holds for the same photo read a little better.
    """
    return key.partition(_READING)[0] == other.partition(_READING)[0]
