"""Decodes photos in threads, some batches ahead of the extractor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

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
    missing: dict[str, list[CatalogImage]], extractor: Extractor
) -> Iterator[tuple[Sequence[str], list[np.ndarray | str]]]:
    """Yields batches of (digests, the pixels of each or the reason why there are none), decoded in advance."""
    digests = list(missing)
    batches = [digests[start : start + extractor.batch_size] for start in range(0, len(digests), extractor.batch_size)]
    pool = ThreadPoolExecutor(min(usable_cores(), _MOST_DECODERS))

    def submit(batch: Sequence[str]) -> list:
        return [pool.submit(_decode, missing[digest], extractor.image_size) for digest in batch]

    try:
        pending = [submit(batch) for batch in batches[:_BATCHES_AHEAD]]
        for number, batch in enumerate(batches):
            decoded = [future.result() for future in pending.pop(0)]
            if number + _BATCHES_AHEAD < len(batches):
                pending.append(submit(batches[number + _BATCHES_AHEAD]))
            yield batch, decoded
    finally:
        pool.shutdown(cancel_futures=True)


def _decode(copies: Sequence[CatalogImage], size: tuple[int, int]) -> np.ndarray | str:
    """(height, width, 3) uint8 pixels of the first readable one of these byte-equal photos, else the reason."""
    reason = ""
    for image in copies:
        try:
            pixels = read_image(image.path, size)
        except ShopsimError as error:
            pixels, reason = None, str(error)
        try:
            # Checked after reading, so that a photo that changes while it is read is noticed too.
            same = file_digest(image.path) == image.digest
        except OSError as error:
            reason = f"cannot be read any more: {error.strerror}"
            continue
        if not same:
            reason = _CHANGED
        elif pixels is not None:
            return pixels
    return reason
