"""Extracts one feature row per photo of a catalogue and stores it, so that no row is computed twice."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from shopsim.base.disk.store import digest_of
from shopsim.base.errors import ShopsimError
from shopsim.base.work.progress import Progress, say, silent
from shopsim.catalog.catalog import Catalog, CatalogImage, Problem
from shopsim.catalog.photos.images import is_blank
from shopsim.catalog.vector_files import own_rows
from shopsim.features.calibrated import ready_for
from shopsim.features.decoded import decoded_batches
from shopsim.features.extractors import Extractor
from shopsim.features.feature_keys import key_of
from shopsim.features.row_store import RowStore

# So many batches make a shard that need not be merged again.
_MERGE_EVERY = 64
_ATTEMPTS = 3
_BLANK = "blank: every pixel has the same colour, or the extractor can say nothing about it"

Filled = tuple[RowStore, str, dict[str, str]]


@dataclass(frozen=True)
class Features:
    """The features of those photos that the extractor can describe.

    raw: (n, n_features) float32 as the extractor returned them; image_ids: (n,) in the catalogue's order.
    key: names everything that produced them; problems: the photos left out, each with its reason.
    """

    raw: np.ndarray
    image_ids: tuple[str, ...]
    key: str
    problems: tuple[Problem, ...] = ()

    @cached_property
    def vectors(self) -> np.ndarray:
        """(n, n_features) float32 unit rows."""
        # Summed in float64 without a second matrix: squares of large numbers would overflow float32.
        norms = np.sqrt(np.einsum("ij,ij->i", self.raw, self.raw, dtype=np.float64))
        return self.raw / np.where(norms > 0, norms, 1).astype(np.float32)[:, None]

    def of(self, image_ids: Collection[str]) -> Features:
        """Returns the features of these photos only, in the same order."""
        wanted = set(image_ids)
        keep = [row for row, image_id in enumerate(self.image_ids) if image_id in wanted]
        if len(keep) == len(self.image_ids):
            return self
        return Features(self.raw[keep], tuple(self.image_ids[row] for row in keep), self.key, self.problems)


def extract_features(catalog: Catalog, extractor: Extractor, cache: Path, progress: Progress = silent) -> Features:
    """Returns the features of a catalogue; it reads only photos that have no row in the store.

    Each batch is stored when it is done, so a run that was stopped or killed goes on where it was.
    A photo that is gone, has changed, or is blank is left out with its reason.
    Raises ShopsimError if the store cannot be written, or is cleared again and again meanwhile.
    """
    extractor = ready_for(catalog, extractor, progress)
    key = key_of(extractor)
    rows = RowStore(cache, key, extractor.n_features)

    def fill() -> Filled:
        return rows, key, fill_rows(catalog, extractor, rows, progress)

    return until_stored(catalog, fill)


def until_stored(catalog: Catalog, fill: Callable[[], Filled]) -> Features:
    """Returns the features from the store that `fill` fills; calls it again if rows are lost or damaged meanwhile.

    fill: returns the store, the extractor's key, and the reasons, by digest, why photos have no row.
    Raises ShopsimError if the store is cleared again and again.
    """
    for _ in range(_ATTEMPTS):
        rows, key, reasons = fill()
        found, raw = rows.read([image.digest for image in catalog.images])
        # The cache may be cleared, or damaged, in between.
        if all(there or image.digest in reasons for image, there in zip(catalog.images, found, strict=True)):
            return _assemble(catalog, raw, key, reasons)
    raise ShopsimError("The cache was cleared while features were extracted; start again.")


def fill_rows(catalog: Catalog, extractor: Extractor, rows: RowStore, progress: Progress = silent) -> dict[str, str]:
    """Stores the missing rows; returns, by digest, why a photo has none. Raises as `extract_features`."""
    photos: dict[str, list[CatalogImage]] = {}
    for image in catalog.images:
        photos.setdefault(image.digest, []).append(image)
    reasons: dict[str, str] = {}
    for _ in range(_ATTEMPTS):
        held = rows.holds(list(photos))
        missing = [digest for digest, there in zip(photos, held, strict=True) if not there and digest not in reasons]
        progress(len(photos) - len(missing), len(photos))
        if not missing:
            break
        reasons |= _fill(rows, {digest: photos[digest] for digest in missing}, extractor, len(photos), progress)
    return reasons


def own_features(catalog: Catalog) -> Features:
    """Returns the catalogue's own vectors; rows of zeros or with a value that is not finite are left out."""
    raw = own_rows(catalog)
    usable = np.isfinite(raw).all(axis=1) & raw.any(axis=1)
    reason = "its vector is all zeros or has a value that is not a finite number"
    problems = tuple(Problem(catalog.image_ids[row], reason) for row in np.flatnonzero(~usable))
    image_ids = tuple(catalog.image_ids[row] for row in np.flatnonzero(usable))
    return Features(raw if usable.all() else raw[usable], image_ids, digest_of("own", catalog.vectors_digest), problems)


def _fill(
    rows: RowStore, missing: dict[str, list[CatalogImage]], extractor: Extractor, total: int, progress: Progress
) -> dict[str, str]:
    """Computes and stores the missing rows; returns, by digest, why photos could not be read."""
    done = total - len(missing)
    reasons: dict[str, str] = {}
    # TensorFlow takes seconds to start and to load a network.
    say(progress, "starting the extractor")
    for number, (digests, decoded) in enumerate(decoded_batches(missing, extractor), start=1):
        good = {digest: got for digest, got in zip(digests, decoded, strict=True) if not isinstance(got, str)}
        reasons |= {digest: got for digest, got in zip(digests, decoded, strict=True) if isinstance(got, str)}
        if good:
            rows.write(list(good), _extract(extractor, np.stack(list(good.values()))))
        if number % _MERGE_EVERY == 0:
            rows.merge()
        done += len(digests)
        say(progress, "")
        progress(done, total)
    rows.merge()
    return reasons


def _extract(extractor: Extractor, pixels: np.ndarray) -> np.ndarray:
    """Returns the rows of a batch; a blank photo or a row that is not finite becomes a row of zeros."""
    rows = np.array(extractor.extract(pixels), np.float32)
    if rows.shape != (len(pixels), extractor.n_features):
        raise ValueError(
            f"{extractor.key} gave {rows.shape} for {len(pixels)} photos of {extractor.n_features} features"
        )
    rows[[is_blank(photo) for photo in pixels]] = 0
    rows[~np.isfinite(rows).all(axis=1)] = 0
    return rows


def _assemble(catalog: Catalog, raw: np.ndarray, key: str, reasons: dict[str, str]) -> Features:
    says_something = raw.any(axis=1)
    problems = tuple(
        Problem(image.image_id, reasons.get(image.digest, _BLANK))
        for image, good in zip(catalog.images, says_something, strict=True)
        if not good
    )
    image_ids = tuple(image_id for image_id, good in zip(catalog.image_ids, says_something, strict=True) if good)
    return Features(raw if says_something.all() else raw[says_something], image_ids, key, problems)
