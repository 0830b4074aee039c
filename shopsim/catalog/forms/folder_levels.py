"""Sorts the levels of the photos' folders: those common to all photos, train, val or test, and the others."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

_SPLITS = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "test": "test",
    "testing": "test",
}
# A folder of such a name within each model's folder says nothing about the model.
_PHOTOS = {"photo", "photos", "image", "images", "img", "imgs", "picture", "pictures", "pics", "jpg", "jpeg", "png"}
_PHOTOS |= {"original", "originals", "raw", "사진", "이미지", "원본"}


@dataclass(frozen=True, slots=True)
class Holder:
    """Describes the folder that contains a photo.

    whole: its levels from the top, without those that say nothing, such as one that contains all photos.
    path: the same without the level that names the split.
    split: train, val or test, None if no level does.
    """

    whole: tuple[str, ...]
    path: tuple[str, ...]
    split: str | None


def holders_of(names: Sequence[str]) -> list[Holder]:
    """Returns the folder of each photo, whose path has '/'. Folder names are in composed Unicode, to compare them."""
    parents = [name.rpartition("/")[0] for name in names]
    levels = {parent: _levels(parent) for parent in set(parents)}
    above = _n_common(levels.values())
    wholes = {parent: found[above:] for parent, found in levels.items()}
    if all(len(whole) > 1 and whole[-1].lower() in _PHOTOS for whole in wholes.values()):
        wholes = {parent: whole[:-1] for parent, whole in wholes.items()}
    place = _split_level(wholes.values())
    taken_apart = {parent: _holder(whole, place) for parent, whole in wholes.items()}
    return [taken_apart[parent] for parent in parents]


def _levels(parent: str) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", parent).split("/")) if parent else ()


def _n_common(parents: Collection[tuple[str, ...]]) -> int:
    """Counts the leading folders that contain all photos, as in zip files. A photo in a folder keeps at least one."""
    first, last = min(parents, default=()), max(parents, default=())
    room = min(map(len, parents), default=0) - 1
    count = 0
    while count < room and first[count] == last[count]:
        count += 1
    return count


def _split_level(wholes: Collection[tuple[str, ...]]) -> int | None:
    """Finds the topmost level, or the lowest (-1), whose folders are all named train, val or test; None without one."""
    depth = min(map(len, wholes), default=0)
    for place in (*range(depth), -1):
        if depth and all(whole[place].lower() in _SPLITS for whole in wholes):
            return place
    return None


def _holder(whole: tuple[str, ...], place: int | None) -> Holder:
    if place is None:
        return Holder(whole, whole, None)
    place %= len(whole)
    return Holder(whole, whole[:place] + whole[place + 1 :], _SPLITS[whole[place].lower()])


def category_of(paths: Sequence[tuple[str, ...]]) -> list[str | None]:
    """Returns the top folder of each photo if top folders have several models, else None. paths: one per photo."""
    nested = {path for path in paths if len(path) > 1}
    if len(nested) <= len({path[0] for path in nested}):
        return [None] * len(paths)
    return [path[0] if len(path) > 1 else None for path in paths]


def folded(name: str) -> str:
    """Returns a folder's name as people, Windows and macOS compare it: without case and doubled blanks."""
    return " ".join(name.casefold().split())


def returning(paths: Iterable[tuple[str, ...]]) -> tuple[str, str] | None:
    """Returns the first two folders, by path, with the same lowest name by `folded`; None if each name is unique."""
    seen: dict[str, str] = {}
    for path in sorted(set(paths)):
        if path:
            written = "/".join(path)
            before = seen.setdefault(folded(path[-1]), written)
            if before != written:
                return before, written
    return None
