"""Extracts one feature row per photo of a catalogue and stores it, so that no row is computed twice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from shopsim.base.disk.store import digest_of
from shopsim.base.errors import ShopsimError
from shopsim.base.work.progress import Progress, say, silent
from shopsim.catalog.catalog import Catalog, CatalogImage, Problem
from shopsim.catalog.vector_files import own_rows
from shopsim.features.batches import Batch, Batches, batches_here
from shopsim.features.calibrated import ready_for
from shopsim.features.extractors import Extractor
from shopsim.features.feature_keys import key_of
from shopsim.features.row_reader import RowsLost
from shopsim.features.row_shard import PHOTO_TYPE
from shopsim.features.row_store import RowStore
from shopsim.features.stored_rows import (
    STREAM_FROM_BYTES,
    InOwnFile,
    InStore,
    Rows,
    StoredRows,
    any_in_row,
    blocks_of,
    scaled,
    taken,
)

# So many batches make a shard that need not be merged again.
_MERGE_EVERY = 64
_ATTEMPTS = 3
_BLANK = "blank: every pixel has the same colour, or the extractor can say nothing about it"

Filled = tuple[RowStore, str, dict[str, str]]


@dataclass(frozen=True)
class Features:
    """The features of those photos that the extractor can describe.

    raw: (n, n_features) float32 as the extractor returned them; many rows stay on disk, as `StoredRows` says.
    image_ids: (n,) in the catalogue's order.
    key: names everything that produced them; problems: the photos left out, each with its reason.
    """

    raw: Rows
    image_ids: tuple[str, ...]
    key: str
    problems: tuple[Problem, ...] = ()

    @cached_property
    def vectors(self) -> Rows:
        """(n, n_features) float32 unit rows; of rows on disk they are made as they are read."""
        return self.raw.as_unit() if isinstance(self.raw, StoredRows) else scaled(self.raw)

    def are_there(self) -> bool:
        """Whether rows that lie on disk are still there; True for rows in memory."""
        return not isinstance(self.raw, StoredRows) or self.raw.source.is_there()

    def of(self, image_ids: Collection[str]) -> Features:
        """Returns the features of these photos only, in the same order."""
        wanted = set(image_ids)
        keep = [row for row, image_id in enumerate(self.image_ids) if image_id in wanted]
        if len(keep) == len(self.image_ids):
            return self
        return Features(taken(self.raw, keep), tuple(self.image_ids[row] for row in keep), self.key, self.problems)


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
        found, raw = _read(rows, [image.digest for image in catalog.images])
        # The cache may be cleared, or damaged, in between; rows on disk are read only as they are assembled.
        if all(there or image.digest in reasons for image, there in zip(catalog.images, found, strict=True)):
            with suppress(RowsLost):
                return _assemble(catalog, found, raw, key, reasons)
    raise ShopsimError("The cache was cleared while features were extracted; start again.")


def fill_rows(
    catalog: Catalog,
    extractor: Extractor,
    rows: RowStore,
    progress: Progress = silent,
    batches: Batches = batches_here,
) -> dict[str, str]:
    """Stores the missing rows; returns, by digest, why a photo has none. Raises as `extract_features`.

    batches: computes the rows.
    """
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
        computed = batches({digest: photos[digest] for digest in missing}, extractor)
        reasons |= _fill(rows, computed, len(photos) - len(missing), len(photos), progress)
    return reasons


def own_features(catalog: Catalog) -> Features:
    """Returns the catalogue's own vectors; rows of zeros or with a value that is not finite are left out."""
    own = own_rows(catalog)
    everything = StoredRows(InOwnFile(own), np.arange(len(own.places)), own.n_features)
    raw = everything if _is_large(everything.shape) else np.asarray(everything)
    blocks = (np.isfinite(block).all(axis=1) & block.any(axis=1) for _, block in blocks_of(raw))
    usable = np.concatenate([np.empty(0, bool), *blocks])
    reason = "its vector is all zeros or has a value that is not a finite number"
    problems = tuple(Problem(catalog.image_ids[row], reason) for row in np.flatnonzero(~usable))
    image_ids = tuple(catalog.image_ids[row] for row in np.flatnonzero(usable))
    kept = raw if usable.all() else taken(raw, usable)
    return Features(kept, image_ids, digest_of("own", catalog.vectors_digest), problems)


def _is_large(shape: tuple[int, int]) -> bool:
    return shape[0] * shape[1] * np.dtype(np.float32).itemsize >= STREAM_FROM_BYTES


def _read(rows: RowStore, digests: list[str]) -> tuple[np.ndarray, Rows]:
    """Returns which photos have a row, (n,) bool, and the rows of those; many rows stay on disk."""
    if not _is_large((len(digests), rows.n_features)):
        found, whole = rows.read(digests)
        return found, whole if found.all() else whole[found]
    found = rows.holds(digests)
    source = InStore(rows.root, rows.key, rows.n_features, np.array(digests, PHOTO_TYPE)[found])
    return found, StoredRows(source, np.arange(len(source.digests)), rows.n_features)


def _fill(rows: RowStore, computed: Iterator[Batch], done: int, total: int, progress: Progress) -> dict[str, str]:
    """Stores the rows as they are computed; returns, by digest, why photos could not be read."""
    reasons: dict[str, str] = {}
    # TensorFlow takes seconds to start and to load a network.
    say(progress, "starting the extractor")
    for number, batch in enumerate(computed, start=1):
        reasons |= batch.reasons
        if len(batch.digests):
            rows.write(batch.digests, batch.rows)
        if number % _MERGE_EVERY == 0:
            rows.merge()
        done += len(batch.digests) + len(batch.reasons)
        say(progress, "")
        progress(done, total)
    rows.merge()
    return reasons


def _assemble(catalog: Catalog, found: np.ndarray, raw: Rows, key: str, reasons: dict[str, str]) -> Features:
    """Returns the features of the photos with a row that says something. raw: the rows of those that were found."""
    told = any_in_row(raw)
    says_something = found.copy()
    says_something[found] = told
    problems = tuple(
        Problem(image.image_id, reasons.get(image.digest, _BLANK))
        for image, good in zip(catalog.images, says_something, strict=True)
        if not good
    )
    image_ids = tuple(image_id for image_id, good in zip(catalog.image_ids, says_something, strict=True) if good)
    return Features(raw if told.all() else taken(raw, told), image_ids, key, problems)
