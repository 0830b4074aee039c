"""Computes feature rows batch by batch, on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from shopsim.base.registry import Value
from shopsim.catalog.catalog import CatalogImage
from shopsim.catalog.photos.images import is_blank
from shopsim.features.decoded import decoded_batches
from shopsim.features.extractors import Extractor

Missing = Mapping[str, Sequence[CatalogImage]]
"""The photos without a row, by digest; those of one digest are equal byte by byte."""


@dataclass(frozen=True, eq=False)
class Batch:
    """Rows of some photos. digests: (b,); rows: (b, n_features) float32; reasons: by digest why others have no row."""

    digests: Sequence[str]
    rows: np.ndarray
    reasons: Mapping[str, str]


Batches = Callable[[Missing, Extractor], Iterator[Batch]]
"""Gives the rows of all these photos, each once, in any order of batches."""
BatchesOf = Callable[[str, Mapping[str, Value]], Batches]
"""Returns what computes rows by the extractor of that name, with these settings."""


def batches_here(missing: Missing, extractor: Extractor) -> Iterator[Batch]:
    """Decodes in threads, and extracts in the thread that asks."""
    for digests, decoded in decoded_batches(missing, extractor):
        good = {digest: got for digest, got in zip(digests, decoded, strict=True) if not isinstance(got, str)}
        reasons = {digest: got for digest, got in zip(digests, decoded, strict=True) if isinstance(got, str)}
        yield Batch(list(good), rows_of(extractor, list(good.values())), reasons)


def here(name: str, settings: Mapping[str, Value]) -> Batches:
    """Returns `batches_here`, whatever the extractor."""
    return batches_here


def rows_of(extractor: Extractor, photos: Sequence[np.ndarray]) -> np.ndarray:
    """Returns the (b, n_features) float32 rows of (height, width, 3) uint8 photos.

    A blank photo, or a row that is not finite, becomes a row of zeros.
    """
    if not len(photos):
        return np.empty((0, extractor.n_features), np.float32)
    pixels = np.stack(photos)
    rows = np.array(extractor.extract(pixels), np.float32)
    if rows.shape != (len(pixels), extractor.n_features):
        raise ValueError(
            f"{extractor.key} gave {rows.shape} for {len(pixels)} photos of {extractor.n_features} features"
        )
    rows[[is_blank(photo) for photo in pixels]] = 0
    rows[~np.isfinite(rows).all(axis=1)] = 0
    return rows
