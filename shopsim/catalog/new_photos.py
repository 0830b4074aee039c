"""Opens photos that are not part of a catalogue: folders, zips and single files, for comparing them with one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from shopsim.base.errors import ShopsimError
from shopsim.base.paths import as_on_disk, cache_dir, expanded, is_file, is_folder
from shopsim.base.same_name import composed
from shopsim.base.work.progress import Progress, silent
from shopsim.catalog.catalog import Catalog, CatalogImage, Problem
from shopsim.catalog.forms.readings import PLAIN
from shopsim.catalog.incoming import take_in
from shopsim.catalog.open_folder import load_catalog
from shopsim.catalog.own_vectors import VECTORS_FORM
from shopsim.catalog.photos.soundness import damaged_but_read, judge
from shopsim.catalog.scan import FoundFile, file_at

_FORM_REASON = "new photos"


def open_new_photos(
    places: Sequence[str | Path],
    *,
    cache: Path | None = None,
    progress: Progress = silent,
    brings_vectors: bool = False,
) -> Catalog:
    """Returns the photos in these folders, zips and files as a catalogue without models.

    image_id: the path in its folder, the name of its zip and the path in that, or the name of the file; the same one
    again gets a number. problems: the files left out, each with its reason. brings_vectors: the places bring vectors of
    their own instead, and there must be one place. A place without photos is no error.
    Raises ShopsimError if a place is not there or cannot be read.
    """
    cache = cache or cache_dir()
    paths = [as_on_disk(expanded(place)) for place in places]
    for path in paths:
        if not (is_folder(path) or is_file(path)):
            raise ShopsimError(f"'{path}' does not exist; give a folder of photos, a zip, or a photo.")
    if brings_vectors:
        if len(paths) != 1:
            raise ShopsimError(
                "The catalogue brings its own vectors, so give one .npy with an img_paths.txt beside it."
            )
        return load_catalog(paths[0], form=VECTORS_FORM, cache=cache, progress=progress)
    parts = [_opened(path, cache, progress) for path in paths if is_folder(path) or _is_zip(path)]
    loose = [path for path in paths if not (is_folder(path) or _is_zip(path))]
    return _together([*parts, *_loose(loose, cache, progress)], paths[0] if paths else Path())


def joined(catalogs: Iterable[Catalog], known: Iterable[str] = ()) -> tuple[CatalogImage, ...]:
    """Returns the photos of all, in their order, each with an image_id of its own. known: image_ids that are taken."""
    taken, images = set(known), []
    for image in (image for catalog in catalogs for image in catalog.images):
        name = free_name(image.image_id, taken)
        taken.add(name)
        images.append(image if name == image.image_id else replace(image, image_id=name))
    return tuple(images)


def free_name(name: str, taken: set[str]) -> str:
    """Returns the name, or 'name (2).jpg' and so on if it is taken."""
    path, number, free = PurePosixPath(name), 1, name
    while free in taken:
        number += 1
        free = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
    return free


def _is_zip(path: Path) -> bool:
    return path.suffix.lower() == ".zip"


def _opened(path: Path, cache: Path, progress: Progress) -> Catalog:
    if is_folder(path):
        return load_catalog(path, form=PLAIN, cache=cache, progress=progress)
    with path.open("rb") as file:
        folder, left_out = take_in([(path.name, file)], cache)
    opened = load_catalog(folder, form=PLAIN, cache=cache, progress=progress)
    return replace(opened, problems=(*left_out, *opened.problems))


def _loose(paths: Sequence[Path], cache: Path, progress: Progress) -> list[Catalog]:
    """Returns one catalogue for the files of each folder."""
    beside: dict[Path, list[FoundFile]] = defaultdict(list)
    for path in paths:
        beside[path.parent].append(file_at(path, composed(path.name)))
    return [_of_files(folder, files, cache, progress) for folder, files in beside.items()]


def _of_files(folder: Path, files: list[FoundFile], cache: Path, progress: Progress) -> Catalog:
    problems = [
        Problem(file.name, f"not a photo of a supported format ({file.suffix or 'no suffix'})")
        for file in files
        if not file.is_photo
    ]
    photos = [file for file in files if file.is_photo]
    # The star is no folder's name here: what is remembered of these files must not replace what is known of the folder.
    verdicts, images = judge(folder / "*", photos, cache, progress), []
    for file in photos:
        verdict = verdicts[file.name]
        if verdict.problem:
            problems.append(Problem(file.name, verdict.problem))
            continue
        if verdict.note:
            problems.append(damaged_but_read(file.name, verdict))
        images.append(CatalogImage(file.name, file.path, verdict.digest))
    return Catalog(folder.name, folder, PLAIN, _FORM_REASON, tuple(images), tuple(problems))


def _together(parts: Sequence[Catalog], place: Path) -> Catalog:
    problems = tuple(problem for part in parts for problem in part.problems)
    images = tuple(sorted(joined(parts), key=lambda image: image.image_id))
    return Catalog(place.name or str(place), place, PLAIN, _FORM_REASON, images, problems)
