"""Opens a folder as a catalogue: scan, recognise, look at every photo."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath

from shopsim.base.errors import ShopsimError
from shopsim.base.paths import as_on_disk, cache_dir, called, expanded, is_file, is_folder, links_followed
from shopsim.base.same_name import composed
from shopsim.base.text.text_reading import Reading, reading_text
from shopsim.base.work.progress import Progress, silent
from shopsim.catalog.catalog import Catalog, CatalogImage, Problem
from shopsim.catalog.forms.form_rows import Row
from shopsim.catalog.labels.label_files import LABEL_NAMES
from shopsim.catalog.labels.own_labels import recognise_labelled
from shopsim.catalog.own_vectors import VECTORS_FORM, open_vectors
from shopsim.catalog.photos.soundness import damaged_but_read, judge
from shopsim.catalog.remote_photos import remote_files
from shopsim.catalog.scan import FoundFile, file_at, folder_state, list_files
from shopsim.catalog.tables import MODELS_NAME, TABLE_NAME, read_model_names
from shopsim.catalog.vector_files import PATHS_NAME, find_vectors, side_files

# Files that belong to a catalogue without being photos; they may be called so in any case.
_SIDE_NAMES = (TABLE_NAME, MODELS_NAME, *LABEL_NAMES)
_SYSTEM_NAMES = {".ds_store", "thumbs.db", "desktop.ini"}


def load_catalog(
    folder: str | Path,
    *,
    form: str | None = None,
    labels: Path | None = None,
    encoding: str | None = None,
    cache: Path | None = None,
    progress: Progress = silent,
    urls: bool = False,
) -> Catalog:
    """Opens a folder as a catalogue: its photos in the order of image_id, with true models where its form shows them.

    form: one of FORMS, or vectors; None recognises it. labels: a file of true labels, one per
    line in the order of the sorted paths of all photos, or a CSV by path; it replaces what the form says. Without
    it one of LABEL_NAMES beside the photos does so, if it fits them and no table tells the models.
    A folder without photos is an empty catalogue, not an error.
    urls: whether the photos at URLs in its catalog.csv are read too; a stranger's table could make this machine fetch
    anything.
    encoding: one of ENCODINGS, for tables and labels without a byte order mark; None detects it, and the reason tells.

    Raises ShopsimError if the folder cannot be read or the labels do not fit, and SeveralReadingsError if the folder
    can be read in several ways and neither form nor labels say which is meant.
    """
    with reading_text(encoding) as reading:
        labels = None if labels is None else as_on_disk(labels)
        catalog = _load(_person_path(folder), form, labels, cache or cache_dir(), reading, progress, urls)
    return replace(catalog, reason="; ".join([catalog.reason, *reading.told]))


def _load(
    folder: Path,
    form: str | None,
    labels: Path | None,
    cache: Path,
    reading: Reading,
    progress: Progress,
    urls: bool = False,
) -> Catalog:
    vectors = find_vectors(folder) if form in (None, VECTORS_FORM) else None
    if vectors is not None:
        return open_vectors(vectors, labels, cache=cache, progress=progress)
    if form == VECTORS_FORM:
        raise ShopsimError(f"'{folder}' has no .npy of vectors with an {PATHS_NAME} beside it.")
    if not is_folder(folder):
        raise ShopsimError(
            f"'{folder}' is not a folder; give a folder of photos or a .npy with {PATHS_NAME} beside it."
        )
    folder = links_followed(folder)
    files = list_files(folder)
    usable, problems = _sort_out(files, _attached_place(labels))
    table = next((file.path for file in usable if file.name == TABLE_NAME), None)
    remote = remote_files(table) if urls and table is not None else []
    usable = usable + remote
    photos = sorted([file for file in files + remote if file.is_photo], key=lambda file: file.name)
    reading.known = [photo.name for photo in photos]
    recognition = recognise_labelled(folder, usable, photos, form, labels)
    images, unsound = _look(folder, recognition.rows, cache, progress)
    names, name_problems = read_model_names(next((file.path for file in usable if file.name == MODELS_NAME), None))
    return Catalog(
        name=folder.name or str(folder),
        folder=folder,
        form=recognition.form,
        reason=recognition.reason,
        images=tuple(images),
        problems=tuple(
            sorted([*problems, *recognition.problems, *unsound, *name_problems], key=lambda problem: problem.name)
        ),
        model_names=_names_of(images, names),
        extra_columns=recognition.extra_columns,
    )


def place_state(place: Path, labels: Path | None = None) -> str:
    """Returns a text that changes when a file of the catalogue at `place` (a folder or `.npy`), or its labels, changes.

    Never raises: a folder that cannot be read gives a text too.
    """
    place = as_on_disk(place)
    others = [] if labels is None else [file_at(as_on_disk(labels), "labels")]
    try:
        if not is_folder(place):
            beside = [file_at(path, path.name) for path in side_files(place.parent)]
            return folder_state([file_at(place, "vectors"), *beside, *others])
        return folder_state([*list_files(place), *others])
    except ShopsimError as error:
        return str(error)


def _person_path(folder: str | Path) -> Path:
    if not str(folder).strip():
        raise ShopsimError("No folder was given; give a folder of photos.")
    return as_on_disk(expanded(folder))


def _look(
    folder: Path, rows: Iterable[Row], cache: Path, progress: Progress
) -> tuple[list[CatalogImage], list[Problem]]:
    """Returns the photos that can be read, in the order of their names, and the faults of photos."""
    rows = sorted(rows, key=lambda row: row.file.name)
    verdicts = judge(folder, [row.file for row in rows], cache, progress)
    images, problems = [], []
    for row in rows:
        name, verdict = row.file.name, verdicts[row.file.name]
        if verdict.problem:
            problems.append(Problem(name, verdict.problem))
        else:
            if verdict.note:
                problems.append(damaged_but_read(name, verdict))
            facts = (row.model, row.product, row.category, row.split, row.cells)
            images.append(CatalogImage(name, row.file.path, verdict.digest, *facts))
    return images, problems


def _attached_place(labels: Path | None) -> Path | None:
    """Returns the path of the label file as `list_files` spells it."""
    return None if labels is None or not is_file(labels) else links_followed(labels.parent) / labels.name


def _sort_out(files: list[FoundFile], attached: Path | None) -> tuple[list[FoundFile], list[Problem]]:
    """Returns photos and tables, these by their usual names, and for every other file the reason against it."""
    side_name = {name: usual for usual, name in called((file.name for file in files), _SIDE_NAMES).items()}
    usable: list[FoundFile] = []
    problems: list[Problem] = []
    for file in files:
        reason, name = _reason_against(file, file.name in side_name), composed(file.spelling)
        if not reason:
            usable.append(replace(file, name=side_name.get(file.name, file.name)))
            if file.name != name:
                note = f"taken by this name, since '{name}' is there in two Unicode forms"
                problems.append(Problem(file.name, note, left_out=False))
        elif file.path != attached:
            problems.append(Problem(file.name.encode("utf-8", "replace").decode(), reason))
    return usable, problems


def _reason_against(file: FoundFile, is_side: bool) -> str:
    """Says why a file takes no part, '' if it does; photos that cannot be read are reported later."""
    own_name = PurePosixPath(file.name).name
    if not _is_unicode(file.name):
        return "its name is not valid Unicode; rename it"
    if file.is_photo:
        return ""
    if file.obstacle:
        return file.obstacle
    if is_side:
        return ""
    if own_name.lower() in _SYSTEM_NAMES:
        return "a file of the operating system"
    if file.is_hidden:
        return "a hidden file"
    if own_name.lower() in _SIDE_NAMES:
        return "read only where it lies beside the photos, at the top of the folder"
    return f"not a photo of a supported format ({file.suffix or 'no suffix'})"


def _is_unicode(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _names_of(images: list[CatalogImage], names: dict[str, str]) -> dict[str, str]:
    """Readable names by model; a model that is a nested folder may be listed by its last part."""
    models = {image.model for image in images if image.model is not None}
    found = {model: names.get(model) or names.get(PurePosixPath(model).name) for model in models}
    return {model: name for model, name in found.items() if name}
