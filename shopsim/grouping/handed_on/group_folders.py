"""Packs the photos into one folder per group, as a zip that anybody can open."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

import numpy as np

from shopsim.base.work.progress import Progress, silent
from shopsim.catalog.catalog import CatalogImage, Problem
from shopsim.catalog.scan import file_digest
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.groups_csv import csv_of

Which = Literal["one", "all"]
"""The most central photo of each group, or all photos."""

# What Windows allows in no file name; and it takes off dots and blanks at the end.
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_LONGEST = 120


@dataclass(frozen=True)
class FoldersMade:
    """What is in a zip of folders. n_packed: photos in it; problems: photos left out, each with its reason."""

    n_packed: int
    n_groups: int
    problems: tuple[Problem, ...]


def bytes_of_photos(grouping: Grouping, which: Which) -> int:
    """Adds up the bytes of the photos that the zip will have; a photo that is gone counts as nothing."""
    return sum(_size(image) for _, image in _chosen(grouping, which))


def write_group_folders(
    grouping: Grouping, file: BinaryIO, which: Which = "all", progress: Progress = silent, raw: bool = False
) -> FoldersMade:
    """Writes the zip into an open binary file, photo by photo, with `groups.csv` in front.

    The folders are called by the numbers that groups have on pages and in groups.csv. A photo keeps its name, without
    its folders; where two photos of a group have the same name, or a name that Windows refuses, a number or `_` helps.
    progress: counts photos, and may stop it. raw: as in `groups_csv`.
    A photo that is gone, or has changed since it was grouped, is left out and listed.
    """
    chosen, groups = list(_chosen(grouping, which)), np.unique(grouping.labels_pred)
    width, n_packed, problems, taken = len(str(groups[-1])), 0, [], set()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as pack:
        pack.writestr(zipfile.ZipInfo("groups.csv"), csv_of(grouping, raw=raw), zipfile.ZIP_DEFLATED)
        for place, (group, image) in enumerate(chosen):
            progress(place, len(chosen))
            name = _free_name(f"group {group:0{width}}/", image, taken)
            reason = _pack(pack, name, image)
            if reason:
                problems.append(Problem(image.image_id, reason))
                continue
            taken.add(name.casefold())
            n_packed += 1
    progress(len(chosen), len(chosen))
    return FoldersMade(n_packed, len(groups), tuple(problems))


def _chosen(grouping: Grouping, which: Which) -> Iterator[tuple[int, CatalogImage]]:
    """Returns the photos with their groups, by group."""
    images, labels_pred = grouping.fitted.catalog.images, grouping.labels_pred
    rows = np.argsort(labels_pred, kind="stable")
    if which == "one":
        rows = rows[grouping.representatives.index[rows] == rows]
    for row in rows:
        yield int(labels_pred[row]), images[row]


def _pack(pack: zipfile.ZipFile, name: str, image: CatalogImage) -> str:
    """Writes one photo and returns '', or why it was left out."""
    try:
        # Nothing of a photo that has changed may get into the zip, which cannot take an entry back.
        if file_digest(image.path) != image.digest:
            return "the file has changed since it was grouped"
        photo = image.path.open("rb")
    except FileNotFoundError:
        return "the file is gone"
    except OSError as error:
        return f"the system refuses to read it: {error.strerror or error}"
    with photo, pack.open(zipfile.ZipInfo(name), "w", force_zip64=True) as entry:
        shutil.copyfileobj(photo, entry, 2**20)
    return ""


def _free_name(folder: str, image: CatalogImage, taken: set[str]) -> str:
    """Returns a name in the folder that no other photo has, also where capitals do not count."""
    name = _NOT_IN_NAMES.sub("_", image.path.name).rstrip(". ") or "_"
    name = f"_{name}" if _RESERVED.fullmatch(name) else name
    stem, dot, suffix = name.rpartition(".")
    stem, suffix = (stem, dot + suffix) if stem else (name, "")
    stem, number = stem[:_LONGEST], 1
    free = folder + stem + suffix
    while free.casefold() in taken:
        number += 1
        free = f"{folder}{stem} ({number}){suffix}"
    return free


def _size(image: CatalogImage) -> int:
    try:
        return image.path.stat().st_size
    except OSError:
        return 0
