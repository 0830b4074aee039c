"""Decodes photos in threads, some batches ahead of the extractor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.base.work.cores import usable_cores
from shopsim.catalog.catalog import CatalogImage
from shopsim.catalog.photos.images import read_image
from shopsim.catalog.scan import file_digest
from shopsim.features.extractors import Extractor

# More would only cost memory: the extractor is the slower side.
_BATCHES_AHEAD = 3
_MOST_DECODERS = 8
_CHANGED = "changed since the catalogue was opened; open it again"


def decoded_batches(
    missing: Mapping[str, Sequence[CatalogImage]], extractor: Extractor
) -> Iterator[tuple[Sequence[str], list[np.ndarray | str]]]:
    """Yields batches of (digests, the pixels of each or the reason why there are none), decoded in advance."""
    digests = list(missing)
    batches = [digests[start : start + extractor.batch_size] for start in range(0, len(digests), extractor.batch_size)]
    pool = ThreadPoolExecutor(min(usable_cores(), _MOST_DECODERS))

    def submit(batch: Sequence[str]) -> list:
        return [pool.submit(decoded, digest, paths_of(missing[digest]), extractor.image_size) for digest in batch]

    try:
        pending = [submit(batch) for batch in batches[:_BATCHES_AHEAD]]
        for number, batch in enumerate(batches):
            pixels = [future.result() for future in pending.pop(0)]
            if number + _BATCHES_AHEAD < len(batches):
                pending.append(submit(batches[number + _BATCHES_AHEAD]))
            yield batch, pixels
    finally:
        pool.shutdown(cancel_futures=True)


def paths_of(copies: Sequence[CatalogImage]) -> list[Path]:
    """Returns where the byte-equal photos lie."""
    return [image.path for image in copies]


def decoded(digest: str, paths: Sequence[Path], size: tuple[int, int]) -> np.ndarray | str:
    """(height, width, 3) uint8 pixels of the first readable one of these byte-equal photos, else the reason."""
    reason = ""
    for path in paths:
        try:
            pixels = read_image(path, size)
        except ShopsimError as error:
            pixels, reason = None, str(error)
        try:
            # Checked after reading, so that a photo that changes while it is read is noticed too.
            same = file_digest(path) == digest
        except OSError as error:
            reason = f"cannot be read any more: {error.strerror}"
            continue
        if not same:
            reason = _CHANGED
        elif pixels is not None:
            return pixels
    return reason
