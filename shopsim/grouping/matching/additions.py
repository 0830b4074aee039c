"""Keeps photos that were added to a grouping for good, in the workspace.

One folder per grouping holds copies of the photos and a list of them with their groups. The folder's name is a digest
of the grouping: its photos, its settings, its threshold. So a moved catalogue keeps its added photos, and groups that
are made otherwise start without any. No file of the catalogue is touched.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated

import numpy as np
from msgspec import Meta

from shopsim.base.disk.alone import alone
from shopsim.base.disk.disk_room import why_refused
from shopsim.base.disk.files import write_bytes
from shopsim.base.disk.records import Whole, parsed, record
from shopsim.base.disk.store import digest_of
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import home_dir
from shopsim.catalog.catalog import Catalog, CatalogImage
from shopsim.catalog.new_photos import free_name
from shopsim.grouping.grouping import Grouping

_NAME, _PHOTOS = "added.json", "photos"
_VERSION = 1
_SUFFIX = re.compile(r"\.[0-9a-z]{1,8}")


@dataclass(frozen=True)
class AddedPhoto:
    """One photo. name: its image_id where it came from; file: its copy in `photos`; time: when, in UTC."""

    name: str
    digest: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
    file: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}(\.[0-9a-z]{1,8})?\Z")]
    group: Whole
    time: str


@dataclass(frozen=True)
class Additions:
    """All photos that were added to one grouping, the earliest first. folder: where they are kept."""

    folder: Path
    photos: tuple[AddedPhoto, ...] = ()

    def catalog(self, old: Catalog) -> Catalog:
        """Returns the photos as a catalogue, each with an image_id that no photo of `old` has."""
        taken, images = set(old.image_ids), []
        for photo in self.photos:
            name = free_name(photo.name, taken)
            taken.add(name)
            images.append(CatalogImage(name, self.folder / _PHOTOS / photo.file, photo.digest))
        return replace(old, images=tuple(images), problems=(), vectors_path=None)

    def groups(self, kept: Catalog) -> np.ndarray:
        """Returns the group of each photo of a catalogue of these, (n,) int64."""
        return np.array([self._group_of[image.digest] for image in kept.images], np.int64)

    @cached_property
    def _group_of(self) -> dict[str, int]:
        return {photo.digest: photo.group for photo in self.photos}

    @property
    def last(self) -> tuple[AddedPhoto, ...]:
        """The photos that were added last, all at once."""
        return tuple(photo for photo in self.photos if photo.time == self.photos[-1].time)


def additions_of(grouping: Grouping) -> Additions:
    """Returns what was added to this grouping, in whatever folder its catalogue lies.

    Raises ShopsimError if the list cannot be read.
    """
    folder = home_dir() / "added" / digest_of(grouping.fitted.key, *map(repr, grouping.cut[1:]))
    return Additions(folder, _read(folder))


def add_photos(
    grouping: Grouping, additions: Additions, images: Sequence[CatalogImage], groups: np.ndarray
) -> Additions:
    """Copies photos into the workspace and keeps their groups; a photo that is there already keeps its group.

    additions: those that the images were matched with. groups: (n,) int64 of the images. Everything is on the disk when
    this returns. Raises ShopsimError if photos were added or taken back since, if a photo cannot be read or has
    changed, or if the disk refuses.
    """
    if grouping.fitted.catalog.vectors_path is not None:
        raise ShopsimError("This catalogue brings its own vectors, so photos can be matched but not added to it.")
    with _alone(additions.folder):
        # The group of a new model has a number that other photos may have got since.
        _check_unchanged(additions, "match the new photos again")
        known = {image.digest for image in (*grouping.fitted.catalog.images, *additions.photos)}
        now, added = datetime.now(UTC).isoformat(timespec="microseconds"), []
        for image, group in zip(images, groups.tolist(), strict=True):
            if image.digest not in known:
                known.add(image.digest)
                added.append(_copied(additions.folder, image, group, now))
        return _written(additions.folder, (*additions.photos, *added))


def take_back_last(additions: Additions) -> Additions:
    """Removes the photos that were added last, so that the numbers of the groups stay without gaps.

    Raises ShopsimError if photos were added or taken back since `additions` were read, or if the disk refuses.
    """
    with _alone(additions.folder):
        _check_unchanged(additions, "look at them again before you take any back")
        kept = additions.photos[: len(additions.photos) - len(additions.last)] if additions.photos else ()
        after = _written(additions.folder, kept)
        for photo in additions.photos[len(kept) :]:
            (additions.folder / _PHOTOS / photo.file).unlink(missing_ok=True)
        return after


def _check_unchanged(additions: Additions, advice: str) -> None:
    if _read(additions.folder) != additions.photos:
        raise ShopsimError(f"Photos were added to these groups, or taken back, in the meantime; {advice}.")


def _copied(folder: Path, image: CatalogImage, group: int, now: str) -> AddedPhoto:
    suffix = image.path.suffix.lower()
    name = image.digest + (suffix if _SUFFIX.fullmatch(suffix) else "")
    try:
        data = image.path.read_bytes()
    except OSError as error:
        raise ShopsimError(f"Cannot read '{image.image_id}': {error.strerror or error}.") from error
    if hashlib.blake2b(data, digest_size=16).hexdigest() != image.digest:
        raise ShopsimError(f"'{image.image_id}' has changed since it was matched; match it again.")
    write_bytes(folder / _PHOTOS / name, data, durable=True)
    return AddedPhoto(image.image_id, image.digest, name, group, now)


def _written(folder: Path, photos: Sequence[AddedPhoto]) -> Additions:
    content = {"version": _VERSION, "photos": [asdict(photo) for photo in photos]}
    write_bytes(folder / _NAME, json.dumps(content, indent=1).encode(), durable=True)
    return Additions(folder, tuple(photos))


def _read(folder: Path) -> tuple[AddedPhoto, ...]:
    path = folder / _NAME
    try:
        content = parsed(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except (OSError, ValueError) as error:
        raise ShopsimError(f"Cannot read '{path}', the list of added photos: {error}.") from error
    if not isinstance(content, dict) or content.get("version") != _VERSION:
        raise ShopsimError(f"'{path}' is no list of added photos of this version; a later shopsim may have written it.")
    try:
        return record(content.get("photos"), tuple[AddedPhoto, ...], "photos")
    except ShopsimError as error:
        raise ShopsimError(f"'{path}', the list of added photos, is damaged: {error}") from None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with alone(folder):
            yield
    except OSError as error:
        raise ShopsimError(f"Cannot write '{folder}': {why_refused(error, folder)}.") from error
