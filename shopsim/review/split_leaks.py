"""Finds near-duplicates in different parts of a split, such as train and test, which flatter a test score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from shopsim.base.disk.store import Store
from shopsim.base.text.spreadsheet import Digits, csv_bytes
from shopsim.base.work.progress import Progress, silent
from shopsim.catalog.catalog import Catalog
from shopsim.clusterers.kept_neighbours import Neighbours
from shopsim.grouping.fit import with_features
from shopsim.grouping.grouping import Fitted
from shopsim.grouping.placing import parts_of, place
from shopsim.grouping.recipe import Recipe

NEAR = 0.95
"""Photos at least this similar after whitening count as near-duplicates.

Measured on the 606 demo photos with edited copies of 60 of them (saved anew, smaller, cropped by 3 %, brighter), by
color_shape and mobilenet_v2: 6 photos have another photo that is so similar, and 50 % and 63 % of the edited copies
are found. Without whitening, more than half of the photos have another one that is so similar.
"""
COLUMNS = ("image_id", "split", "other", "other_split", "similarity", "byte_equal")
# As long as the lists that single linkage and average linkage share, so they are not searched again.
_NEAREST = 32


@dataclass(frozen=True)
class Leak:
    """Two near-duplicates in different parts. one, other: rows of photos, one below other.

    similarity: cosine of the two vectors, 1 for byte-equal photos.
    """

    one: int
    other: int
    similarity: float
    is_copy: bool


@dataclass(frozen=True)
class SplitLeaks:
    """All near-duplicates across the parts of a split.

    leaks: byte-equal photos first, then by falling similarity. n_photos: photos with a near-duplicate in another part,
    by the name of their own part.
    """

    leaks: tuple[Leak, ...]
    n_photos: dict[str, int]


def has_parts(catalog: Catalog) -> bool:
    """Returns whether the photos are in two parts or more."""
    return "split" in catalog.columns and len(catalog.columns["split"].values) > 1


def leaks_after_whitening(fitted: Fitted, store: Store, progress: Progress = silent) -> SplitLeaks:
    """Returns the near-duplicates across parts by the features of a fitted catalogue, in the whitened space.

    Whatever space the groups have, the bound NEAR holds for this one. The catalogue must pass `has_parts`.
    """
    catalog, features, photos = with_features(fitted.catalog, fitted.features)
    recipe = Recipe("whitened")
    vectors, _ = place(parts_of(features, None, recipe, photos), recipe, store, progress)
    return split_leaks(catalog, vectors, store, progress=progress)


def split_leaks(
    catalog: Catalog, vectors: np.ndarray, store: Store | None, near: float = NEAR, progress: Progress = silent
) -> SplitLeaks:
    """Returns the near-duplicates across parts of a catalogue that passes `has_parts`.

    vectors: (n, d) float32 unit rows; near: the lowest similarity. Of each photo its 32 nearest ones are looked at, so
    a photo with more near-duplicates than that can lack some. Byte-equal photos are all found; of each set of them, the
    first of each part is listed.
    Photos without a part take no part in it.
    """
    parts = catalog.columns["split"].codes
    near_pairs = _near_pairs(vectors, parts, near, store, progress)
    digests = [image.digest for image in catalog.images]
    leaks = [Leak(*pair, 1.0, True) for pair in sorted(_copies(digests, parts))]
    others = [Leak(one, other, value, False) for one, other, value in near_pairs if digests[one] != digests[other]]
    leaks += sorted(others, key=lambda leak: (-leak.similarity, leak.one, leak.other))
    rows = np.unique([row for leak in leaks for row in (leak.one, leak.other)]).astype(np.int64)
    names = catalog.columns["split"].values
    counts = np.bincount(parts[rows], minlength=len(names)).tolist()
    return SplitLeaks(tuple(leaks), {name: count for name, count in zip(names, counts, strict=True) if count})


def leak_fields(catalog: Catalog, leak: Leak) -> dict[str, str | float | bool | None]:
    """Returns the values of one pair by COLUMNS."""
    one, other = catalog.images[leak.one], catalog.images[leak.other]
    values = (one.image_id, one.split, other.image_id, other.split, leak.similarity, leak.is_copy)
    return dict(zip(COLUMNS, values, strict=True))


def split_leaks_csv(catalog: Catalog, leaks: Sequence[Leak], raw: bool = False) -> bytes:
    """Writes one line per pair, in their order; the similarity has 4 decimals. raw: as in `csv_bytes`."""
    told = (leak_fields(catalog, leak) for leak in leaks)
    lines = ([*row.values()] for row in told)
    rows = ([*names, Digits(f"{value:.4f}"), int(is_copy)] for *names, value, is_copy in lines)
    return csv_bytes(COLUMNS, rows, raw)


def _near_pairs(
    vectors: np.ndarray, parts: np.ndarray, near: float, store: Store | None, progress: Progress
) -> Iterator[tuple[int, int, float]]:
    lists = Neighbours(vectors, store).of_photos(_NEAREST, progress)
    rows, places = np.nonzero(lists.similarity >= near)
    others, similarity = lists.ids[rows, places].astype(np.int64), lists.similarity[rows, places]
    apart = (parts[rows] >= 0) & (parts[others] >= 0) & (parts[rows] != parts[others])
    pairs = np.sort(np.stack([rows, others], axis=1), axis=1)[apart]
    # A pair stands in the list of one of its photos, or of both.
    pairs, first = np.unique(pairs, axis=0, return_index=True)
    for (one, other), value in zip(pairs.tolist(), similarity[apart][first].tolist(), strict=True):
        yield one, other, min(value, 1.0)


def _copies(digests: Sequence[str], parts: np.ndarray) -> Iterator[tuple[int, int]]:
    """Yields pairs of byte-equal photos of different parts: the first photo of each part."""
    first: dict[str, dict[int, int]] = {}
    for row, (digest, part) in enumerate(zip(digests, parts.tolist(), strict=True)):
        if part >= 0:
            first.setdefault(digest, {}).setdefault(part, row)
    for of_part in first.values():
        yield from combinations(sorted(of_part.values()), 2)
