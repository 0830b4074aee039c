"""The photos to be grouped, what is known about them, and which files were left out."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from shopsim.base.disk.store import digest_of
from shopsim.base.work.last_few import LastFew
from shopsim.catalog.attributes import Attribute, attributes_of

# All categories of most catalogues, with copies and without.
_KEPT_NARROWED = 8


@dataclass(frozen=True, slots=True)
class CatalogImage:
    """One photo. Ids stay text: '01' is not '1'.

    image_id: path relative to the catalogue, with '/'; digest: of the file's bytes, 32 hexadecimal digits.
    cells: what the catalogue's table says in each of its `extra_columns`, '' where it says nothing.
    """

    image_id: str
    path: Path
    digest: str
    model: str | None = None
    product: str | None = None
    category: str | None = None
    split: str | None = None
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """A file or row with a fault, and the reason.

    left_out: False for a photo that takes part all the same.
    """

    name: str
    reason: str
    left_out: bool = True


@dataclass(frozen=True)
class Catalog:
    """Photos in the order of image_id.

    folder: what it was opened from; a `.npy` if it brings its own vectors.
    form: table, contest, folders, plain or vectors; reason: the sentence why it was recognised as that.
    problems: files left out, each with its reason, and photos read though damaged.
    model_names: readable names by model id.
    vectors_path: the (n, d) `.npy` of a catalogue with vectors of its own; vectors_digest: a digest of its bytes and
    of the photo of each row.
    extra_columns: names of the further columns of its table, in the order of each photo's `cells`.
    n_settled: how many photos contradicted each other before a person chose which of their models count.
    narrowed: the last catalogues that were made of some of these photos, by the choice that made them.
    """

    name: str
    folder: Path
    form: str
    reason: str
    images: tuple[CatalogImage, ...]
    problems: tuple[Problem, ...] = ()
    model_names: Mapping[str, str] = field(default_factory=dict)
    vectors_path: Path | None = None
    vectors_digest: str = ""
    extra_columns: tuple[str, ...] = ()
    n_settled: int = 0
    narrowed: LastFew[Catalog] = field(
        default_factory=lambda: LastFew(_KEPT_NARROWED), init=False, repr=False, compare=False
    )

    @cached_property
    def digest(self) -> str:
        """A digest of all photos and all that is known about them, so that equal catalogues share cached results."""
        known = hashlib.blake2b(self.vectors_digest.encode(), digest_size=16)
        for image in self.images:
            fields = (image.image_id, image.digest, image.model, image.product, image.category, image.split)
            known.update(repr(fields).encode("utf-8", "surrogatepass"))
        return known.hexdigest()

    @cached_property
    def shown_digest(self) -> str:
        """A digest of `digest`, the folder, all names and columns, for results that hold the catalogue itself."""
        # Further columns change no number, so `digest` does not have them.
        more = [self.extra_columns, [image.cells for image in self.images]] if self.extra_columns else []
        return digest_of(self.digest, self.folder, self.name, sorted(self.model_names.items()), *more)

    @cached_property
    def columns(self) -> dict[str, Attribute]:
        """What photos are filtered, coloured and kept apart by: columns of the table, category and split."""
        return attributes_of(self.images, self.extra_columns)

    @cached_property
    def image_ids(self) -> tuple[str, ...]:
        """One id per photo."""
        return tuple(image.image_id for image in self.images)

    @cached_property
    def models(self) -> tuple[str, ...]:
        """The true models that occur, sorted; empty without labels."""
        return tuple(sorted({image.model for image in self.images if image.model is not None}))

    @cached_property
    def labels_true(self) -> np.ndarray | None:
        """(n,) int64 positions in `models`, -1 for a photo without a label; None if no photo has one."""
        if not self.models:
            return None
        number = {model: position for position, model in enumerate(self.models)}
        return np.array([-1 if image.model is None else number[image.model] for image in self.images], np.int64)

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """The categories that occur, sorted."""
        return tuple(sorted({image.category for image in self.images if image.category is not None}))

    @cached_property
    def position(self) -> dict[str, int]:
        """The position of each image_id."""
        return {image_id: number for number, image_id in enumerate(self.image_ids)}

    @cached_property
    def copies(self) -> tuple[tuple[str, ...], ...]:
        """Ids of byte-equal photos, one tuple for each set of two or more, labelled ones first, then by image_id."""
        by_digest: dict[str, list[CatalogImage]] = {}
        for image in self.images:
            by_digest.setdefault(image.digest, []).append(image)
        sets = (sorted(images, key=lambda image: image.model is None) for images in by_digest.values())
        return tuple(tuple(image.image_id for image in images) for images in sets if len(images) > 1)

    @property
    def n_left_out(self) -> int:
        """Files and rows that take no part."""
        return sum(problem.left_out for problem in self.problems)

    @property
    def n_copies(self) -> int:
        """Byte-equal photos beyond the first of each set."""
        return sum(len(ids) - 1 for ids in self.copies)

    @cached_property
    def contradictions(self) -> tuple[tuple[str, ...], ...]:
        """The sets of `copies` whose photos are filed under two models or more, so that at least one label is wrong."""
        sets = ({self.images[self.position[image_id]].model for image_id in ids} - {None} for ids in self.copies)
        return tuple(ids for ids, models in zip(self.copies, sets, strict=True) if len(models) > 1)

    @property
    def n_contradicted(self) -> int:
        """Photos with a model in `contradictions`, those counted before somebody settled them included."""
        ids = (image_id for found in self.contradictions for image_id in found)
        return self.n_settled or sum(self.images[self.position[image_id]].model is not None for image_id in ids)

    def model_name(self, model: str | None) -> str:
        """Returns the name of a model for a page."""
        return "no model" if model is None else self.model_names.get(model, model)

    def photos_per_model(self) -> tuple[int, float, int]:
        """(min, median, max) photos per model; zeros without labels."""
        counts = list(Counter(image.model for image in self.images if image.model is not None).values())
        return (min(counts), float(np.median(counts)), max(counts)) if counts else (0, 0.0, 0)

    def subset(self, image_ids: Collection[str]) -> Catalog:
        """Returns a catalogue of only these photos, still in the order of image_id."""
        wanted = set(image_ids)
        if len(wanted) == len(self.images) and wanted.issuperset(self.image_ids):
            return self
        return replace(self, images=tuple(image for image in self.images if image.image_id in wanted))

    def without_copies(self) -> Catalog:
        """Keeps one photo of each set of byte-equal ones, labelled if possible; of contradictions one per model."""
        extra: set[str] = set()
        for ids in self.copies:
            seen: set[str | None] = {None, self.images[self.position[ids[0]]].model}
            for image_id in ids[1:]:
                model = self.images[self.position[image_id]].model
                if model in seen:
                    extra.add(image_id)
                seen.add(model)
        return self.subset([image_id for image_id in self.image_ids if image_id not in extra])

    def in_category(self, category: str) -> Catalog:
        """Returns a catalogue of only the photos of that category."""
        return self.subset([image.image_id for image in self.images if image.category == category])


def digest_without_photo(image_id: str) -> str:
    """What stands for the digest of a photo that is not at hand; the same in every catalogue that names it so."""
    return hashlib.blake2b(f"no photo {image_id}".encode(), digest_size=16).hexdigest()
