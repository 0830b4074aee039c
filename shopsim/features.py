"""Catalog + extractor + store -> one feature row a photo, each computed once ever."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from shopsim import ShopsimError
from shopsim.catalog import Catalog, CatalogImage, Problem
from shopsim.extractors import Extractor
from shopsim.images import is_blank, read_image
from shopsim.progress import Progress, silent
from shopsim.row_store import RowStore
from shopsim.scan import file_digest
from shopsim.store import digest_of
from shopsim.vector_catalog import read_vectors, vector_order

# More would only cost memory: the extractor is the slower side.
_BATCHES_AHEAD = 3
_DECODERS = 2
_BLANK = "blank: every pixel has the same colour, so the extractor can say nothing about it"


@dataclass(frozen=True)
class Features:
    """What an extractor sees in the photos it can say something about.

    raw: (n, n_features) float32 as the extractor gave them; image_ids: (n,) in the catalogue's order.
    key: of everything that produced them; problems: photos left out, each with its reason.
    """

    raw: np.ndarray
    image_ids: tuple[str, ...]
    key: str
    problems: tuple[Problem, ...] = ()

    @cached_property
    def vectors(self) -> np.ndarray:
        """(n, n_features) float32 unit rows."""
        norms = np.linalg.norm(self.raw, axis=1, keepdims=True)
        return self.raw / np.where(norms > 0, norms, 1)

    def of(self, image_ids: Collection[str]) -> Features:
        """Only these photos, in the same order."""
        wanted = set(image_ids)
        keep = [row for row, image_id in enumerate(self.image_ids) if image_id in wanted]
        if len(keep) == len(self.image_ids):
            return self
        return Features(self.raw[keep], tuple(self.image_ids[row] for row in keep), self.key, self.problems)


def extract_features(catalog: Catalog, extractor: Extractor, cache: Path, progress: Progress = silent) -> Features:
    """The features of a catalogue; only photos the store does not have are read.

    Every batch is stored as it is done, so that a run that is stopped, crashes or is killed goes on where it was.
    A photo that has vanished, changed, or says nothing is left out with its reason.
    Raises ShopsimError if fewer than 1 photo is left while the catalogue has some.
    """
    rows = RowStore(cache, extractor.key, extractor.n_features)
    unique = {image.digest: image for image in catalog.images}
    found, _ = rows.read(list(unique))
    missing = [image for image, there in zip(unique.values(), found, strict=True) if not there]
    progress(len(unique) - len(missing), len(unique))
    reasons: dict[str, str] = {}
    done = len(unique) - len(missing)
    for batch, pixels, failed in _decoded(missing, extractor):
        reasons |= failed
        if batch:
            rows.write([image.digest for image in batch], _extract(extractor, pixels))
        done += len(batch) + len(failed)
        progress(done, len(unique))
    if missing:
        rows.merge()
    return _assemble(catalog, rows, extractor.key, reasons)


def own_features(catalog: Catalog) -> Features:
    """The vectors a catalogue brought along; rows of zeros or with a value that is not finite are left out."""
    if catalog.vectors_path is None:
        raise ShopsimError(f"'{catalog.name}' brings no vectors of its own; choose an extractor.")
    raw = np.asarray(read_vectors(catalog.vectors_path)[vector_order(catalog)], np.float32)
    usable = np.isfinite(raw).all(axis=1) & (raw != 0).any(axis=1)
    problems = tuple(
        Problem(image_id, "its vector is all zeros or has a value that is not a finite number")
        for image_id, good in zip(catalog.image_ids, usable, strict=True)
        if not good
    )
    image_ids = tuple(image_id for image_id, good in zip(catalog.image_ids, usable, strict=True) if good)
    return Features(raw[usable], image_ids, digest_of("own", file_digest(catalog.vectors_path)), problems)


def _decoded(
    images: Sequence[CatalogImage], extractor: Extractor
) -> Iterator[tuple[list[CatalogImage], np.ndarray, dict[str, str]]]:
    """Batches of (photos, their pixels, reasons by digest of those that failed), decoded ahead of their use."""
    size = extractor.batch_size
    batches = [images[start : start + size] for start in range(0, len(images), size)]

    def decode(image: CatalogImage) -> np.ndarray | str:
        try:
            if file_digest(image.path) != image.digest:
                return "changed since the catalogue was opened; open it again"
            return read_image(image.path, extractor.image_size)
        except OSError as error:
            return f"cannot be read any more: {error.strerror}"
        except ShopsimError as error:
            return str(error)

    with ThreadPoolExecutor(_DECODERS) as pool:
        pending = [[pool.submit(decode, image) for image in batch] for batch in batches[:_BATCHES_AHEAD]]
        try:
            for number, batch in enumerate(batches):
                results = [future.result() for future in pending.pop(0)]
                ahead = number + _BATCHES_AHEAD
                if ahead < len(batches):
                    pending.append([pool.submit(decode, image) for image in batches[ahead]])
                good = [(image, got) for image, got in zip(batch, results, strict=True) if not isinstance(got, str)]
                failed = {image.digest: got for image, got in zip(batch, results, strict=True) if isinstance(got, str)}
                pixels = (
                    np.stack([got for _, got in good]) if good else np.zeros((0, *extractor.image_size, 3), np.uint8)
                )
                yield [image for image, _ in good], pixels, failed
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _extract(extractor: Extractor, pixels: np.ndarray) -> np.ndarray:
    """Rows of the batch; blank photos, and values that are not finite, become zero rows."""
    rows = np.array(extractor.extract(pixels), np.float32)
    if rows.shape != (len(pixels), extractor.n_features):
        raise ValueError(
            f"{extractor.key} gave {rows.shape} for {len(pixels)} photos of {extractor.n_features} features"
        )
    rows[[is_blank(photo) for photo in pixels]] = 0
    rows[~np.isfinite(rows).all(axis=1)] = 0
    return rows


def _assemble(catalog: Catalog, rows: RowStore, key: str, reasons: dict[str, str]) -> Features:
    found, raw = rows.read([image.digest for image in catalog.images])
    says_something = found & (raw != 0).any(axis=1)
    problems = tuple(
        Problem(image.image_id, reasons.get(image.digest, "could not be stored") if not there else _BLANK)
        for image, there, good in zip(catalog.images, found, says_something, strict=True)
        if not good
    )
    image_ids = tuple(image_id for image_id, good in zip(catalog.image_ids, says_something, strict=True) if good)
    return Features(raw if says_something.all() else raw[says_something], image_ids, key, problems)
